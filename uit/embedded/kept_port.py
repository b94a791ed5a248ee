"""A port that is the same at every start, so that addresses that were handed out keep working."""

import socket
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"


def read_port(file: Path) -> int:
    """The port of an earlier start; 0, which lets the system choose, without one or while it is taken."""
    with suppress(OSError, ValueError, OverflowError), socket.socket() as trying:
        port = int(file.read_text())
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trying.bind((LOOPBACK, port))
        return port
    return 0


def keep_port(file: Path, url: str) -> None:
    """Keep the port of an address for the next start."""
    file.write_text(str(urlsplit(url).port))
