"""Migrations: numbered SQL files, each applied once, in its own transaction, under one advisory lock.

A database whose applied migrations differ from the files is refused with Drift.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

MIGRATIONS = Path(__file__).parents[1] / "migrations"
MIGRATION_LOCK = 0x756974

TABLE = """
CREATE SCHEMA IF NOT EXISTS public;
CREATE TABLE IF NOT EXISTS public.uit_migration (
    number integer PRIMARY KEY,
    name text NOT NULL,
    digest text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""

# Other sessions queue behind a migration that waits for a lock, so it gives up and can be run again.
TIMEOUTS = "SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = '5min'"


@dataclass(frozen=True)
class Migration:
    number: int
    name: str
    text: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


class Drift(Exception):
    """A migration was changed, or removed from the folder, after it was applied."""


def read_migrations(folder: Path = MIGRATIONS) -> list[Migration]:
    paths = sorted(folder.glob("[0-9]*.sql"))
    return [Migration(int(path.stem[:4]), path.stem[5:], path.read_text()) for path in paths]


async def migrate(dsn: str, migrations: list[Migration] | None = None) -> list[Migration]:
    """Bring a database up to date and return what was applied. The owner of the schemas must connect."""
    connection: asyncpg.Connection[Any] = await asyncpg.connect(dsn)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
        await connection.execute(TABLE)
        applied = {
            row["number"]: row["digest"]
            for row in await connection.fetch("SELECT * FROM public.uit_migration")
        }
        every = read_migrations() if migrations is None else migrations
        refuse_drift(every, applied)
        pending = [each for each in every if each.number not in applied]
        for migration in pending:
            await apply(connection, migration)
        return pending
    finally:
        await connection.close()


def refuse_drift(migrations: list[Migration], applied: dict[int, str]) -> None:
    known = {each.number: each for each in migrations}
    for number, digest in applied.items():
        if number not in known:
            raise Drift(
                f"Migration {number:04} was applied to this database and is not in this version of uit."
            )
        if known[number].digest != digest:
            raise Drift(f"Migration {number:04} was changed after it was applied. Add a new one instead.")


async def apply(connection: "asyncpg.Connection[Any]", migration: Migration) -> None:
    async with connection.transaction():
        await connection.execute(TIMEOUTS)
        await connection.execute(migration.text)
        await connection.execute(
            "INSERT INTO public.uit_migration (number, name, digest) VALUES ($1, $2, $3)",
            migration.number,
            migration.name,
            migration.digest,
        )
