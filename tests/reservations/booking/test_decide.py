"""The decision against a model that is slow and obviously right; see `model.py` and `strategies.py`."""

from collections import Counter
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Self
from uuid import UUID

import msgspec
from hypothesis import given, settings
from msgspec.structs import replace

from credits.check import check_ledger
from reservations.booking.answers import Answer, Booked, Ended
from reservations.booking.commands import (
    Actor,
    Book,
    ByClient,
    ByHolder,
    ByStaff,
    CallOff,
    CancellationKey,
    CardProof,
    ChosenTickets,
    Command,
    Expire,
    GiveUp,
    RequestedLine,
    Resize,
)
from reservations.booking.decide import answer_one, decide, sold_out_without_locks
from reservations.booking.effects import Effects, effects_of
from reservations.booking.expiry import expire_due
from reservations.booking.facts import STANDING, Booking, Facts, TicketEnd
from reservations.booking.keys import Keys
from reservations.booking.remaining import Remaining
from reservations.booking.turnstile import lock_and_read, settle_batch
from reservations.check import check_bookings
from reservations.settlement.earning import settle_earned
from tests.builders import CLIENT, Resident, World
from tests.builders import Session as Place
from tests.conftest import A_MONDAY
from tests.reservations.booking.model import Model, credit_by_purse, in_order
from tests.reservations.booking.strategies import CANCELLATIONS, LATER, NOW, STAFF, STORED_DIGEST, Case, cases
from tests.reservations.dates import call_off_all
from uit.core.clock import SetClock
from uit.core.ids import TimeOrderedIds
from uit.database.pool import ChainedTransactions

IDS = TimeOrderedIds(SetClock(NOW))


@settings(max_examples=800)
@given(cases())
def test_a_batch_is_answered_as_if_each_command_came_alone(case: Case) -> None:
    facts, commands = case
    model, remaining = Model(facts, NOW), Remaining(deepcopy(facts), NOW)

    for command in commands:
        judge(model, command, answer_one(remaining, command))

    assert {key: pool.taken for key, pool in remaining.pools.items()} == {
        key: model.taken(key) for key in remaining.pools
    }
    assert {key: pool.capacity for key, pool in remaining.pools.items()} == model.capacities
    for purse in facts.purses:
        left = remaining.purses[purse.id]
        assert left.available_cents == model.available_cents(purse)
        assert left.lapses_at == model.lapses_at(purse.id, purse.lapses_at)


@settings(max_examples=200)
@given(cases())
def test_deciding_changes_nothing_that_it_was_given(case: Case) -> None:
    facts, commands = case
    before = deepcopy(facts)

    first = decide(facts, commands, NOW)

    assert facts == before
    assert decide(facts, commands, NOW) == first


@settings(max_examples=200)
@given(cases())
def test_the_places_that_are_written_are_those_that_were_decided(case: Case) -> None:
    facts, commands = case
    model, rows = decided(facts, commands)

    assert {row.id: row.places for row in rows.pools} == {
        pool.id: places for pool in facts.pools if (places := model.taken(pool.id) - pool.taken)
    }
    assert {row.id: row.capacity for row in rows.capacities} == {
        pool.id: capacity for pool in facts.pools if (capacity := model.capacities[pool.id]) != pool.capacity
    }
    assert len(rows.acts) == len(rows.capacities)


@settings(max_examples=200)
@given(cases())
def test_the_credit_that_is_written_is_what_was_decided(case: Case) -> None:
    facts, commands = case
    model, rows = decided(facts, commands)

    assert moved_cents(facts, rows) == {key: cents for key, cents in model.moved_cents().items() if cents}
    assert {row.purse_id: row.lapses_at for row in rows.extensions} == {
        purse_id: at for ended in model.ended for purse_id, at in ended.extensions.items()
    }
    undone = [part for ended in model.ended for part in ended.undone]
    assert {row.settle_id for row in rows.reversals} == {part.settle_id for part in undone} - {None}
    assert sorted(row.hold_id for row in rows.resolutions) == sorted(
        part.hold_id for part in undone if part.settle_id is None
    )


@settings(max_examples=200)
@given(cases())
def test_the_tickets_that_end_and_who_is_told_are_written(case: Case) -> None:
    facts, commands = case
    model, rows = decided(facts, commands)

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
    assert Counter((row.topic, row.key) for row in rows.outbox) == told(facts, model)


def judge(model: Model, command: Command, answer: Answer) -> None:
    assert in_order(answer) == in_order(model.expected(command, answer))


def decided(facts: Facts, commands: Sequence[Command]) -> tuple[Model, Effects]:
    """What is written for a batch, and the model after it."""
    model, answers = Model(facts, NOW), decide(facts, commands, NOW)
    for command, answer in zip(commands, answers, strict=True):
        judge(model, command, answer)
    return model, effects_of(answers, IDS)


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


def told(facts: Facts, model: Model) -> Counter[tuple[str, UUID]]:
    """One message for each booking that was made, and one for each of which tickets ended."""
    ended = {("booking.ended", booking_id): 1 for booking_id, _, _ in changed_tickets(facts, model)}
    return Counter({("booking.made", each.booking.id): 1 for each in model.booked} | ended)


