"""From which network address a request comes, also behind proxies that we know."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from litestar.connection import ASGIConnection

from uit.core.settings import Settings, trusted_networks

HOUSEHOLD_BITS = 64
Address = IPv4Address | IPv6Address


def client_address(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The address to count tries by: an IPv4 address, or the /64 of an IPv6 one, which is one household's.

    `X-Forwarded-For` is believed only as far as it was written by proxies of the setting `trusted_proxies`:
    from the right, the first address that is not one of them. Empty when the server does not say (a socket
    file).
    """
    settings: Settings = connection.app.state.services.settings
    sender = connection.client.host if connection.client else ""
    said = ",".join(connection.headers.getall("x-forwarded-for", []))
    return nearest_stranger(sender, said, trusted(settings.trusted_proxies))


def nearest_stranger(sender: str, forwarded: str, proxies: tuple[IPv4Network | IPv6Network, ...]) -> str:
    found = as_address(sender)
    for hop in reversed(forwarded.split(",")):
        if found is None or not any(found in network for network in proxies):
            break
        nearer = as_address(hop)
        if nearer is None:
            break
        found = nearer
    return counted_as(found) if found else sender


def as_address(text: str) -> Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def counted_as(address: Address) -> str:
    if isinstance(address, IPv6Address):
        return str(ip_network((address, HOUSEHOLD_BITS), strict=False))
    return str(address)


trusted = lru_cache(maxsize=8)(trusted_networks)
