"""The database that tests have after each other is for each as a fresh copy."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from tests.copies import Shared, named

WRITTEN = """
INSERT INTO uit.region (id, slug, name) VALUES (1, 'dender', 'Dender');
INSERT INTO uit.outbox
VALUES (1, gen_random_uuid(), 'x', gen_random_uuid(), '{}', now(), now(), 0, now(), NULL);
UPDATE uit.region SET name = 'x' WHERE id = 0;
UPDATE uit.retention_class SET keep = keep * 2;
DELETE FROM uit.retention_follower;
SELECT nextval('labels.award_number');
"""


@pytest.fixture
async def copy(template_dsn: str) -> AsyncIterator[Shared]:
    made = await Shared.make(template_dsn)
    yield made
    await made.close()


async def content(dsn: str) -> list[Any]:
    """What is in the tables that `WRITTEN` touches."""
    connection = await asyncpg.connect(dsn)
    found = [
        await connection.fetch(f"SELECT * FROM {table} ORDER BY 1, 2")
        for table in ("uit.region", "uit.outbox", "uit.retention_class", "uit.retention_follower")
    ]
    await connection.close()
    return found


async def test_what_a_test_wrote_is_gone_for_the_next(copy: Shared, template_dsn: str) -> None:
    async with copy.lent() as dsn:
        before = await content(dsn)
        left_open = await asyncpg.connect(dsn)
        await left_open.execute(WRITTEN)
        await left_open.execute("BEGIN; LOCK TABLE uit.outbox")

    async with copy.lent() as dsn:
        assert await content(dsn) == before == await content(named(template_dsn, "uit_template"))
        next_one = await asyncpg.connect(dsn)
        assert await next_one.fetchval("SELECT nextval('labels.award_number')") == 1
        await next_one.close()
    assert left_open.is_closed()


@pytest.mark.parametrize(
    "change", ["ALTER TABLE uit.outbox ADD CHECK (true)", "DROP TABLE uit.outbox", "CREATE SCHEMA other"]
)
async def test_no_test_alters_the_schema_of_the_others(dsn: str, change: str) -> None:
    connection = await asyncpg.connect(dsn)

    with pytest.raises(asyncpg.RaiseError, match="own_database"):
        await connection.execute(change)

    await connection.close()


async def test_a_database_that_cannot_be_put_back_is_not_used_again(copy: Shared) -> None:
    with pytest.raises(asyncpg.InterfaceError):
        async with copy.lent():
            await copy.close()

    assert not copy.is_clean
