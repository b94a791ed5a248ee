"""The browser of somebody who signs in: what it is known by, and what a list of sessions says of it."""

import re
from ipaddress import ip_address, ip_network
from typing import Final

from msgspec import Struct

from uit.core.secret import Secrets, digest, equal_in_constant_time
from uit.core.signature import sign

MOST_LETTERS: Final = 60
# The first that fits: most browsers also name those that they descend from.
NAMES: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
SIGNED_FOR: Final = b"device\0"
SIGNATURE_BYTES: Final = 16
SEAL: Final = re.compile(r"([\w-]{43})\.([\w-]{1,64})", re.ASCII)
NETWORK_BITS: Final = {4: 24, 6: 48}


class Browser(Struct, frozen=True):
    """`secret` is what its cookie holds.

    `name` and `network` are rough: "Firefox, Windows" and "192.0.2.0/24".
    """

    secret: str
    name: str = ""
    network: str = ""

    @property
    def digest(self) -> bytes:
        return device_digest(self.secret)


def device_digest(secret: str) -> bytes:
    return digest("known_device", secret)


def seal_device(secrets: Secrets, secret: str) -> str:
    """The value of the cookie. It is signed, so that what was made up is told apart without a look."""
    return f"{secret}.{_signature(secrets, secret)}"


def open_device(secrets: Secrets, cookie: str) -> str | None:
    """The secret in a cookie; None when we did not give it out."""
    found = SEAL.fullmatch(cookie)
    if found is None or not equal_in_constant_time(found[2], _signature(secrets, found[1])):
        return None
    return found[1]


def _signature(secrets: Secrets, secret: str) -> str:
    return sign(secrets.session, SIGNED_FOR, secret.encode())[:SIGNATURE_BYTES].hex()


def browser_name(user_agent: str) -> str:
    """The kind of a browser and its system, as far as it says; empty when it says neither."""
    kinds = [next((name for mark, name in each if mark in user_agent), "") for each in (NAMES, SYSTEMS)]
    return ", ".join(filter(None, kinds))[:MOST_LETTERS]


def network_of(address: str) -> str:
    """The network of an address without its last part, which would say which household it is."""
    try:
        found = ip_address(address.partition("/")[0])
    except ValueError:
        return ""
    return str(ip_network((found, NETWORK_BITS[found.version]), strict=False))
