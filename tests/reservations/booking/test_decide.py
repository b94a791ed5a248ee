"""The decision against a model that is slow and obviously right; see `model.py` and `strategies.py`."""

from collections import Counter
from copy import deepcopy
from datetime import timedelta
from random import Random
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from reservations.booking.actor import ByStaff
from reservations.booking.answers import Booked, Ended
from reservations.booking.commands import Book, Command, GiveUp
from reservations.booking.decide import decide, sold_out_without_locks
from reservations.booking.effects import Effects
from reservations.booking.expiry import expire_due
from reservations.booking.facts import Facts
from reservations.booking.remaining import Remaining
from reservations.booking.turnstile import settle_batch
from reservations.payment.sold_for import book_sold_for
from reservations.settlement.earning import settle_earned
from tests.builders import World
from tests.reservations.booking.judging import decided, judge_one_by_one
from tests.reservations.booking.model import Model
from tests.reservations.booking.model_paying import is_open
from tests.reservations.booking.strategies import Case, cases, paying_cases
from tests.reservations.booking.strategies_basics import NOW, STAFF
from tests.reservations.booking.week import Week
from tests.reservations.dates import call_off_all, faults
from uit.database.pool import ChainedTransactions

ANY = st.one_of(cases(), paying_cases())


@settings(max_examples=800)
@given(cases())
def test_a_batch_is_answered_as_if_each_command_came_alone(case: Case) -> None:
    judge_one_by_one(case)


def deciding_changes_nothing_that_it_was_given(case: Case) -> None:
    facts, commands = case
    before = deepcopy(facts)

    first = decide(facts, commands, NOW)

    assert facts == before
    assert decide(facts, commands, NOW) == first


def the_places_that_are_written_are_those_that_were_decided(
    facts: Facts, model: Model, rows: Effects
) -> None:
    assert {row.id: row.places for row in rows.pools} == {
        pool.id: places for pool in facts.pools if (places := model.taken(pool.id) - pool.taken)
    }
    assert {row.id: row.capacity for row in rows.capacities} == {
        pool.id: capacity for pool in facts.pools if (capacity := model.capacities[pool.id]) != pool.capacity
    }
    for_others = [each for each in model.booked if each.booking.by.representative_id]
    assert len(rows.acts) == len(rows.capacities) + len(rows.receipts) + len(for_others)


def the_credit_that_is_written_is_what_was_decided(facts: Facts, model: Model, rows: Effects) -> None:
    assert moved_cents(facts, rows) == {key: cents for key, cents in model.moved_cents().items() if cents}
    assert {row.purse_id: row.lapses_at for row in rows.extensions} == {
        purse_id: at for ended in model.ended for purse_id, at in ended.extensions.items()
    }
    undone = [part for ended in model.ended for part in ended.undone]
    assert {row.settle_id for row in rows.reversals} == {part.settle_id for part in undone} - {None}
    assert sorted(row.hold_id for row in rows.resolutions) == sorted(
        part.hold_id for part in undone if part.settle_id is None
    )


def the_tickets_that_end_and_who_is_told_are_written(facts: Facts, model: Model, rows: Effects) -> None:
    assert {(row.booking_id, row.line_no, row.no): (row.was, row.status, row.ending, row.returned_cents)
            for row in rows.changes} == changed_tickets(facts, model)  # fmt: skip
    assert {row.id for row in rows.terms if not row.held_until} == {
        each.id for each in facts.bookings if each.held_until and not model.bookings[each.id].held_until
    }
    assert {row.id: row.digest for row in rows.cancellations} == {
        key: digest
        for key, digest in model.cancellations.items()
        if key not in {each.id for each in facts.cancellations}
    }
    assert Counter((row.topic, row.payload.get("booking_id", row.key)) for row in rows.outbox) == told(model)


def moved_cents(facts: Facts, rows: Effects) -> dict[UUID, int]:
    """What the rows give back to each purse, less what they put aside."""
    parts = [part for booking in facts.bookings for part in booking.credit]
    by_hold = {part.hold_id: part.purse_id for part in parts}
    by_settle = {part.settle_id: part for part in parts if part.settle_id}
    moved: Counter[UUID] = Counter()
    for hold in rows.holds:
        moved[hold.purse_id] -= hold.amount_cents
    for resolution in rows.resolutions:
        moved[by_hold[resolution.hold_id]] += resolution.released_cents
    for reversal in rows.reversals:
        moved[by_settle[reversal.settle_id].purse_id] += by_settle[reversal.settle_id].cents
    return {purse_id: cents for purse_id, cents in moved.items() if cents}


def changed_tickets(facts: Facts, model: Model) -> dict[tuple[UUID, int, int], object]:
    """The tickets that are not what they were."""
    return {
        (before.id, line.no, was.no): (was.status, now.status, now.end, now.returned_cents)
        for before in facts.bookings
        for line, after in zip(before.lines, model.bookings[before.id].lines, strict=True)
        for was, now in zip(line.tickets, after.tickets, strict=True)
        if was != now
    }


