"""The port of the web server."""

import socket

from uit.core.settings import InvalidSetting, Settings


def refuse_taken_port(settings: Settings) -> None:
    """Raise InvalidSetting when the port is in use, before anything is started."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((settings.host, settings.port))
        except OSError:
            raise InvalidSetting(
                f"Port {settings.port} is in use. Choose another: make run PORT={settings.port + 1}"
            ) from None
