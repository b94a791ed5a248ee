"""Why nobody can listen somewhere is said in one line, with the setting to change."""

import errno
import socket

import pytest

from uit.core.settings import InvalidSetting, Settings
from uit.entrypoints.port import refuse_taken_port, words_of


def test_a_port_in_use_is_told_from_a_host_that_is_not_of_this_machine() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InvalidSetting, match=rf"^Port {port} is in use\. .*, such as PORT={port + 1}\.$"):
            refuse_taken_port(Settings(port=port))

    for host in ("192.0.2.1", "nobody.invalid"):
        with pytest.raises(InvalidSetting, match=rf"^HOST is wrong: nobody can listen on {host} here: "):
            refuse_taken_port(Settings(host=host, port=port))


def test_a_port_of_root_is_said_to_be_one() -> None:
    said = words_of(PermissionError(errno.EACCES, "Permission denied"), "PORT", "127.0.0.1", 80)

    assert said == "Port 80 is kept for root. Set one above 1023, such as PORT=8000."
