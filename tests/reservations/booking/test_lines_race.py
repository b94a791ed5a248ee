"""Those who cancel, who come new and who wait, all at the same moment and by several turnstiles."""

from asyncio import create_task, gather
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from uuid import UUID, uuid4

import pytest

from reservations.booking.actor import ByStaff
from reservations.booking.answers import Booked
from reservations.booking.commands import Command, GiveUp
from reservations.booking.turnstile import Turnstile
from reservations.errors import SoldOut
from tests.builders import World
from tests.reservations.dates import faults
from tests.reservations.waiting.lines import decline, join, joining, rule, sold_out, state
from uit.database.pool import Database

MANY = 4


@pytest.fixture
async def turnstiles(world: World) -> AsyncIterator[list[Turnstile]]:
    """Several, each with connections of its own, as several processes have them."""
    async with AsyncExitStack() as stack:
        made, tasks = [], []
        for _ in range(MANY):
            database = await Database.open(world.services.settings.database_url, connections=2)
            stack.push_async_callback(database.close)
            made.append(Turnstile(database, world.clock, world.services.ids))
            tasks.append(create_task(made[-1].run()))
        yield made
        for task in tasks:
            task.cancel()
        await gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize("name", ["pass_on", "keep"])
async def test_no_newcomer_ever_gets_a_place_of_who_waits(
    world: World, turnstiles: list[Turnstile], name: str
) -> None:
    session, booked = await sold_out(world, 8)
    await rule(world, session, name)
    entries = [await join(world, await world.resident(), session, places=places) for places in (2, 2, 4)]
    newcomers: list[Command] = [
        world.command(await world.resident(), [(session, "base", 1)]) for _ in range(24)
    ]
    leaving: list[Command] = [GiveUp(1, each, ByStaff(uuid4())) for each in booked]
    asked = [one for no, each in enumerate(leaving) for one in (each, *newcomers[3 * no : 3 * no + 3])]

    answers = await gather(*(turnstiles[no % MANY].answer(each) for no, each in enumerate(asked)))

    taken = Counter(type(each) for each in answers if isinstance(each, Booked | SoldOut))
    offered = [await state(world, each) for each in entries]
    assert offered[:2] == ["offered", "offered"]
    assert (
        taken[Booked]
        + sum(places for places, now in zip((2, 2, 4), offered, strict=True) if now == "offered")
        <= 8
    )
    if name == "keep":
        assert offered == ["offered"] * 3
        assert taken[Booked] == 0
    assert await faults(world) == []


async def test_the_line_keeps_its_order_when_many_join_and_leave_at_once(
    world: World, turnstiles: list[Turnstile]
) -> None:
    session, booked = await sold_out(world, 2)
    people = [await world.resident() for _ in range(16)]
    commands = [joining(each, session) for each in people]

    await gather(*(turnstiles[no % MANY].answer(each) for no, each in enumerate(commands)))
    order = await line(world)
    assert len(order) == len(set(order)) == 16
    for each in booked:
        first = (await line(world))[0]
        await world.cancel(each)
        assert await state(world, first) == "offered"

    assert await line(world) == order[2:]
    assert await faults(world) == []


async def test_two_who_decline_at_once_give_to_two_others(world: World, turnstiles: list[Turnstile]) -> None:
    session, booked = await sold_out(world, 2)
    people = [await world.resident() for _ in range(4)]
    entries = [await join(world, each, session) for each in people]
    for each in booked:
        await world.cancel(each)

    await gather(*(decline(world, who, entry) for who, entry in zip(people[:2], entries[:2], strict=True)))

    assert [await state(world, each) for each in entries] == ["declined", "declined", "offered", "offered"]
    assert await faults(world) == []


async def line(world: World) -> list[UUID]:
    rows = await world.rows(
        "SELECT id FROM reservations.waiting_entry WHERE state = 'waiting' ORDER BY joined_at, id"
    )
    return [row[0] for row in rows]
