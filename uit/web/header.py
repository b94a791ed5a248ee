"""One header of a request, without the objects that Litestar makes of all headers."""

from uit.web.connection import Connection


def header(connection: Connection, name: bytes) -> str:
    """The first header with this name, given in lower case; empty when there is none."""
    for each, value in connection.scope["headers"]:
        if each == name:
            return value.decode("latin-1")
    return ""
