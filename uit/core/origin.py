"""Web origins: the scheme, host and port of an address (RFC 6454)."""

import re
from typing import Final

# Only what cannot be read in two ways: no user name, backslash or space, nothing outside ASCII.
ADDRESS: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[::1\])(?::(?P<port>[0-9]{1,5}))?(?:[/?][!-\[\]-~]*)?"
)
HOST: Final = re.compile(r"(?!-)[a-z0-9-]+(?<!-)(?:\.(?!-)[a-z0-9-]+(?<!-))*|\[::1\]")
HIGHEST_PORT: Final = 65535
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
USUAL_PORT: Final = {"https": "443", "http": "80"}


def origin_of(address: str) -> str | None:
    """The origin of an address, without its usual port; None when it is not over TLS or not plainly written.

    On this machine itself it need not be over TLS, so that a shop can be tried out.
    """
    found = ADDRESS.fullmatch(address)
    if found is None or (found["scheme"] == "http" and found["host"] not in LOOPBACK):
        return None
    port = found["port"]
    suffix = f":{port}" if port and port != USUAL_PORT[found["scheme"]] else ""
    return f"{found['scheme']}://{found['host']}{suffix}"


def is_origin(text: str) -> bool:
    """Whether a text is an origin and nothing more, of a host and a port that there can be."""
    found = ADDRESS.fullmatch(text)
    if found is None or origin_of(text) != text:
        return False
    return (
        bool(HOST.fullmatch(found["host"])) and 0 < int(found["port"] or USUAL_PORT["https"]) <= HIGHEST_PORT
    )
