"""Addresses of a PostgreSQL server, as asyncpg and libpq take them: `postgresql://login:password@host/database`."""

from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit


def login_in(url: str) -> tuple[str, str]:
    """Login and password; empty where the address names none."""
    parts = urlsplit(url)
    given, _, _ = parts.netloc.rpartition("@")
    login, _, password = given.partition(":")
    named = dict(parse_qsl(parts.query))
    return unquote(login) or named.get("user", ""), unquote(password) or named.get("password", "")


def database_in(url: str) -> str:
    """The name of the database; without one it is called as the login."""
    return unquote(urlsplit(url).path.lstrip("/")) or login_in(url)[0]


def with_login(url: str, login: str, password: str = "") -> str:
    """The same database, as somebody else."""
    parts = urlsplit(url)
    _, _, hosts = parts.netloc.rpartition("@")
    given = f"{quote(login, safe='')}:{quote(password, safe='')}" if password else quote(login, safe="")
    others = [each for each in parse_qsl(parts.query) if each[0] not in {"user", "password"}]
    return parts._replace(netloc=f"{given}@{hosts}", query=urlencode(others, quote_via=quote)).geturl()


def with_database(url: str, database: str) -> str:
    """The same server and login, another database."""
    return urlsplit(url)._replace(path=f"/{quote(database, safe='')}").geturl()


def without_password(url: str) -> str:
    """For a command line, which everybody on the machine can read."""
    return with_login(url, login_in(url)[0])


def each_host(url: str) -> list[str]:
    """One address for each host that this one names, in their order.

    They stand where a host does, `@one,two:5433/uit`, or as an option, `@/uit?host=/one,/two`.
    """
    parts = urlsplit(url)
    given, at, netloc = parts.netloc.rpartition("@")
    named = dict(parse_qsl(parts.query))
    if netloc:
        return [parts._replace(netloc=f"{given}{at}{each}").geturl() for each in netloc.split(",")]
    hosts, ports = named.get("host", "").split(","), named.get("port", "").split(",")
    if len(hosts) == 1:
        return [url]
    places = zip(hosts, ports if len(ports) == len(hosts) else ports * len(hosts), strict=False)
    return [with_options(url, named | {"host": host, "port": port}) for host, port in places]


def with_options(url: str, named: dict[str, str]) -> str:
    """The same address with these options; those that are empty are left out."""
    given = {name: value for name, value in named.items() if value}
    return urlsplit(url)._replace(query=urlencode(given, quote_via=quote)).geturl()
