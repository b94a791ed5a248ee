"""The three logins of an installation: the owner, the application and who reads for reports.

None is a superuser, and the last two cannot become anybody else. An administrator of the server makes them,
before the first migration or on a database that one login had alone until now. See decision 0028.
"""

import secrets
from base64 import b64encode
from hashlib import pbkdf2_hmac, sha256
from hmac import digest
from typing import Final

from msgspec import Struct

from uit.database.address import database_in, login_in, with_database
from uit.database.connecting import connected
from uit.database.pool import APPLICATION_ROLE
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

OWNER: Final = "uit_owner"
REPORT_ROLE: Final = "uit_report"
ADMIN_DATABASE: Final = "postgres"
"""Every server has it, so that one can connect before ours is made."""
ITERATIONS: Final = 4096
SALT_BYTES: Final = 16


class WrongLogin(Exception):
    """The addresses do not name three logins of one database. The message is one line."""


class Logins(Struct, frozen=True):
    """Their addresses, with login and password. Without `report` nobody logs in for reports."""

    owner: str
    application: str
    report: str = ""


class Change(Struct, frozen=True):
    """A statement that makes a role, gives something to the owner, or takes a membership away."""

    statement: str


has_database = SQL.value("has_database", bool)
create_database = SQL.value("create_database", str)
set_login = SQL.value("set_login", str)
give_to_owner = SQL.many("give_to_owner", Change)
memberships_too_many = SQL.many("memberships_too_many", Change)
set_up_roles = SQL.many("set_up_roles", Change)
limit_database = SQL.value("limit_database", str)


async def make_logins(admin: str, logins: Logins) -> None:
    """Make what is missing of roles, logins and database, and give the owner what another owns of it.

    `admin` is a superuser of the server. A repeat changes nothing but the passwords, to those that are given.
    `WrongLogin`: an address names another login than this one needs, or a password that is not plain ASCII.
    """
    refuse_wrong(admin, logins)
    owner = login_in(logins.owner)[0]
    database = database_in(logins.owner)
    async with connected(with_database(admin, ADMIN_DATABASE)) as server:
        async with server.transaction():
            for address in filter(None, (logins.owner, logins.application, logins.report)):
                await server.execute(await set_login(server, *verified(address)))
            await run(server, await set_up_roles(server, owner))
            await run(server, await memberships_too_many(server, [APPLICATION_ROLE, REPORT_ROLE]))
        if not await has_database(server, database):
            await server.execute(await create_database(server, database, owner))
    await hand_over(with_database(admin, database), owner)


async def hand_over(dsn: str, owner: str) -> None:
    """Give a database and all that is ours in it to its owner, and let nobody connect but the three."""
    async with connected(dsn) as connection, connection.transaction():
        await connection.execute("SET LOCAL lock_timeout = '5s'")
        await run(connection, await give_to_owner(connection, owner))
        await connection.execute(await limit_database(connection, owner))


def refuse_wrong(admin: str, logins: Logins) -> None:
    """`WrongLogin` says which address names whom, and whom it should."""
    named = {login_in(each)[0] for each in (admin, logins.owner, logins.application)}
    if len(named) < len((admin, logins.owner, logins.application)):
        raise WrongLogin(
            "ADMIN_DATABASE_URL, OWNER_DATABASE_URL and DATABASE_URL each need a login of their own."
        )
    expected = {"DATABASE_URL": (logins.application, APPLICATION_ROLE)}
    if logins.report:
        expected["REPORT_DATABASE_URL"] = (logins.report, REPORT_ROLE)
    for setting, (address, login) in expected.items():
        if login_in(address)[0] != login:
            raise WrongLogin(f"{setting} has to log in as {login}, to which its rights are given.")
    if (
        len({database_in(each) for each in filter(None, (logins.owner, logins.application, logins.report))})
        > 1
    ):
        raise WrongLogin("The addresses have to name one database.")


def verified(address: str) -> tuple[str, str | None]:
    """A login, and what the server checks its password against; None where it needs none."""
    login, password = login_in(address)
    if not password.isascii():
        raise WrongLogin(f"The password of {login} may only have letters, digits and signs of ASCII.")
    return login, scram_verifier(password, secrets.token_bytes(SALT_BYTES)) if password else None


def scram_verifier(password: str, salt: bytes) -> str:
    """What PostgreSQL keeps of a password (RFC 5803), so that itself is in no statement and no log."""
    salted = pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    stored = sha256(digest(salted, b"Client Key", "sha256")).digest()
    server = digest(salted, b"Server Key", "sha256")
    return f"SCRAM-SHA-256${ITERATIONS}:{text(salt)}${text(stored)}:{text(server)}"


def text(value: bytes) -> str:
    return b64encode(value).decode()


async def run(connection: Executor, changes: list[Change]) -> None:
    for each in changes:
        await connection.execute(each.statement)
