"""Connections work as the application, give up rather than wait for ever, and come back after an outage."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import pytest

from uit.database.pool import (
    AGAIN,
    APPLICATION_ROLE,
    AWAY,
    CONTENTION,
    ChainedTransactions,
    Database,
    PoolBusyError,
)
from uit.services.region import add_region


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    made = await Database.open(dsn, connections=2)
    yield made
    await made.close()


async def shown(database: Database, setting: str) -> object:
    async with database.reading() as connection:
        return await connection.fetchval("SELECT current_setting($1)", setting)


async def regions(database: Database) -> int:
    async with database.reading() as connection:
        return int(await connection.fetchval("SELECT count(*) FROM uit.region"))


async def test_a_connection_works_as_the_application(database: Database) -> None:
    async with database.reading() as connection:
        assert await connection.fetchval("SELECT current_user") == APPLICATION_ROLE
        assert await connection.fetchval("SELECT now()") > datetime(2020, 1, 1, tzinfo=UTC)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("TRUNCATE uit.region")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("statement_timeout", "20s"),
        ("lock_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "20s"),
        ("TimeZone", "UTC"),
    ],
)
async def test_a_connection_gives_up_in_the_end(database: Database, setting: str, value: str) -> None:
    assert await shown(database, setting) == value


async def test_a_transaction_is_kept_when_it_ends_and_gone_when_it_fails(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute("INSERT INTO uit.region (id, slug, name) VALUES (1, 'dender', 'Dender')")
    with pytest.raises(asyncpg.UniqueViolationError):
        await add_twice(database)

    assert await regions(database) == 2  # the platform and dender


async def add_twice(database: Database) -> None:
    async with database.transaction() as tx:
        for _ in range(2):
            await tx.execute("INSERT INTO uit.region (id, slug, name) VALUES (2, 'kust', 'Kust')")


NAME = "'t Land van $1 \\ d'Aa"


async def test_a_turn_is_kept_with_its_last_statement(database: Database) -> None:
    async with ChainedTransactions(database, lambda: False).transaction() as transaction:
        await transaction.end_with(add_region, "9", "dender", NAME, None, None)

    async with database.reading() as connection:
        assert await connection.fetchval("SELECT name FROM uit.region WHERE id = 9") == NAME


async def test_a_turn_without_a_last_statement_leaves_nothing(database: Database) -> None:
    async with ChainedTransactions(database, lambda: False).transaction() as transaction:
        await transaction.tx.execute("INSERT INTO uit.region (id, slug, name) VALUES (1, 'dender', 'Dender')")

    assert await regions(database) == 1


async def test_a_turn_whose_last_statement_fails_leaves_nothing_and_a_good_connection(
    database: Database,
) -> None:
    async with ChainedTransactions(database, lambda: False).transaction() as transaction:
        await transaction.tx.execute("INSERT INTO uit.region (id, slug, name) VALUES (1, 'dender', 'Dender')")
        with pytest.raises(asyncpg.CheckViolationError):
            await transaction.end_with(add_region, "9", "No Slug", NAME, None, None)

    assert await regions(database) == 1


async def test_the_commit_of_a_turn_begins_the_one_that_follows(database: Database) -> None:
    more = [True, False]
    transactions = ChainedTransactions(database, lambda: more.pop(0))

    async with transactions.transaction() as first:
        await first.end_with(add_region, "9", "dender", NAME, None, None)
    async with transactions.transaction() as second:
        assert second.tx is first.tx
        assert second.tx.is_in_transaction()
        await second.end_with(add_region, "8", "kust", NAME, None, None)

    assert await regions(database) == 3
    assert database.pool.get_idle_size() == database.pool.get_size()


async def test_a_turn_that_was_begun_and_not_taken_is_rolled_back(database: Database) -> None:
    transactions = ChainedTransactions(database, lambda: True)
    async with transactions.transaction() as transaction:
        await transaction.end_with(add_region, "9", "dender", NAME, None, None)

    await transactions.close()

    assert await regions(database) == 2
    assert database.pool.get_idle_size() == database.pool.get_size()


async def test_a_turn_whose_connection_was_cut_is_let_go_and_another_begins(
    database: Database, dsn: str
) -> None:
    more = [True, False]
    transactions = ChainedTransactions(database, lambda: more.pop(0))
    async with transactions.transaction() as transaction:
        process = await transaction.tx.fetchval("SELECT pg_backend_pid()")
        await transaction.end_with(add_region, "9", "dender", NAME, None, None)
    admin = await asyncpg.connect(dsn)
    await admin.execute("SELECT pg_terminate_backend($1, 5000)", process)
    await admin.close()

    with pytest.raises(AWAY):
        async with transactions.transaction() as transaction:
            await transaction.tx.execute("SELECT 1")
    async with transactions.transaction() as transaction:
        await transaction.end_with(add_region, "8", "kust", NAME, None, None)

    assert await regions(database) == 3


async def test_a_connection_that_was_cut_is_replaced_by_the_next_who_asks(
    database: Database, dsn: str
) -> None:
    with pytest.raises(AWAY):
        await be_cut_off(database, dsn)

    assert await regions(database) == 1


IS_STANDBY = "SET default_transaction_read_only = on"
"""What a statement that writes is told then, is what a standby says."""


async def test_a_connection_to_what_takes_no_writes_any_more_is_left(database: Database) -> None:
    async with database.reading() as connection:
        await connection.execute(IS_STANDBY)
    with pytest.raises(AWAY):
        await add_twice(database)

    async with database.transaction() as tx:
        await tx.execute("INSERT INTO uit.region (id, slug, name) VALUES (1, 'dender', 'Dender')")
    assert await regions(database) == 2


async def test_a_turn_at_what_takes_no_writes_any_more_leaves_its_connection(database: Database) -> None:
    transactions = ChainedTransactions(database, lambda: False)
    async with database.reading() as connection:
        await connection.execute(IS_STANDBY)
    with pytest.raises(AWAY):
        await add_dender(transactions)

    await add_dender(transactions)

    assert await regions(database) == 2


async def add_dender(transactions: ChainedTransactions) -> None:
    async with transactions.transaction() as transaction:
        await transaction.end_with(add_region, "9", "dender", NAME, None, None)


async def be_cut_off(database: Database, dsn: str) -> None:
    admin = await asyncpg.connect(dsn)
    try:
        async with database.transaction() as tx:
            process = await tx.fetchval("SELECT pg_backend_pid()")
            await admin.execute("SELECT pg_terminate_backend($1, 5000)", process)
            await tx.execute("SELECT 1")
    finally:
        await admin.close()


async def test_a_server_that_is_not_there_is_an_outage_and_no_bug(database: Database) -> None:
    with pytest.raises(AWAY):
        await Database.open("postgresql://uit@/uit?host=/nowhere")


async def test_who_waits_too_long_for_another_is_told_to_try_again(database: Database) -> None:
    """What a rerun of the batch cures: the other may be done by then."""
    async with database.reading() as other, other.transaction():
        await other.execute("UPDATE uit.region SET name = 'x' WHERE id = 0")
        with pytest.raises(AGAIN):
            await wait_for_the_platform(database)


async def wait_for_the_platform(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute("SET LOCAL lock_timeout = '50ms'")
        await tx.execute("UPDATE uit.region SET name = 'y' WHERE id = 0")


async def test_who_waits_too_long_for_a_connection_hears_that_they_are_all_in_use(database: Database) -> None:
    async with database.reading(), database.reading():
        database.seconds_to_acquire = 0.01
        with pytest.raises(PoolBusyError):
            await shown(database, "lock_timeout")

    assert await shown(database, "lock_timeout") == "5s"


async def test_a_database_that_is_away_is_not_called_busy(database: Database) -> None:
    await database.close()

    with pytest.raises(AWAY) as away:
        await shown(database, "lock_timeout")
    assert not isinstance(away.value, PoolBusyError)


def test_a_row_that_is_there_already_is_no_contention() -> None:
    """Asking again would not help: outside the turnstile it is a bug."""
    assert not issubclass(asyncpg.UniqueViolationError, CONTENTION)
    assert issubclass(asyncpg.UniqueViolationError, AGAIN)


async def test_connections_open_when_they_are_needed(dsn: str) -> None:
    database = await Database.open(dsn, connections=2, at_once=0)
    assert database.pool.get_size() == 0
    assert await regions(database) == 1
    assert database.pool.get_size() == 1
    await database.close()
