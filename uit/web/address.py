"""The network address of the client of a request, also behind trusted proxies."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from uit.core.settings import networks_in
from uit.web.connection import Connection, services_of

IPV6_PREFIX_BITS = 64
PROXY_HEADERS = frozenset({"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded", "via"})
Address = IPv4Address | IPv6Address


def client_address(connection: Connection) -> str:
    """The address for rate limits: an IPv4 address, or the /64 network of an IPv6 address (one household).

    In `X-Forwarded-For`, read from the right, it is the first address that is not a proxy of the setting
    `trusted_proxies`. Empty when the server gives no address, as on a Unix socket.
    """
    sender, found = found_address(connection)
    return rate_limit_key(found) if found else sender


def found_address(connection: Connection) -> tuple[str, Address | None]:
    """What the server says of the client, and the address that is found from it."""
    settings = services_of(connection).settings
    sender = connection.client.host if connection.client else ""
    forwarded = ",".join(connection.headers.getall("x-forwarded-for", []))
    return sender, first_untrusted_address(sender, forwarded, cached_networks(settings.trusted_proxies))


def first_untrusted_address(
    sender: str, forwarded: str, proxies: tuple[IPv4Network | IPv6Network, ...]
) -> Address | None:
    found = as_address(sender)
    for hop in reversed(forwarded.split(",")):
        if found is None or not any(found in network for network in proxies):
            break
        nearer = as_address(hop)
        if nearer is None:
            break
        found = nearer
    return found


def is_from_inside(connection: Connection) -> bool:
    """Whether a machine of our own network asks by itself, and not a proxy for somebody else."""
    address = as_address(connection.client.host) if connection.client else None
    passed_on = connection.headers.keys() & PROXY_HEADERS
    return not passed_on and (address is None or address.is_private)


def as_address(text: str) -> Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def rate_limit_key(address: Address) -> str:
    if isinstance(address, IPv6Address):
        return str(ip_network((address, IPV6_PREFIX_BITS), strict=False))
    return str(address)


cached_networks = lru_cache(maxsize=8)(networks_in)
