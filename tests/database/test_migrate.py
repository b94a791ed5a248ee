"""Migrations: each once, whole or not at all, and never a changed one."""

from asyncio import gather
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from uit.database.migrate import Blocked, Drift, Migration, migrate, read_migrations

FIRST = Migration(1, "one", "CREATE TABLE public.one (id integer PRIMARY KEY)")
SECOND = Migration(2, "two", "CREATE TABLE public.two (id integer PRIMARY KEY)")


async def value(dsn: str, statement: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def applied(dsn: str) -> list[int]:
    connection = await asyncpg.connect(dsn)
    try:
        return [
            row[0] for row in await connection.fetch("SELECT number FROM public.uit_migration ORDER BY 1")
        ]
    finally:
        await connection.close()


async def test_migrating_twice_does_nothing_the_second_time(empty: str) -> None:
    assert await migrate(empty, [FIRST, SECOND]) == [FIRST, SECOND]
    assert await migrate(empty, [FIRST, SECOND]) == []
    assert await applied(empty) == [1, 2]


async def test_a_later_file_is_added_to_what_was_applied(empty: str) -> None:
    await migrate(empty, [FIRST])

    assert await migrate(empty, [FIRST, SECOND]) == [SECOND]


async def test_a_file_that_changed_after_it_was_applied_is_refused(empty: str) -> None:
    await migrate(empty, [FIRST])

    with pytest.raises(Drift, match="0001 was changed"):
        await migrate(empty, [Migration(1, "one", FIRST.text + " "), SECOND])
    assert await applied(empty) == [1]


async def test_a_database_of_a_newer_version_is_refused(empty: str) -> None:
    await migrate(empty, [FIRST, SECOND])

    with pytest.raises(Drift, match="0002 was applied"):
        await migrate(empty, [FIRST])


async def test_two_that_migrate_at_once_apply_each_file_once(empty: str) -> None:
    done = await gather(*(migrate(empty, [FIRST, SECOND]) for _ in range(4)))

    assert sorted(len(each) for each in done) == [0, 0, 0, 2]
    assert await applied(empty) == [1, 2]


async def test_a_file_that_fails_leaves_nothing_and_the_files_before_it(empty: str) -> None:
    half = Migration(2, "half", "CREATE TABLE public.half (id integer); SELECT 1 / 0")

    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(empty, [FIRST, half])

    assert await applied(empty) == [1]
    assert await value(empty, "SELECT to_regclass('public.half')") is None
    assert await migrate(empty, [FIRST, SECOND]) == [SECOND]


async def test_a_file_that_waits_for_a_lock_gives_up_instead_of_holding_up_the_house(empty: str) -> None:
    shows = "CREATE TABLE public.shown AS SELECT current_setting('lock_timeout') AS lock, "
    patience = Migration(1, "patience", shows + "current_setting('statement_timeout') AS statement")

    await migrate(empty, [patience])

    assert await value(empty, "SELECT lock || ' ' || statement FROM public.shown") == "5s 5min"


@asynccontextmanager
async def locked(dsn: str) -> AsyncIterator[None]:
    """Somebody else works with the first table."""
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE public.one IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        await connection.close()


async def test_a_file_that_gets_no_lock_is_named_and_can_be_tried_again(empty: str) -> None:
    text = "SET LOCAL lock_timeout = '50ms'; ALTER TABLE public.one ADD COLUMN n integer"
    column = Migration(2, "column", text)
    await migrate(empty, [FIRST])

    async with locked(empty):
        with pytest.raises(Blocked, match=r"^Migration 0002 column could not get its lock: .* Try again\.$"):
            await migrate(empty, [FIRST, column])

    assert await migrate(empty, [FIRST, column]) == [column]


def test_the_files_are_numbered_without_gap_or_double() -> None:
    numbers = [migration.number for migration in read_migrations()]

    assert numbers == list(range(1, len(numbers) + 1))


def test_a_file_says_its_number_and_its_name(tmp_path: Path) -> None:
    (tmp_path / "0012_more_seats.sql").write_text("SELECT 1")
    (tmp_path / "notes.sql").write_text("not a migration")

    assert read_migrations(tmp_path) == [Migration(12, "more_seats", "SELECT 1")]