@settings(max_examples=200)
@given(cases())
def test_a_look_without_locks_never_refuses_what_the_turnstile_would_give(case: Case) -> None:
    facts, commands = case
    for command in commands:
        if isinstance(command, Book):
            seen = sold_out_without_locks(Remaining(facts, NOW), command)
            (answer,) = decide(facts, [command], NOW)

            assert seen is None or not (isinstance(answer, Booked) and answer.new)
            assert not isinstance(seen, Booked) or seen == answer


# Through the real database

STEPS = 90
BETWEEN_DATES = timedelta(hours=10)


async def test_the_database_keeps_what_was_decided_whatever_comes_in_whatever_order(world: World) -> None:
    """The same comparison through locks, facts and writes, and with what the database holds afterwards."""
    week = await Week.found(world, Random(20260302))  # noqa: S311  repeatable, not secret
    for _ in range(STEPS):
        await week.pass_time()
        await week.decide_and_compare()

    await call_off_all(world.services)
    await week.settle(timedelta(hours=4))
    await expire_due(world.services)
    await week.settle(timedelta(days=30))

    assert await faults(world) == []
    assert {each.value for each in week.ends} == {
        "given_up",
        "called_off",
        "withdrawn",
        "moved_away",
        "lapsed",
    }
    assert week.reversed > 0
    assert week.put_aside_anew > 0
    assert week.extended > 0


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


async def faults(world: World) -> list[str]:
    async with world.services.database.reading() as connection:
        return [*await check_bookings(connection), *map(str, await check_ledger(connection))]


