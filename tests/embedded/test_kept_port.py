"""The example's payment provider keeps its port, so that open payment links work after a restart."""

import socket
from pathlib import Path

import pytest

from tests.conftest import free_port
from uit.embedded.kept_port import keep_port, read_port


def test_a_port_that_was_kept_is_used_again(tmp_path: Path) -> None:
    port = free_port()

    keep_port(tmp_path / "port", f"http://127.0.0.1:{port}")

    assert read_port(tmp_path / "port") == port


def test_a_port_that_is_taken_is_left_to_who_has_it(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        keep_port(tmp_path / "port", f"http://127.0.0.1:{taken.getsockname()[1]}")

        assert read_port(tmp_path / "port") == 0


@pytest.mark.parametrize("text", ["", "poort", "99999"])
def test_a_file_that_says_no_port_leaves_the_choice_to_the_system(tmp_path: Path, text: str) -> None:
    (tmp_path / "port").write_text(text)

    assert read_port(tmp_path / "port") == 0
    assert read_port(tmp_path / "none") == 0
