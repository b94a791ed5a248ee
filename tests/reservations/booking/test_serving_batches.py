"""Who waits is served in a batch of many commands as if each came alone."""

from dataclasses import replace as with_other
from datetime import timedelta
from uuid import uuid4

from msgspec.structs import replace

from reservations.booking.actor import ByHolder, ByStaff
from reservations.booking.answers import Booked, Ended, InWaitingList, LeftWaitingList
from reservations.booking.commands import DeclineOffer, GiveUp, LeaveWaitingList
from reservations.booking.turnstile import settle_batch
from tests.builders import Session, World
from tests.reservations.all_verbs.town import share
from tests.reservations.dates import faults
from tests.reservations.waiting.lines import join, joining, offer_of, rule, sold_out, state
from uit.database.pool import ChainedTransactions


async def test_what_came_free_before_somebody_joined_is_not_kept_for_them(world: World) -> None:
    session, booked = await sold_out(world, 4)
    await rule(world, session, "keep")
    joins = replace(joining(await world.resident(), session, places=4), keeps=True)
    leaves = GiveUp(1, booked[0], ByStaff(uuid4()))

    async with ChainedTransactions(world.services.database, lambda: False).transaction() as transaction:
        answers = await settle_batch(transaction, [leaves, joins], world.clock, world.services.ids)

    assert [type(answer) for answer in answers] == [Ended, InWaitingList]
    assert await world.places_left(session) == 1
    assert await state(world, joins.entry_id) == "waiting"
    assert await faults(world) == []


async def test_what_was_kept_and_is_not_needed_any_more_goes_to_who_waits_for_another_activity(
    world: World,
) -> None:
    """Both draw on a pool that they share: what one line lets go, the other gets in the same breath."""
    near, booked = await sold_out(world, 2)
    far, other = await beside(world, near)
    taken = [await world.book(await world.resident(), far) for _ in range(2)]
    await rule(world, near, "keep")
    first = await join(world, await world.resident(), near, far, places=2)
    world.clock.move(timedelta(minutes=1))
    second = await join(world, await world.resident(), other)
    assert isinstance(taken[0], Booked)
    await world.cancel(taken[0].booking.id)
    assert [await state(world, each) for each in (first, second)] == ["waiting", "waiting"]

    leaving = [GiveUp(1, each, ByStaff(uuid4())) for each in booked]
    async with ChainedTransactions(world.services.database, lambda: False).transaction() as transaction:
        await settle_batch(transaction, leaving, world.clock, world.services.ids)

    assert [await state(world, each) for each in (first, second)] == ["offered", "offered"]
    assert await faults(world) == []


async def test_who_leaves_and_joins_again_in_one_batch_stands_at_the_end(world: World) -> None:
    session, _ = await sold_out(world, 2)
    anna = await world.resident()
    first, other = await join(world, anna, session), await join(world, await world.resident(), session)
    again = joining(anna, session, places=2)

    async with ChainedTransactions(world.services.database, lambda: False).transaction() as transaction:
        leaves = LeaveWaitingList(1, first, session.event_id)
        answers = await settle_batch(transaction, [leaves, again], world.clock, world.services.ids)

    assert [type(answer) for answer in answers] == [LeftWaitingList, InWaitingList]
    entries = (first, other, again.entry_id)
    assert [await state(world, each) for each in entries] == ["left", "waiting", "waiting"]
    assert isinstance(answers[1], InWaitingList)
    assert answers[1].before == 1
    assert await faults(world) == []


async def test_who_declines_and_joins_again_in_one_batch_gets_no_offer_at_once(world: World) -> None:
    session, booked = await sold_out(world, 2)
    anna = await world.resident()
    first = await join(world, anna, session)
    await world.cancel(booked[0])
    bilal, again = joining(await world.resident(), session), joining(anna, session)
    await world.services.turnstile.answer(bilal)

    async with ChainedTransactions(world.services.database, lambda: False).transaction() as transaction:
        declines = DeclineOffer(1, await offer_of(world, first), ByHolder(anna.membership_id))
        await settle_batch(transaction, [declines, again], world.clock, world.services.ids)

    entries = (first, bilal.entry_id, again.entry_id)
    assert [await state(world, each) for each in entries] == ["declined", "offered", "waiting"]
    assert await faults(world) == []


async def beside(world: World, near: Session) -> tuple[Session, Session]:
    """A later date of an activity, and one of another: they draw on the same two places."""
    far = await world.session(9, 0, organiser_id=near.organiser_id, starts_in=timedelta(days=20))
    other = await world.session(9, 0, organiser_id=near.organiser_id)
    await world.execute("UPDATE reservations.session SET event_id = $2 WHERE id = $1", far.id, near.event_id)
    await share(world, 2, far, other)
    return with_other(far, event_id=near.event_id), other
