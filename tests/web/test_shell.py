"""What every answer passes: who gives way to others is told to come back, and never that something broke."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import asyncpg
import httpx
import pytest

from reservations.booking.answers import Booked
from tests.builders import TONIGHT, World
from uit.core.seal import TicketSeal, seal_ticket

WAITS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
CheckIn = Callable[[], Coroutine[Any, Any, httpx.Response]]
NEVER_READ = "/dender?q=nooit-gelezen"
"""Else a stranger is shown what was read before."""
LOCK_BOOKING = "UPDATE reservations.booking SET made_at = made_at"


@pytest.fixture
async def other(dsn: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """Somebody else at the same rows, in a transaction."""
    made = await asyncpg.connect(dsn)
    await made.execute("BEGIN")
    yield made
    await made.close()


@pytest.fixture
async def check_in(world: World) -> CheckIn:
    """Asks for a check-in: it locks a booking, and at last writes the audit trail."""
    session = await world.session(**TONIGHT)
    booked = await world.book(await world.resident(credit_cents=5000), session)
    assert isinstance(booked, Booked)
    ticket = seal_ticket(world.services.secrets.signing, TicketSeal(1, booked.booking.id, 1, 1))
    headers = await world.api_client(session.organiser_id)
    return partial(world.client.post, "/api/v1/checkins", json={"ticket": ticket}, headers=headers)


async def set_for_requests(world: World, setting: str, value: str) -> None:
    """On the one connection of the pool, which requests that follow each other all get."""
    async with world.services.database.connection() as connection:
        await connection.execute(f"SET {setting} = '{value}'")


async def until_somebody_waits(dsn: str) -> None:
    watcher = await asyncpg.connect(dsn)
    while not await watcher.fetchval(WAITS):  # noqa: ASYNC110 - the server has no event for it
        await asyncio.sleep(0.01)
    await watcher.close()


def is_busy(answer: httpx.Response) -> bool:
    return answer.status_code == 503 and int(answer.headers["Retry-After"]) >= 1


async def test_a_program_that_waits_too_long_for_a_lock_hears_that_it_is_busy(
    world: World, other: "asyncpg.Connection[Any]", check_in: CheckIn
) -> None:
    await other.execute(LOCK_BOOKING)
    await set_for_requests(world, "lock_timeout", "20ms")

    answer = await check_in()

    assert is_busy(answer)
    assert answer.json()["code"] == "ground.busy"


async def test_a_person_who_waits_too_long_for_a_lock_reads_so_on_a_page(
    world: World, other: "asyncpg.Connection[Any]"
) -> None:
    await other.execute("LOCK TABLE reservations.session")
    await set_for_requests(world, "lock_timeout", "20ms")

    answer = await world.client.get(NEVER_READ)

    assert is_busy(answer)
    assert "Het is heel druk" in answer.text


async def test_who_is_chosen_to_end_a_deadlock_hears_that_it_is_busy(
    world: World, dsn: str, other: "asyncpg.Connection[Any]", check_in: CheckIn
) -> None:
    """The other waits longer before it looks for one, so it is the request that gives way."""
    await other.execute("SET deadlock_timeout = '1min'; LOCK TABLE uit.audit")
    asked = asyncio.create_task(check_in())
    await until_somebody_waits(dsn)
    await other.execute(LOCK_BOOKING)

    answer = await asked

    assert is_busy(answer)
    assert answer.json()["code"] == "ground.busy"


async def test_who_read_what_another_then_changed_hears_that_it_is_busy(
    world: World, dsn: str, other: "asyncpg.Connection[Any]", check_in: CheckIn
) -> None:
    await other.execute(LOCK_BOOKING)
    await set_for_requests(world, "default_transaction_isolation", "repeatable read")
    asked = asyncio.create_task(check_in())
    await until_somebody_waits(dsn)
    await other.execute("COMMIT")

    answer = await asked

    assert is_busy(answer)
    assert answer.json()["code"] == "ground.busy"


async def test_when_pages_use_all_connections_the_next_is_told_and_the_turnstile_goes_on(
    world: World,
) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=5000)
    unknown_yet = await world.api_client(session.organiser_id)
    database = world.services.database
    async with AsyncExitStack() as pages:
        for _ in range(database.pool.get_max_size()):
            await pages.enter_async_context(database.reading())
        database.seconds_to_acquire = 0.01

        answer = await world.client.get(NEVER_READ)
        program = await world.client.get("/api/v1/sessions", headers=unknown_yet)
        booked = await world.services.turnstile.answer(world.command(anna, [(session, "base", 1)]))

    database.seconds_to_acquire = 5
    assert is_busy(answer)
    assert is_busy(program)
    assert isinstance(booked, Booked)
    assert (await world.client.get(NEVER_READ)).status_code == 200
