"""One header, straight from a request: the framework makes all of them into objects first."""

from typing import Any

from litestar.connection import ASGIConnection


def header(connection: ASGIConnection[Any, Any, Any, Any], name: bytes) -> str:
    """The first header of a name, which is given in lower case; empty when there is none."""
    for each, value in connection.scope["headers"]:
        if each == name:
            return value.decode("latin-1")
    return ""
