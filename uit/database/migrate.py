"""Numbered SQL files, each applied once and in order, under one lock; drift is refused.

A file is one transaction. One that begins with `-- outside a transaction` is none, which CREATE INDEX
CONCURRENTLY asks for: each statement runs by itself, and the file is recorded once the last has succeeded.
Until then it is run again from the top, so it says IF NOT EXISTS.
"""

import asyncio
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from uit.database.connecting import connected

MIGRATIONS = Path(__file__).parents[1] / "migrations"
MIGRATION_LOCK = 0x756974
OUTSIDE = "-- outside a transaction"

TABLE = """
CREATE SCHEMA IF NOT EXISTS public;
CREATE TABLE IF NOT EXISTS public.uit_migration (
    number integer PRIMARY KEY,
    name text NOT NULL,
    digest text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""

APPLIED = "SELECT number, name, digest FROM public.uit_migration ORDER BY number"

# What reports may read is said anew after each migration, as its tables have it; before 0030 nobody did.
CAN_GRANT = "SELECT to_regprocedure('uit.grant_reports()') IS NOT NULL"
GRANT = "SELECT uit.grant_reports()"

# A migration that waits for a lock holds up everybody behind it, so it gives up first and is tried again
# later.
PATIENCE = "SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = '5min'"
# Nobody waits for an index that is built concurrently, and a big one takes its time.
PATIENCE_OUTSIDE = "SET lock_timeout = '5s'; SET statement_timeout = 0"

# Up to a semicolon that stands in no comment, string, quoted name or body of a function.
STATEMENT = re.compile(
    r"""(?: --[^\n]* | /\*.*?\*/ | '(?:[^']|'')*' | "[^"]*" | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$ | [^;] )+""",
    re.DOTALL | re.VERBOSE,
)

# What an attempt that was cut off left of an index. IF NOT EXISTS would take it for the index.
REMAINS = """
SELECT format('DROP INDEX CONCURRENTLY %s', c.oid::regclass)
FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE NOT i.indisvalid AND c.relkind = 'i' AND c.relname = ANY ($1)
"""


@dataclass(frozen=True)
class Migration:
    number: int
    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.number:04} {self.name}"

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def is_outside(self) -> bool:
        return self.text.startswith(OUTSIDE)

    @property
    def statements(self) -> list[str]:
        return [text for found in STATEMENT.finditer(self.text) if (text := found[0].strip())]


class MigrationProblem(Exception):
    """A database cannot be brought up to date. Its text is one line, for whoever tried."""


class Drift(MigrationProblem):
    """An applied migration is not the file that stands here: somebody changed history."""


class Superseded(MigrationProblem):
    """The database was made by files that were all written anew since, and these cannot go on from there."""


class Blocked(MigrationProblem):
    """A migration gave up waiting for a lock. Nothing is wrong with it."""


class NotOwner(MigrationProblem):
    """Migrations wait, and who connected may not apply them."""


def read_migrations(folder: Path = MIGRATIONS) -> list[Migration]:
    paths = sorted(folder.glob("[0-9]*.sql"))
    return [Migration(int(path.stem[:4]), path.stem[5:], path.read_text()) for path in paths]


async def migrate(dsn: str, migrations: list[Migration] | None = None) -> list[Migration]:
    """Bring a database up to date and return what was applied.

    Only the owner can. Others may ask too, and are refused only when something waits (`NotOwner`).
    """
    every = read_migrations() if migrations is None else migrations
    async with connected(dsn) as connection:
        try:
            if await is_up_to_date(connection, every):
                return []
            return await apply_waiting(connection, every)
        except asyncpg.InsufficientPrivilegeError as refused:
            raise NotOwner(
                f"This database has to be migrated, and {refused}. Set OWNER_DATABASE_URL to the login that "
                "owns the tables and run `python -m uit migrate`; `python -m uit logins` makes logins and "
                "roles."
            ) from None


async def is_migrated(dsn: str) -> bool:
    """Whether the database at this address has all that this version brings."""
    async with connected(dsn) as connection:
        return await is_up_to_date(connection, read_migrations())


async def is_up_to_date(connection: "asyncpg.Connection[Any]", every: list[Migration]) -> bool:
    """Whether each was applied, for which no right is needed but to read."""
    return waiting_of(every, await read_applied(connection)) == []


async def read_applied(connection: "asyncpg.Connection[Any]") -> list[asyncpg.Record]:
    """Number, name and digest of what was applied, the first one first."""
    try:
        return await connection.fetch(APPLIED)
    except asyncpg.UndefinedTableError:
        return []


async def apply_waiting(connection: "asyncpg.Connection[Any]", every: list[Migration]) -> list[Migration]:
    await wait_for_turn(connection)
    await connection.execute(TABLE)
    waiting = waiting_of(every, await read_applied(connection))
    for migration in waiting:
        await apply(connection, migration)
    return waiting


def waiting_of(every: list[Migration], applied: list[asyncpg.Record]) -> list[Migration]:
    refuse_drift(every, applied)
    done = {row["number"] for row in applied}
    return [each for each in every if each.number not in done]


async def wait_for_turn(connection: "asyncpg.Connection[Any]") -> None:
    """Take the lock without waiting in a statement: CREATE INDEX CONCURRENTLY waits for every statement."""
    while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", MIGRATION_LOCK):  # noqa: ASYNC110 - see above
        await asyncio.sleep(0.05)


def refuse_drift(migrations: list[Migration], applied: list[asyncpg.Record]) -> None:
    """A number keeps its name unless all files were written anew, which tells that from a changed file.

    What comes after our last is of a later version: it adds, so that this one goes on beside it (0037).
    """
    known = {each.number: each for each in migrations}
    for number, name, digest in applied:
        if number > max(known, default=0):
            continue
        if number not in known:
            raise Drift(
                f"Migration {number:04} was applied to this database and is not in this version of uit."
            )
        if known[number].name != name:
            raise Superseded(
                f"This database was made before migration {number:04} {name} became {known[number]}."
            )
        if known[number].digest != digest:
            raise Drift(f"Migration {number:04} was changed after it was applied. Add a new one instead.")


async def apply(connection: "asyncpg.Connection[Any]", migration: Migration) -> None:
    try:
        if migration.is_outside:
            await apply_outside(connection, migration)
        else:
            async with connection.transaction():
                await connection.execute(PATIENCE)
                await connection.execute(migration.text)
                await record(connection, migration)
    except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
        raise Blocked(
            f"Migration {migration} could not get its lock: others are using what it changes. Try again."
        ) from None


async def apply_outside(connection: "asyncpg.Connection[Any]", migration: Migration) -> None:
    await connection.execute(PATIENCE_OUTSIDE)
    for (drop,) in await connection.fetch(REMAINS, re.findall(r"\w+", migration.text)):
        await connection.execute(drop)
    for statement in migration.statements:
        await connection.execute(statement)
    await record(connection, migration)


async def record(connection: "asyncpg.Connection[Any]", migration: Migration) -> None:
    await connection.execute(
        "INSERT INTO public.uit_migration (number, name, digest) VALUES ($1, $2, $3)",
        migration.number,
        migration.name,
        migration.digest,
    )
    if await connection.fetchval(CAN_GRANT):
        await connection.execute(GRANT)