@dataclass
class Week:
    """Dates of a week, people with two purses each, and everything that can happen to their bookings."""

    world: World
    dice: Random
    dates: list[Place]
    people: list[Resident]
    made: list[UUID] = field(default_factory=list)
    alive: list[Booking] = field(default_factory=list)
    called_off: set[UUID] = field(default_factory=set)
    ends: set[TicketEnd] = field(default_factory=set)
    reversed: int = 0
    put_aside_anew: int = 0
    extended: int = 0

    @classmethod
    async def found(cls, world: World, dice: Random) -> Self:
        organiser_id = await world.organiser()
        dates = [
            await world.session(seats, cents, organiser_id=organiser_id, starts_in=n * BETWEEN_DATES)
            for n, (seats, cents) in enumerate([(6, 2), (20, 3), (12, 1), (9, 2)] * 5, start=1)
        ]
        people = [await world.resident(credit_cents=cents, social_until=LATER) for cents in (60, 120, 180)]
        await world.execute(
            "INSERT INTO credits.programme_version (region_id, programme_id, version, amount_cents,"
            " valid_months, earning, extension_days, starts_at)"
            " SELECT region_id, id, 2, 5000, 12, 'cancellation_limit', 3, opened_at FROM credits.programme"
        )
        await world.execute("UPDATE credits.programme_version SET no_show_percent = 50 WHERE version = 1")
        for each in people:
            purse_id = await world.purse(1, each.membership_id, 90, lapses_in_days=6)
            await world.execute("UPDATE credits.purse SET version = 2 WHERE id = $1", purse_id)
        return cls(world, dice, dates, people)

    # What happens beside the turnstile

    async def pass_time(self) -> None:
        """Two hours, in which people come, dates change and holds are settled."""
        await self.let_in()
        if self.dice.random() < 1 / 5:
            await self.change(self.dice.choice(self.near()))
        await self.settle(timedelta(hours=2))

    def near(self) -> list[Place]:
        """The dates of today and of the days after."""
        gone = (self.world.clock.now() - A_MONDAY) // BETWEEN_DATES
        return self.dates[gone:][:5] or self.dates[-3:]

    async def settle(self, after: timedelta) -> None:
        self.world.clock.move(after)
        await settle_earned(self.world.services, self.world.clock.now())

    async def let_in(self) -> None:
        await self.world.execute(
            "UPDATE reservations.ticket AS t SET status = 'attended', attended_at = $1"
            " FROM reservations.session AS s WHERE s.id = t.session_id AND s.status = 'scheduled'"
            " AND t.status = 'confirmed' AND t.no <> 2"
            " AND $1 BETWEEN s.starts_at - interval '3 hours' AND s.ends_at",
            self.world.clock.now(),
        )

    async def change(self, date: Place) -> None:
        """As `reservations.sessions.changing` does it, for a date that is not over."""
        change = self.dice.choice(CHANGES)
        if "cancelled" in change:
            self.called_off.add(date.id)
        await self.world.execute(
            f"UPDATE reservations.session SET {change} WHERE id = $1 AND ends_at > $2 AND $3 > interval '0'",
            date.id,
            self.world.clock.now(),
            timedelta(days=1),
        )

    # What goes through it

    async def decide_and_compare(self) -> None:
        commands, before = self.batch(), await self.facts()
        model, purses = Model(before, self.world.clock.now()), await self.purses()
        for command, answer in zip(commands, await self.decide(commands), strict=True):
            judge(model, command, answer)
        self.made = list(model.bookings)
        after = await self.facts()

        assert {each.id: each.taken for each in after.pools} == {
            each.id: model.taken(each.id) for each in before.pools
        }
        assert plain(after.bookings) == plain(model.bookings.values())
        assert {each.id: credit_by_purse(each) for each in after.bookings} == {
            booking_id: model.standing(booking_id) for booking_id in model.bookings
        }
        assert await self.purses() == {
            purse_id: (cents + model.moved_cents()[purse_id], model.lapses_at(purse_id, lapses_at))
            for purse_id, (cents, lapses_at) in purses.items()
        }
        self.look_back(model)

    async def decide(self, commands: Sequence[Command]) -> list[Answer]:
        services = self.world.services
        async with ChainedTransactions(services.database, lambda: False).transaction() as transaction:
            return await settle_batch(transaction, commands, self.world.clock, services.ids)

    async def facts(self) -> Facts:
        """All that there is, read as a batch about everything would."""
        dates, cards = [each.id for each in self.dates], [each.card_id for each in self.people]
        keys = Keys(1, dates, self.made, self.made, cards, [], CANCELLATIONS)
        async with self.world.services.database.transaction() as tx:
            return msgspec.json.decode(await lock_and_read(tx, *keys), type=Facts)

    async def purses(self) -> dict[UUID, tuple[int, datetime]]:
        rows = await self.world.rows("SELECT id, available_cents, lapses_at FROM credits.purse")
        return {row["id"]: (row["available_cents"], row["lapses_at"]) for row in rows}

    def look_back(self, model: Model) -> None:
        made = sorted(model.bookings.values(), key=lambda each: (each.made_at, each.id))
        self.alive = [each for each in made if each.status in STANDING][-15:]
        for ended in model.ended:
            self.ends |= {each.end for each in ended.tickets}
            self.reversed += sum(part.settle_id is not None for part in ended.undone)
            self.put_aside_anew += len(ended.holds)
            self.extended += len(ended.extensions)

    # What is asked

    def batch(self) -> list[Command]:
        old = self.dice.sample(self.alive, min(len(self.alive), self.dice.randint(1, 3)))
        commands = [self.about(each) for each in old]
        commands += [self.book() for _ in range(self.dice.randint(1, 3))]
        date = self.dice.choice(self.near())
        commands.append(Resize(1, date.id, date.pool_id, self.dice.randint(4, 20), STAFF))
        self.dice.shuffle(commands)
        return commands

    def about(self, booking: Booking) -> Command:
        off = [line.session_id for line in booking.lines if line.session_id in self.called_off]
        if off and self.dice.random() < 1 / 2:
            return CallOff(1, booking.id, off[0])
        if booking.held_until and self.dice.random() < 1 / 3:
            return Expire(1, booking.id)
        return self.give_up(booking.id)

    def give_up(self, booking_id: UUID) -> GiveUp:
        by: list[Actor] = [ByHolder(each.membership_id) for each in self.people]
        by += [self.client(), ByStaff(STAFF), ByStaff(STAFF)]
        tickets = tuple(self.dice.sample([1, 2], self.dice.choice([0, 1, 1])))
        chosen = self.dice.choice(
            [(), *[(ChosenTickets(1, tickets),)] * 2, (ChosenTickets(1, tickets), ChosenTickets(2))]
        )
        key = CancellationKey(self.dice.choice(CANCELLATIONS), STORED_DIGEST)
        return GiveUp(1, booking_id, self.dice.choice(by), chosen, self.dice.choice([None, None, key]))

    def book(self) -> Book:
        """One or two dates, each for somebody who pays for themselves; some only wait for a confirmation."""
        lines = tuple(self.line() for _ in range(self.dice.choice([1, 1, 2])))
        held_until = self.dice.choice([None, None, self.world.clock.now() + timedelta(hours=3)])
        return Book(1, self.new_id(), STORED_DIGEST, self.client(), lines, "api", held_until=held_until)

    def client(self) -> ByClient:
        return ByClient(CLIENT, frozenset(each.organiser_id for each in self.dates))

    def line(self) -> RequestedLine:
        tariff, places = self.dice.choice(
            [("base", 1), ("base", 2), ("base", 3), ("base", 3), ("kansentarief", 1)]
        )
        who, date = self.dice.choice(self.people), self.dice.choice(self.near())
        return RequestedLine(date.id, tariff, places, CardProof(who.card_id, 1))

    def new_id(self) -> UUID:
        return UUID(int=self.dice.getrandbits(128), version=4)


CHANGES = (
    "status = 'cancelled', due_at = $2",
    "status = 'postponed', due_at = NULL",
    "status = 'scheduled', due_at = $2",
    "status = 'scheduled', due_at = $2",
    "due_at = $2, moved_at = $2, starts_at = starts_at + $3, ends_at = ends_at + $3",
)


def plain(bookings: Iterable[Booking]) -> dict[UUID, Booking]:
    """Bookings without the ids of their holds, which are any."""
    return {each.id: replace(each, credit=[]) for each in bookings}
