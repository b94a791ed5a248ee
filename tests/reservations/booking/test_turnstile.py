"""One booking and its credit: all of it, or nothing."""

from asyncio import create_task, gather, sleep
from collections.abc import Sequence
from uuid import uuid4

import pytest

from reservations.booking import turnstile
from reservations.booking.answers import Answer, Booked, Ended
from reservations.booking.commands import Command
from reservations.booking.turns import Guarded
from reservations.booking.turnstile import settle_batch
from reservations.errors import IdTaken, SoldOut
from tests.builders import World
from uit.core.clock import Clock
from uit.core.ids import Ids
from uit.database.pool import ChainedTransaction


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


async def test_of_many_asks_only_the_one_whose_id_can_never_be_written_is_refused(world: World) -> None:
    """An id that the directory has and no booking: a fault of ours, which must not hold up the others."""
    session, people = (
        await world.session(seats=40),
        [await world.resident(credit_cents=500) for _ in range(30)],
    )
    torn = uuid4()
    await world.execute("INSERT INTO uit.directory VALUES ('booking', $1, 1, $2)", torn, uuid4())

    answers = await gather(
        *(world.book(each, session, booking_id=torn if n == 17 else None) for n, each in enumerate(people))
    )

    assert answers[17] == IdTaken(torn)
    assert {type(answer) for n, answer in enumerate(answers) if n != 17} == {Booked}
    assert (await world.places_left(session), await world.available_cents(*people)) == (11, 500)


async def test_an_id_that_can_never_be_written_holds_up_no_cancellation(world: World) -> None:
    session, anna = await world.session(seats=40), await world.resident(credit_cents=5000)
    made = [await world.book(anna, session) for _ in range(5)]
    torn = uuid4()
    await world.execute("INSERT INTO uit.directory VALUES ('booking', $1, 1, $2)", torn, uuid4())

    answers = await gather(
        world.book(anna, session, booking_id=torn),
        *(world.cancel(each.booking.id) for each in made if isinstance(each, Booked)),
    )

    assert [type(answer) for answer in answers] == [IdTaken, *[Ended] * 5]
    assert await world.available_cents(anna) == 5000


async def test_regions_that_book_at_the_same_moment_share_no_batch(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = [(1, await world.session(seats=20)), (2, await world.session(seats=20, region_id=2))]
    people = {
        region_id: await world.resident(credit_cents=5000, region_id=region_id) for region_id, _ in places
    }
    batches: list[set[int]] = []

    async def settle_and_note(
        transaction: ChainedTransaction,
        commands: Sequence[Command],
        clock: Clock,
        ids: Ids,
        guarded: Guarded,
    ) -> list[Answer]:
        batches.append({command.region_id for command in commands})
        return await settle_batch(transaction, commands, clock, ids, guarded)

    monkeypatch.setattr(turnstile, "settle_batch", settle_and_note)

    answers = await gather(
        *(world.book(people[region_id], session) for _ in range(8) for region_id, session in places)
    )

    assert {type(answer) for answer in answers} == {Booked}
    assert {len(regions) for regions in batches} == {1}
    assert len(batches) < 16
    assert [await world.places_left(session) for _, session in places] == [12, 12]
