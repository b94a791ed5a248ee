"""Copies of the migrated database: for a test alone, and one that is put back for the next."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self
from uuid import uuid4

import asyncpg
from asyncpg import Connection
from asyncpg.prepared_stmt import PreparedStatement

from tests.kept_pools import KEPT, SHARED
from uit.core.settings import Settings
from uit.database.address import with_login
from uit.database.login import OWNER, REPORT_ROLE, Logins, make_logins
from uit.database.migrate import migrate
from uit.database.pool import APPLICATION_ROLE

TEMPLATE, EMPTY = "uit_template", "template1"
LIMITS = (
    f"ALTER DATABASE {{0}} OWNER TO {OWNER}",
    "REVOKE ALL ON DATABASE {0} FROM PUBLIC",
    f"GRANT CONNECT ON DATABASE {{0}} TO {APPLICATION_ROLE}, {REPORT_ROLE}",
)
"""As `uit.database.login` has it."""
SECONDS_TO_PUT_BACK = 20

TABLES = """
SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
"""

END_CONNECTIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
    AND pid <> ALL($1::integer[])
"""

# In the template nothing was taken from a sequence.
REWIND = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences
WHERE last_value IS NOT NULL
"""

# Rows are put back, tables are not.
KEEP_SCHEMA = """
CREATE FUNCTION public.keep_schema() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    IF tg_tag LIKE 'DROP%' OR EXISTS (SELECT FROM pg_event_trigger_ddl_commands()) THEN
        RAISE EXCEPTION '%: mark the test with own_database, other tests have this schema too', tg_tag;
    END IF;
END $$;
CREATE EVENT TRIGGER keep_schema ON ddl_command_end EXECUTE FUNCTION public.keep_schema();
"""


def settings_of(dsn: str, **more: Any) -> Settings:
    """Those of an installation on this database: the logins of the application and of the owner."""
    logins = {
        "database_url": with_login(dsn, APPLICATION_ROLE),
        "owner_database_url": with_login(dsn, OWNER),
    }
    return Settings(**logins | more)


def named(dsn: str, database: str) -> str:
    """The same server, another database."""
    return dsn.replace("/uit?", f"/{database}?")


async def administer(server: str, *statements: str) -> None:
    admin = await asyncpg.connect(server)
    try:
        for statement in statements:
            await admin.execute(statement)
    finally:
        await admin.close()


async def make_template(server: str) -> None:
    """A migrated database of the owner, with the logins that every copy has."""
    await install(named(server, TEMPLATE))


async def install(dsn: str) -> None:
    """What an operator does first, as a superuser: logins, the database when it is missing, migrations."""
    logins = Logins(*(with_login(dsn, each) for each in (OWNER, APPLICATION_ROLE, REPORT_ROLE)))
    await make_logins(dsn, logins)
    await migrate(logins.owner)


async def copy(server: str, name: str, template: str = TEMPLATE) -> str:
    """A new database like the template. The server copies what is in it, and not whose it is."""
    create = f"CREATE DATABASE {name} TEMPLATE {template}"
    limits = () if template == EMPTY else (limit.format(name) for limit in LIMITS)
    await administer(server, create, *limits)
    return named(server, name)


@asynccontextmanager
async def copied(server: str, template: str = TEMPLATE) -> AsyncIterator[str]:
    """A new database like the template, dropped at the end."""
    name = f"test_{uuid4().hex}"
    dsn = await copy(server, name, template)
    try:
        yield dsn
    finally:
        await administer(server, f"DROP DATABASE {name} WITH (FORCE)")


class Shared:
    """A copy whose rows are put back after each test, which takes a tenth of the time of another copy.

    `is_clean`: as the template. It stays false when putting back fails: nobody should use this copy again.
    """

    def __init__(self, dsn: str, owner: "Connection[Any]") -> None:
        self.is_clean = True
        self._dsn, self._owner = dsn, owner
        self._read: PreparedStatement | None = None
        self._kept: dict[str, str | None] = {}

    @classmethod
    async def make(cls, server: str) -> Self:
        dsn = await copy(server, f"{SHARED}{uuid4().hex}")
        # As a replica, so that no trigger and no foreign key is in the way.
        owner = await asyncpg.connect(dsn, server_settings={"session_replication_role": "replica"})
        made = cls(dsn, owner)
        await made._remember()
        return made

    async def close(self) -> None:
        await self._owner.close()

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[str]:
        self.is_clean = False
        yield self._dsn
        async with asyncio.timeout(SECONDS_TO_PUT_BACK):
            await self._put_back()
        self.is_clean = True
        await KEPT.hand_over()

    async def _remember(self) -> None:
        rows = "SELECT '{0}', (SELECT json_agg(t ORDER BY t::text)::text FROM {0} AS t)"
        tables = [name for (name,) in await self._owner.fetch(TABLES)]
        self._read = await self._owner.prepare(" UNION ALL ".join(map(rows.format, tables)))
        self._kept = await self._rows()
        await self._owner.execute(KEEP_SCHEMA)

    async def _rows(self) -> dict[str, str | None]:
        """Of each table its rows as JSON, or None."""
        assert self._read is not None
        rows: list[Any] = await self._read.fetch()
        return dict(rows)

    async def _put_back(self) -> None:
        """Undo what a test did: rows and sequences are those of the template, connections are ended.

        Those of pools that are kept stay: they are free, and were reset.
        """
        while await self._owner.fetch(END_CONNECTIONS, KEPT.pids):  # noqa: ASYNC110 - the server has no event for it
            await asyncio.sleep(0.001)
        await self._owner.execute(REWIND)
        for table, rows in (await self._rows()).items():
            if rows != self._kept[table]:
                await self._refill(table)

    async def _refill(self, table: str) -> None:
        await self._owner.execute(f"DELETE FROM {table}")
        if rows := self._kept[table]:
            every = f"SELECT * FROM json_populate_recordset(NULL::{table}, $1)"
            await self._owner.execute(f"INSERT INTO {table} {every}", rows)
