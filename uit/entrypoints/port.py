"""The port of the web server."""

import errno
import os
import socket

from uit.core.settings import InvalidSetting, Settings


def refuse_taken_port(settings: Settings) -> None:
    """Raise InvalidSetting when nobody can listen where it is said, before anything is started."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((settings.host, settings.port))
    except OSError as refused:
        raise InvalidSetting(words_of(refused, "PORT", settings.host, settings.port)) from None


def words_of(refused: OSError, setting: str, host: str, port: int) -> str:
    """Why nobody can listen on this port, the number in `setting`, and what to do next."""
    match refused.errno:
        case errno.EADDRINUSE:
            return f"Port {port} is in use. Set another, such as {setting}={port + 1}."
        case errno.EACCES:
            return f"Port {port} is kept for root. Set one above 1023, such as {setting}=8000."
        case number:
            why = os.strerror(number) if number and number > 0 else refused.strerror
            return f"HOST is wrong: nobody can listen on {host} here: {why}. It looks like 127.0.0.1."
