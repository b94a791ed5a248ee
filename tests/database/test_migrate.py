"""Migrations: each once, whole or not at all unless it asks otherwise, and never a changed one."""

from asyncio import gather
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from uit.database.migrate import Blocked, Drift, Migration, Superseded, migrate, read_migrations

FIRST = Migration(1, "one", "CREATE TABLE public.one (id integer PRIMARY KEY)")
SECOND = Migration(2, "two", "CREATE TABLE public.two (id integer PRIMARY KEY)")
OUTSIDE = "-- outside a transaction\n"
INDEX = Migration(
    2,
    "index",
    OUTSIDE
    + "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS one_last_digit ON public.one ((id % 10));\n"
    + "CREATE INDEX CONCURRENTLY IF NOT EXISTS one_id ON public.one (id);\n",
)
VALID = """
SELECT string_agg(c.relname, ' ' ORDER BY c.relname)
FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE i.indisvalid AND i.indrelid = 'public.one'::regclass
"""


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


async def test_a_database_of_a_later_version_is_left_as_it_is(empty: str) -> None:
    """A process of the version before may start again during an upgrade, or after going back."""
    await migrate(empty, [FIRST, SECOND])

    assert await migrate(empty, [FIRST]) == []
    assert await applied(empty) == [1, 2]


async def test_a_migration_among_ours_that_is_not_here_is_refused(empty: str) -> None:
    await migrate(empty, [FIRST, SECOND])

    with pytest.raises(Drift, match="0002 was applied"):
        await migrate(empty, [FIRST, Migration(3, "three", "SELECT 1")])


async def test_a_database_of_before_the_files_were_written_anew_is_no_changed_file(empty: str) -> None:
    await migrate(empty, [Migration(1, "ground", "SELECT 1"), SECOND])

    with pytest.raises(Superseded, match="before migration 0001 ground became 0001 one"):
        await migrate(empty, [FIRST])
    assert await applied(empty) == [1, 2]


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


@pytest.mark.parametrize("text", ["SET LOCAL lock_timeout = '50ms';", OUTSIDE + "SET lock_timeout = '50ms';"])
async def test_a_file_that_gets_no_lock_is_named_and_can_be_tried_again(empty: str, text: str) -> None:
    column = Migration(2, "column", text + "ALTER TABLE public.one ADD COLUMN n integer")
    await migrate(empty, [FIRST])

    async with locked(empty):
        with pytest.raises(Blocked, match=r"^Migration 0002 column could not get its lock: .* Try again\.$"):
            await migrate(empty, [FIRST, column])

    assert await migrate(empty, [FIRST, column]) == [column]


async def test_a_file_outside_a_transaction_runs_statement_by_statement(empty: str) -> None:
    assert await migrate(empty, [FIRST, INDEX]) == [FIRST, INDEX]

    assert await value(empty, VALID) == "one_id one_last_digit one_pkey"
    assert await applied(empty) == [1, 2]


async def test_a_file_outside_a_transaction_waits_for_no_lock_either_but_gets_its_time(empty: str) -> None:
    shows = OUTSIDE + "CREATE TABLE public.shown AS SELECT current_setting('lock_timeout') AS lock, "
    patience = Migration(1, "patience", shows + "current_setting('statement_timeout') AS statement")

    await migrate(empty, [patience])

    assert await value(empty, "SELECT lock || ' ' || statement FROM public.shown") == "5s 0"


async def test_a_file_outside_a_transaction_that_fails_is_not_recorded_and_runs_again(empty: str) -> None:
    """From the top, without the half of an index that it left, which would pass for the index."""
    await migrate(empty, [FIRST])
    await value(empty, "INSERT INTO public.one VALUES (1), (11)")
    with pytest.raises(asyncpg.UniqueViolationError):
        await migrate(empty, [FIRST, INDEX])
    assert await applied(empty) == [1]

    await value(empty, "DELETE FROM public.one WHERE id = 11")

    assert await migrate(empty, [FIRST, INDEX]) == [INDEX]
    assert await value(empty, VALID) == "one_id one_last_digit one_pkey"


async def test_two_that_build_an_index_at_once_do_not_wait_for_each_other_in_a_circle(empty: str) -> None:
    """Building one concurrently waits for every statement that others are in."""
    done = await gather(*(migrate(empty, [FIRST, INDEX]) for _ in range(4)))

    assert sorted(len(each) for each in done) == [0, 0, 0, 2]


def test_a_semicolon_in_a_comment_a_string_a_name_or_a_body_ends_no_statement() -> None:
    one = """-- first; of all\nSELECT ';'';', "a;b" /* ; */"""
    two = "DO $do$ BEGIN PERFORM '$$'; COMMIT; END $do$"

    assert Migration(1, "one", f"{one};\n\n{two};\n").statements == [one, two]


@pytest.mark.own_database
async def test_each_of_our_files_outside_a_transaction_can_be_run_again(dsn: str) -> None:
    outside = [each for each in read_migrations() if each.is_outside]
    for each in outside:
        await value(dsn, f"DELETE FROM public.uit_migration WHERE number = {each.number}")

    assert await migrate(dsn) == outside


def test_the_files_are_numbered_without_gap_or_double() -> None:
    numbers = [migration.number for migration in read_migrations()]

    assert numbers == list(range(1, len(numbers) + 1))


def test_a_file_says_its_number_and_its_name(tmp_path: Path) -> None:
    (tmp_path / "0012_more_seats.sql").write_text("SELECT 1")
    (tmp_path / "notes.sql").write_text("not a migration")

    assert read_migrations(tmp_path) == [Migration(12, "more_seats", "SELECT 1")]
