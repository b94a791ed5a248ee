"""A turnstile that died is noticed by all: who waits, who comes, who watches, and the process itself."""

import asyncio

import pytest

from reservations.booking.batcher import Batcher
from tests.builders import World
from uit.core.errors import Busy


@pytest.mark.parametrize("batcher", ["_writer", "_reader"])
async def test_a_batcher_that_dies_takes_the_turnstile_and_readiness_down(world: World, batcher: str) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=5000)
    before = await world.client.get("/health/ready")

    await cancel_from_within(getattr(world.services.turnstile, batcher))
    after = await world.client.get("/health/ready")

    assert (before.status_code, before.json()["tasks"]) == (200, True)
    assert (after.status_code, after.json()["tasks"], after.json()["database"]) == (503, False, True)
    assert world.services.vital_tasks.dead == ["turnstile"]
    assert isinstance(await world.book(anna, session), Busy)


async def test_who_waits_for_a_turnstile_that_dies_is_told_to_come_back(world: World, dsn: str) -> None:
    """Here their batch waits for a lock, and another request waits for that batch."""
    session, anna = await world.session(), await world.resident(credit_cents=5000)
    async with world.services.database.transaction() as other:
        await other.execute("SELECT FROM reservations.pool FOR UPDATE")
        asked = [asyncio.create_task(world.book(anna, session)) for _ in range(2)]
        await asyncio.sleep(0)
        (turnstile,) = (task for task in asyncio.all_tasks() if task.get_name() == "turnstile")
        turnstile.cancel()
        answers = await asyncio.gather(*asked)

    assert [type(answer) for answer in answers] == [Busy, Busy]
    assert world.services.vital_tasks.dead == ["turnstile"]


async def cancel_from_within(batcher: Batcher[str, str]) -> None:
    """As a library does that cancels the task it runs in: no `except Exception` sees it."""

    async def be_cancelled(_commands: object) -> list[str]:
        raise asyncio.CancelledError

    batcher._answer_batch = be_cancelled
    batcher._group = batcher._key = str
    await batcher.submit("anything")
    await asyncio.sleep(0)
