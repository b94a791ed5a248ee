"""Embedded stores are killed under load: they come back by themselves, with all that was confirmed."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest

from tests.builders import World
from tests.copies import install
from tests.faults.stopped import main_process
from tests.reservations.booking.fleet import Fleet, open_fleet
from tests.town import a_home
from uit.core.clock import SetClock, SystemClock
from uit.embedded.stores import Store, open_postgres, open_valkey

SEATS, AT_ONCE = 200, 8
SECONDS_TO_COME_BACK = 5
BOOKED, STORED, AWAY = httpx.codes.CREATED, httpx.codes.OK, httpx.codes.SERVICE_UNAVAILABLE


@pytest.fixture(scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Store, Store, Fleet]]:
    with a_home() as home, open_postgres(home) as database, open_valkey(home) as cache:
        await install(database.url)
        folder, clock = tmp_path_factory.mktemp("killed"), SetClock(SystemClock().now())
        async with (
            World.open(database.url, cache.url, "", clock, folder) as world,
            open_fleet(world, 1) as fleet,
        ):
            yield database, cache, fleet


@pytest.mark.parametrize("killed", [0, 1], ids=["postgres", "valkey"])
async def test_a_store_that_is_killed_is_back_in_time_with_all_that_was_confirmed(
    opened: tuple[Store, Store, Fleet], killed: int
) -> None:
    *stores, fleet = opened
    session = await fleet.world.session(seats=SEATS, price_cents=100)
    await fleet.admit(session.organiser_id)
    people = [await fleet.world.resident(credit_cents=SEATS * 10) for _ in range(10)]
    wanted = [(uuid4(), people[n % 10]) for n in range(SEATS)]
    gone_at: list[float] = []

    def kill() -> None:
        os.kill(main_process(stores[killed]), signal.SIGKILL)
        gone_at.append(time.monotonic())

    asking = asyncio.create_task(fleet.ask_all(wanted, session, AT_ONCE, after=kill))
    while not gone_at:  # noqa: ASYNC110 - in the middle of the load
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.3)
    confirmed_before = len(fleet.acknowledged)
    while len(fleet.acknowledged) == confirmed_before and not asking.done():  # noqa: ASYNC110 - see above
        await asyncio.sleep(0.01)
    took = time.monotonic() - gone_at[0]

    statuses = await asking
    assert took < SECONDS_TO_COME_BACK
    assert set(statuses) <= {BOOKED, STORED, AWAY}
    assert set(await fleet.ask_all(wanted, session)) <= {BOOKED, STORED}
    assert await fleet.world.places_left(session) == 0
    assert await fleet.broken() == []
