"""Addresses of a PostgreSQL server, as asyncpg and libpq take them: `postgresql://login:password@host/database`."""

from urllib.parse import quote, unquote, urlsplit


def login_in(url: str) -> tuple[str, str]:
    """Login and password; empty where the address names none."""
    given, _, _ = urlsplit(url).netloc.rpartition("@")
    login, _, password = given.partition(":")
    return unquote(login), unquote(password)


def database_in(url: str) -> str:
    """The name of the database; without one it is called as the login."""
    return unquote(urlsplit(url).path.lstrip("/")) or login_in(url)[0]


def with_login(url: str, login: str, password: str = "") -> str:
    """The same database, as somebody else."""
    parts = urlsplit(url)
    _, _, hosts = parts.netloc.rpartition("@")
    given = f"{quote(login, safe='')}:{quote(password, safe='')}" if password else quote(login, safe="")
    return parts._replace(netloc=f"{given}@{hosts}").geturl()


def with_database(url: str, database: str) -> str:
    """The same server and login, another database."""
    return urlsplit(url)._replace(path=f"/{quote(database, safe='')}").geturl()


def without_password(url: str) -> str:
    """For a command line, which everybody on the machine can read."""
    return with_login(url, login_in(url)[0])
