"""`python -m uit logins`: the three logins of the database, each with the password of its address."""

from argparse import Namespace
from typing import Final

import asyncpg

from uit.core.settings import InvalidSetting, Settings
from uit.database.address import database_in, login_in
from uit.database.login import Logins, WrongLogin, make_logins
from uit.database.migrate import is_migrated
from uit.entrypoints.operating import opened_database, operator_of
from uit.identity.visitor import FLANDERS

NEEDED: Final = {
    "database_url": (
        "DATABASE_URL is not set: the address of who serves and works, such as "
        "postgresql://uit_app:PASSWORD@host/uit."
    ),
    "owner_database_url": (
        "OWNER_DATABASE_URL is not set: the address of who will own the tables, such as "
        "postgresql://uit_owner:PASSWORD@host/uit."
    ),
    "admin_database_url": (
        "ADMIN_DATABASE_URL is not set: the address of a superuser of the server, who makes the others, such "
        "as postgresql://postgres:PASSWORD@host/postgres."
    ),
}


async def run(settings: Settings, _given: Namespace) -> int:
    """Make the logins, or set them right, and print who they are. A repeat changes nothing but passwords."""
    if missing := [words for name, words in NEEDED.items() if not getattr(settings, name)]:
        raise InvalidSetting("\n".join(missing))
    logins = Logins(settings.owner_database_url, settings.database_url, settings.report_database_url)
    try:
        await make_logins(settings.admin_url, logins)
    except WrongLogin as wrong:
        raise InvalidSetting(str(wrong)) from None
    except (asyncpg.InsufficientPrivilegeError, asyncpg.ReadOnlySQLTransactionError) as refused:
        raise InvalidSetting(f"ADMIN_DATABASE_URL has to be a superuser of the server: {refused}.") from None
    if await is_migrated(settings.owner_url):
        await note(settings)
    print(f"{login_in(logins.owner)[0]} owns the database {database_in(logins.owner)}.")
    print(f"{login_in(logins.application)[0]} works in it.")
    print(f"{login_in(logins.report)[0]} reads it." if logins.report else "Nobody logs in for reports.")
    return 0


async def note(settings: Settings) -> None:
    """Leave a row in the audit trail, where there is one already."""
    async with opened_database(settings) as database, database.transaction() as tx:
        await operator_of(FLANDERS).note(tx, "logins.set", "database", database_in(settings.database_url))
