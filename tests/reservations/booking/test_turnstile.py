"""One booking and its credit: all of it, or nothing."""

from asyncio import create_task, gather, sleep

from reservations.booking.commands import Booked, Ended
from reservations.errors import SoldOut
from tests.builders import World


async def test_the_last_seat_goes_to_one_and_the_other_keeps_their_credit(world: World) -> None:
    session = await world.session(seats=1, price_cents=500)
    anna, bilal = await world.resident(credit_cents=500), await world.resident(credit_cents=500)

    answers = await gather(world.book(anna, session), world.book(bilal, session))

    assert {type(answer) for answer in answers} == {Booked, SoldOut}
    assert await world.available_cents(anna, bilal) == 500


async def test_a_cancelled_booking_gives_back_the_place_and_the_credit(world: World) -> None:
    session, anna = await world.session(seats=3), await world.resident(credit_cents=1000)
    booked = await world.book(anna, session, places=2)
    assert isinstance(booked, Booked)

    closed = await world.cancel(booked.booking.id)

    assert isinstance(closed, Ended)
    assert await world.places_left(session) == 3
    assert await world.available_cents(anna) == 1000


async def test_batches_that_follow_each_other_share_a_connection_and_leave_it(world: World) -> None:
    """Also when whoever the next was begun for went away."""
    session, people = await world.session(seats=9), [await world.resident(credit_cents=500) for _ in range(4)]

    async with world.services.database.transaction() as tx:
        await tx.execute("SELECT FROM reservations.pool WHERE id = $1 FOR UPDATE", session.pool_id)
        first, *others = [create_task(world.book(each, session)) for each in people]
        await while_waiting(world)
        others.pop().cancel()
    answers = await gather(first, *others)

    assert [type(answer) for answer in answers] == [Booked, Booked, Booked]
    assert await world.value("SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'") == 0


async def while_waiting(world: World) -> None:
    """Until a batch waits for a lock, and those after it in the lane."""
    waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    while not await world.value(waits):  # noqa: ASYNC110  the server has no event for it
        await sleep(0.01)