def told(model: Model) -> Counter[tuple[str, UUID]]:
    """What is told of each booking: made, held for a desk, ended, and what moves outside for its payment."""
    topics: Counter[tuple[str, UUID]] = Counter()
    for booked in model.booked:
        means = {each.means for each in booked.booking.payments if is_open(each)}
        topic = {"desk": "booking.held", "card": None}.get(*means) if means else "booking.made"
        topics[topic or "", booked.booking.id] += 1 if topic else 0
        if booked.invoice:
            topics["invoice.request", booked.booking.payments[0].id] += 1
    for ended in model.ended:
        topics["booking.ended", ended.booking.id] += bool(ended.tickets)
        topics["booking.made", ended.booking.id] += bool(ended.confirmed)
        topics["payment.stopped", ended.booking.id] += sum(each.means == "card" for each in ended.stopped)
    for paid in model.paid:
        topics["booking.made", paid.booking.id] += bool(paid.tickets)
        topics["payment.back", paid.booking.id] += bool(paid.refunds)
        topics["payment.stopped", paid.booking.id] += len(paid.stopped)
    for answer in model.gave_back():
        by_card = sum(each.refund.way == "card" for each in answer.refunds)
        topics["payment.refund", answer.booking.id] += by_card
    return +topics


def a_look_without_locks_never_refuses_what_the_turnstile_would_give(case: Case) -> None:
    facts, commands = case
    for command in commands:
        if isinstance(command, Book):
            seen = sold_out_without_locks(Remaining(facts, NOW), command)
            (answer,) = decide(facts, [command], NOW)

            assert seen is None or not (isinstance(answer, Booked) and answer.new)
            assert not isinstance(seen, Booked) or seen == answer


WRITTEN = (
    the_places_that_are_written_are_those_that_were_decided,
    the_credit_that_is_written_is_what_was_decided,
    the_tickets_that_end_and_who_is_told_are_written,
)


@settings(max_examples=400)
@given(ANY)
def test_what_was_decided_is_written_and_nothing_else_changes(case: Case) -> None:
    """A case is made once for all promises: making it takes most of the time."""
    deciding_changes_nothing_that_it_was_given(case)
    a_look_without_locks_never_refuses_what_the_turnstile_would_give(case)
    facts, _ = case
    model, rows = decided(*case)
    for promise in WRITTEN:
        promise(facts, model, rows)


# Through the real database

STEPS = 120
OWED = """
SELECT count(DISTINCT s.payment_id), sum(s.sold_cents)::int, sum(s.sold_cents - s.back_cents)::int
FROM credits.sold_for AS s WHERE s.sold_cents > 0
"""
# Without the books, and without looking at what they were brought to step by step.
LEFT = """
SELECT count(DISTINCT p.id), sum(p.line_cents[l.no])::int, sum(p.line_cents[l.no] - coalesce((
    SELECT sum(r.amount_cents) FROM credits.refund AS r
    WHERE r.payment_id = p.id AND r.line_no = l.no AND r.status = 'done'
), 0))::int
FROM credits.payment AS p
JOIN reservations.line AS l ON l.booking_id = p.booking_id AND l.seller_id <> p.seller_id
WHERE p.means <> 'invoice' AND p.paid_at IS NOT NULL AND p.line_cents[l.no] > 0
"""


async def test_the_database_keeps_what_was_decided_whatever_comes_in_whatever_order(world: World) -> None:
    """The same comparison through locks, facts and writes, and with what the database holds afterwards."""
    week = await Week.found(world, Random(5))  # noqa: S311  repeatable, not secret
    for _ in range(STEPS):
        await week.pass_time()
        await week.decide_and_compare()
        await book_sold_for(world.services)

    await call_off_all(world.services)
    await week.settle(timedelta(hours=4))
    await expire_due(world.services)
    await week.settle(timedelta(days=30))
    await book_sold_for(world.services)

    [(payments, *_)] = owed = await world.rows(OWED)
    assert owed == await world.rows(LEFT)
    assert payments > 5
    assert await faults(world) == []
    assert {each for each in WHAT_HAPPENS if not week.happened[each]} == set()


# What is booked anew with its credit is rare here; `test_paid_bookings.py` tells it.
WHAT_HAPPENS = {
    "OnePlaceEach",
    "given_up", "called_off", "withdrawn", "moved_away", "lapsed", "reversed", "put aside anew", "extended",
    "card paid in time", "desk paid in time", "invoice paid", "card stopped", "desk stopped", "booked anew",
    "too late", "back by card", "back by cash", "back by credit_note",
    "sold at a till", "paid at a till", "paid at a till in the place of a page", "paid_twice",
    "TillCounted", "TillIdTaken",
}  # fmt: skip


async def test_what_was_settled_to_the_last_cent_can_be_spent_later_in_the_batch_that_gives_it_back(
    world: World,
) -> None:
    first, second = [await world.session(price_cents=500) for _ in range(2)]
    anna = await world.resident(credit_cents=500)
    await world.execute("UPDATE credits.programme_version SET earning = 'cancellation_limit'")
    booked = await world.book(anna, first)
    world.clock.move(timedelta(days=9, hours=1))
    await settle_earned(world.services, world.clock.now())
    assert isinstance(booked, Booked)
    commands: list[Command] = [GiveUp(1, booked.booking.id, ByStaff(STAFF))]
    commands.append(world.command(anna, [(second, "base", 1)]))

    async with ChainedTransactions(world.services.database, lambda: False).transaction() as transaction:
        answers = await settle_batch(transaction, commands, world.clock, world.services.ids)

    assert [type(answer) for answer in answers] == [Ended, Booked]
