"""One header of a request, without the objects that Litestar makes of all headers."""

from typing import Any

from litestar.connection import ASGIConnection


def header(connection: ASGIConnection[Any, Any, Any, Any], name: bytes) -> str:
    """The first header with this name, given in lower case; empty when there is none."""
    for each, value in connection.scope["headers"]:
        if each == name:
            return value.decode("latin-1")
    return ""
