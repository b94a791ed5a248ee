"""A pool that a test leaves is for the next as a new one, and is the same connections."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from tests.copies import Shared

PROCESS = "SELECT pg_backend_pid()"
DIRTY = """
SET lock_timeout = '7s'; SET ROLE uit_app; SELECT pg_advisory_lock(5)
"""
LEFT = """
SELECT current_setting('lock_timeout'), current_user,
    (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())
"""


@pytest.fixture
async def copy(template_dsn: str, copies: list[Shared]) -> AsyncIterator[Shared]:
    made = await Shared.make(template_dsn)
    yield made
    await made.close()


@asynccontextmanager
async def lent(copy: Shared, **options: Any) -> AsyncIterator["asyncpg.Pool[Any]"]:
    async with copy.lent() as dsn, asyncpg.create_pool(dsn, min_size=0, max_size=2, **options) as pool:
        yield pool


async def test_the_next_test_goes_on_with_the_connections_of_the_last(copy: Shared) -> None:
    async with lent(copy) as pool:
        process = await pool.fetchval(PROCESS)

    async with lent(copy) as pool:
        assert await pool.fetchval(PROCESS) == process


async def test_nothing_of_a_session_is_left_for_the_next(copy: Shared) -> None:
    async with lent(copy, reset=leave_as_is) as pool:
        process, before = await pool.fetchval(PROCESS), await pool.fetchrow(LEFT)
        await pool.execute(DIRTY)
        assert await pool.fetchrow(LEFT) != before

    async with lent(copy, reset=leave_as_is) as pool:
        assert await pool.fetchval(PROCESS) == process
        assert await pool.fetchrow(LEFT) == before


async def leave_as_is(_connection: object) -> None:
    """As the pools of uit."""


async def test_within_a_test_what_was_closed_is_not_had_again(copy: Shared) -> None:
    async with copy.lent() as dsn:
        async with asyncpg.create_pool(dsn, min_size=0) as pool:
            process = await pool.fetchval(PROCESS)
        async with asyncpg.create_pool(dsn, min_size=0) as pool:
            assert await pool.fetchval(PROCESS) != process


async def test_other_options_have_other_connections(copy: Shared) -> None:
    async with lent(copy) as pool:
        process = await pool.fetchval(PROCESS)

    async with lent(copy, server_settings={"lock_timeout": "9s"}) as pool:
        assert await pool.fetchval(PROCESS) != process


async def test_one_whose_server_ended_a_connection_is_not_kept(copy: Shared) -> None:
    async with lent(copy) as pool:
        process = await pool.fetchval(PROCESS)
        ended = await asyncpg.connect(copy._dsn)
        await ended.execute("SELECT pg_terminate_backend($1, 5000)", process)
        await ended.close()

    async with lent(copy) as pool:
        assert await pool.fetchval(PROCESS) != process
