"""A line follows its dates: who waits does so until the last of them, whenever that has come to be."""

from datetime import timedelta

from reservations.waiting.due import serve_due_lines
from tests.builders import World
from tests.reservations.dates import faults, move, postpone
from tests.reservations.waiting.lines import join, sold_out, state

DAY = timedelta(days=1)


async def test_who_waits_for_a_date_that_moved_gets_an_offer_after_its_old_end(world: World) -> None:
    session, booked = await sold_out(world)
    entry = await join(world, await world.resident(), session)
    await move(world, session, 20 * DAY)
    world.clock.move(12 * DAY)
    await serve_due_lines(world.services)

    await world.cancel(booked[0])

    assert await state(world, entry) == "offered"
    assert await faults(world) == []


async def test_who_waits_for_a_date_that_is_postponed_stands_in_line_until_its_new_day_is_known(
    world: World,
) -> None:
    session, booked = await sold_out(world)
    entry = await join(world, await world.resident(), session)
    await postpone(world, session)
    world.clock.move(12 * DAY)
    await serve_due_lines(world.services)
    assert await state(world, entry) == "waiting"

    await move(world, session, 20 * DAY)
    await world.cancel(booked[0])

    assert await state(world, entry) == "offered"
    assert await faults(world) == []


async def test_a_date_that_moved_is_over_for_who_waits_once_it_is_over(world: World) -> None:
    session, _ = await sold_out(world)
    entry = await join(world, await world.resident(), session)
    await move(world, session, 20 * DAY)
    world.clock.move(31 * DAY)

    await serve_due_lines(world.services)

    assert await state(world, entry) == "over"
