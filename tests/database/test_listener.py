"""Who listens is told, also after the connection was lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import asyncpg
import pytest

from uit.database.listener import listen

CHANNEL = "test_channel"
LISTENERS = (
    f"SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'listen%{CHANNEL}%'"
)


@pytest.fixture
async def other(dsn: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    made = await asyncpg.connect(dsn)
    yield made
    await made.close()


@pytest.fixture
async def told(dsn: str) -> AsyncIterator["asyncio.Queue[str]"]:
    """Gets an item whenever the listener is told, or has connected."""
    heard: asyncio.Queue[str] = asyncio.Queue()
    task = asyncio.create_task(listen(dsn, CHANNEL, heard.put_nowait))
    await heard.get()
    yield heard
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_notification_is_heard(told: "asyncio.Queue[str]", other: "asyncpg.Connection[Any]") -> None:
    assert told.empty()
    await other.execute("SELECT pg_notify($1, 'this')", CHANNEL)

    assert await told.get() == "this"


async def test_a_lost_connection_is_replaced_and_what_came_meanwhile_is_looked_for(
    told: "asyncio.Queue[str]", other: "asyncpg.Connection[Any]"
) -> None:
    (lost,) = await listeners(other)
    await other.execute("SELECT pg_terminate_backend($1, 5000)", lost)

    await told.get()

    (another,) = await listeners(other)
    assert another != lost
    await other.execute("SELECT pg_notify($1, '')", CHANNEL)
    await told.get()


async def test_a_listener_that_ends_leaves_no_connection(dsn: str, other: "asyncpg.Connection[Any]") -> None:
    connected = asyncio.Event()
    task = asyncio.create_task(listen(dsn, CHANNEL, lambda _: connected.set()))
    await connected.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task

    while await listeners(other):  # noqa: ASYNC110 - the server has no event for it
        await asyncio.sleep(0.01)


async def listeners(other: "asyncpg.Connection[Any]") -> list[int]:
    """The processes of the server whose last statement was our LISTEN."""
    return [pid for (pid,) in await other.fetch(LISTENERS)]
