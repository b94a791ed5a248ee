"""The decision against a model that is slow and obviously right; see `tests/reservations/model.py`.

The towns come from a seeded dice and not from a strategy per field: an ask passes a dozen checks before it
gets a place, so what is odd has to be rare, and most of the time has to go into deciding.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypeVar
from uuid import UUID

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from credits.wallet.spread import Admission, Purse
from reservations.booking.commands import (
    Answer,
    Book,
    Booked,
    ByCard,
    ByMembership,
    Cancel,
    Closed,
    Command,
    Expire,
    RequestedPlaces,
    Resize,
)
from reservations.booking.decide import Remaining, decide, sold_out
from reservations.booking.effects import Effects, effects_of
from reservations.booking.facts import (
    LIVE,
    Booking,
    Facts,
    Holder,
    Key,
    Line,
    OpenHold,
    Pool,
    Session,
    Tariff,
    Ticket,
    TicketStatus,
)
from reservations.booking.keys import keys_of
from reservations.booking.turnstile import lock_and_read, settle_batch
from tests.builders import Resident, World
from tests.builders import Session as Place
from tests.reservations.booking.model import Model, nameless
from uit.core.clock import SetClock
from uit.core.ids import TimeOrderedIds
from uit.database.pool import ChainedTransactions

# Half past midnight in Brussels: there it is already the third of March.
NOW = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
NEAR = [NOW - timedelta(seconds=1), NOW, NOW + timedelta(seconds=1)]
BEFORE, SOON, LATE = NOW - timedelta(days=1), NOW + timedelta(days=3), NOW + timedelta(days=9)
DAYS = [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)]
LATER = date(2026, 6, 1)
BIRTHS = [None, date(1990, 5, 17), date(2008, 3, 5), date(2008, 3, 6), date(2014, 3, 6), date(2008, 2, 29)]
STORED_DIGEST, OTHER_DIGEST = "ab" * 16, "cd" * 16
TARIFFS = ("base", "social", "young")
IDS = TimeOrderedIds(SetClock(NOW))


def known(kind: int, *numbers: int) -> list[UUID]:
    return [UUID(int=kind << 64 | number) for number in numbers]


UNKNOWN = UUID(int=0)
ORGANISERS, PROGRAMMES, MEMBERS = known(1, 1, 2), known(2, 1, 2), known(3, 1, 2)
CARDS, SESSIONS, POOLS, PURSES = known(4, 1, 2, 3), known(5, 1, 2, 3), known(6, 1, 2, 3), known(7, 1, 2, 3, 4)
STAFF = UUID(int=8)
STORED, NEW = known(8, 1, 2), known(9, *range(1, 9))


Face = TypeVar("Face")


class Dice(Random):
    def rarely(self, usual: Face, *odd: Face) -> Face:
        """One in thirty is odd."""
        return usual if self.usually() else self.choice(odd)

    def usually(self) -> bool:
        return self.random() > 1 / 30

    def some(self, values: Sequence[Face], least: int = 0) -> list[Face]:
        return self.sample(values, self.randint(least, len(values)))


def town(dice: Dice) -> Facts:
    """Two regions, three sessions over nested pools, two members with cards, purses and stored bookings."""
    where = [session(dice, session_id) for session_id in SESSIONS]
    members = [*reached(dice, MEMBERS[0], CARDS[:2]), *reached(dice, MEMBERS[1], CARDS[2:])]
    purses = [purse(dice, purse_id, dice.choice(members)) for purse_id in PURSES]
    bookings = [booking(dice, booking_id, where, dice.choice(members), purses) for booking_id in STORED]
    admissions = [
        Admission(1, programme, organiser, dice.rarely(DAYS[0], *DAYS), dice.rarely(None, *DAYS))
        for programme in PROGRAMMES
        for organiser in ORGANISERS
        if dice.usually()
    ]
    return Facts(bookings, where, pools(dice, bookings), members, purses, admissions)


def session(dice: Dice, session_id: UUID) -> Session:
    pool_ids = dice.some(POOLS, least=1)
    return Session(
        region_id=dice.rarely(1, 2),
        id=session_id,
        organiser_id=dice.choice(ORGANISERS),
        domain=dice.choice(["culture", "sport"]),
        attendance="offline",
        status=dice.rarely("scheduled", "cancelled", "postponed", "sold_elsewhere"),
        starts_at=SOON,
        ends_at=SOON + timedelta(hours=2),
        sale_opens_at=dice.rarely(None, *NEAR),
        sale_closes_at=dice.rarely(SOON, *NEAR),
        cancel_until=dice.choice([SOON, SOON, *NEAR]),
        pool_ids=tuple(pool_ids),
        tariffs=dice.rarely(tuple(tariff(dice, code, pool_ids) for code in TARIFFS), None, ()),
    )


def tariff(dice: Dice, code: str, pool_ids: list[UUID]) -> Tariff:
    ages = dice.choice([(12, 18), (18, None), (None, 17)]) if code == "young" else (None, None)
    eligibility = "social" if code == "social" else dice.choice(["anyone", "member"])
    return Tariff(
        code, dice.randint(0, 4), eligibility, *ages, tuple(dice.some(pool_ids, least=1)), 0, "exempt"
    )


def reached(dice: Dice, membership_id: UUID, card_ids: list[UUID]) -> list[Holder]:
    """A member as reached directly, and by each of their cards."""
    region_id, active, ends_on = dice.rarely(1, 2), dice.usually(), dice.rarely(None, *DAYS, LATER)
    social_until, born_on = (
        dice.choice([None, date(2026, 3, 5), date(2026, 3, 6), LATER, LATER]),
        dice.choice(BIRTHS),
    )
    ways = [(None, None, None), *((each, dice.rarely(1, 2), dice.usually()) for each in card_ids)]
    return [Holder(region_id, membership_id, *way, active, ends_on, social_until, born_on) for way in ways]


def purse(dice: Dice, purse_id: UUID, owner: Holder) -> Purse:
    return Purse(
        region_id=owner.region_id,
        id=purse_id,
        held_account_id=UUID(int=purse_id.int + 1000),
        wallet_id=owner.id,
        programme_id=dice.choice(PROGRAMMES),
        available_cents=dice.randint(0, 12),
        lapses_at=dice.choice([SOON, LATE, SOON, LATE, SOON, LATE, *NEAR]),
        domains=frozenset(dice.choice([[], [], [], ["culture"], ["sport"], ["culture", "sport"]])),
        attendance=frozenset(dice.choice([[], [], [], [], ["offline"], ["online"]])),
        ceiling_cents=dice.choice([None, None, 1, 3, 6]),
    )


def booking(
    dice: Dice, booking_id: UUID, where: list[Session], holder: Holder, purses: list[Purse]
) -> Booking:
    """A stored booking: waiting, standing, or given up or used in part."""
    region_id, waits = dice.choice(where).region_id, dice.random() < 1 / 2
    here = [session for session in where if session.region_id == region_id]
    live = TicketStatus.HELD if waits else TicketStatus.CONFIRMED
    over = dice.choice([live, TicketStatus.CANCELLED, TicketStatus.LAPSED, TicketStatus.ATTENDED])
    lines = []
    for no, session in enumerate(dice.choices(here, k=dice.randint(1, 2)), start=1):
        statuses = dice.choices([live, live, over], k=dice.randint(1, 3))
        tickets = [Ticket(n, status) for n, status in enumerate(statuses, start=1)]
        seller, pool_ids = session.organiser_id, session.pool_ids
        lines.append(Line(no, session.id, "base", 0, seller, len(tickets), 3, 3, "exempt", pool_ids, tickets))
    own = [purse for purse in purses if (purse.region_id, purse.wallet_id) == (holder.region_id, holder.id)]
    holds = [
        OpenHold(UUID(int=booking_id.int << 4 | n), 1, purse.id, 1 + n, ORGANISERS[0])
        for n, purse in enumerate(dice.some(own))
    ]
    return Booking(
        region_id, booking_id, STORED_DIGEST, "api", dice.choice([None, "kassa"]),
        holder.region_id, holder.id, None, BEFORE, dice.choice(NEAR) if waits else None, lines, holds,
    )  # fmt: skip


def pools(dice: Dice, bookings: list[Booking]) -> list[Pool]:
    """Every pool in every region, with at least what the stored bookings took."""
    made = []
    for region_id, pool_id in [(region_id, pool_id) for region_id in (1, 2) for pool_id in POOLS]:
        taken = drawn(bookings)[region_id, pool_id] + dice.randint(0, 2)
        held = dice.randint(0, 1)
        licensed = taken + held + dice.randint(0, 12)
        made.append(
            Pool(region_id, pool_id, licensed, dice.randint(max(0, licensed - 3), licensed), taken, held)
        )
    return made


def drawn(bookings: Sequence[Booking]) -> Counter[Key]:
    live = (TicketStatus.HELD, TicketStatus.CONFIRMED)
    return Counter(
        (booking.region_id, pool_id)
        for booking in bookings
        for line in booking.lines
        for ticket in line.tickets
        for pool_id in line.pool_ids
        if ticket.status in live
    )


def batch(dice: Dice) -> list[Command]:
    """Asks in order of arrival. The lane sees to it that no two are about one booking or resize one pool."""
    asks: list[Command] = [about(dice, booking_id) for booking_id in dice.some(STORED)]
    asks += [take(dice, booking_id) for booking_id in dice.some(NEW, least=1)]
    asks += [
        Resize(dice.rarely(1, 2), dice.choice(SESSIONS), pool_id, dice.randint(0, 20), STAFF)
        for pool_id in dice.some([*POOLS, UNKNOWN])
        if dice.random() < 1 / 3
    ]
    dice.shuffle(asks)
    return asks


def about(dice: Dice, booking_id: UUID) -> Command:
    holder_id, client_id = dice.rarely(None, *MEMBERS), dice.choice([None, None, None, "kassa", "another"])
    cancel: Command = Cancel(
        dice.rarely(booking_id, UNKNOWN), holder_id, client_id, in_time=dice.random() < 3 / 4
    )
    return dice.choice([cancel, cancel, Expire(dice.rarely(booking_id, UNKNOWN)), take(dice, booking_id)])


def take(dice: Dice, booking_id: UUID) -> Book:
    by_card: ByCard | ByMembership = ByCard(
        dice.rarely(1, 2), dice.rarely(dice.choice(CARDS), UNKNOWN), dice.rarely(1, 2)
    )
    by_membership = ByMembership(dice.rarely(1, 2), dice.rarely(dice.choice(MEMBERS), UNKNOWN))
    return Book(
        region_id=dice.rarely(1, 2),
        booking_id=booking_id,
        digest=dice.choice([STORED_DIGEST, STORED_DIGEST, OTHER_DIGEST]),
        holder=dice.choice([by_card, by_membership]),
        wanted=tuple(wanted(dice) for _ in range(dice.choice([1, 1, 2, 3]))),
        channel="api",
        client_id=dice.choice([None, "kassa"]),
        organiser_ids=dice.rarely(None, frozenset(ORGANISERS), frozenset(ORGANISERS[:1])),
        booked_by=dice.rarely(None, MEMBERS[0]),
        price_seen_cents=dice.rarely(None, *range(8)),
        held_until=dice.rarely(None, SOON),
    )


def wanted(dice: Dice) -> RequestedPlaces:
    code = dice.rarely(dice.choice(["base", "base", *TARIFFS]), "gone")
    return RequestedPlaces(
        dice.rarely(dice.choice(SESSIONS), UNKNOWN), code, 1 if code == "social" else dice.randint(1, 3)
    )


SEEDS = st.integers(0, 2**64)


@settings(max_examples=2000)
@given(SEEDS)
def test_a_batch_is_answered_as_if_each_ask_came_alone(seed: int) -> None:
    facts, asks = town(Dice(seed)), batch(Dice(seed + 1))
    model = Model(facts, NOW)
    left = Remaining(deepcopy(facts), NOW)

    for ask in asks:
        model.judge(ask, left.answer(ask))

    assert {key: pool.taken for key, pool in left.pools.items()} == {
        key: model.taken(key) for key in left.pools
    }
    assert {key: pool.capacity for key, pool in left.pools.items()} == model.capacities
    for purse in (each for wallet in left.purses.values() for each in wallet):
        assert purse.available_cents == model.available_cents(model.as_given(purse))


@given(SEEDS)
def test_deciding_changes_nothing_that_it_was_given(seed: int) -> None:
    facts, asks = town(Dice(seed)), batch(Dice(seed + 1))
    before = deepcopy(facts)

    first = decide(facts, asks, NOW)

    assert facts == before
    assert decide(facts, asks, NOW) == first


@given(SEEDS)
def test_what_is_written_is_what_was_decided(seed: int) -> None:
    facts, asks = town(Dice(seed)), batch(Dice(seed + 1))
    model = Model(facts, NOW)
    answers = decide(facts, asks, NOW)
    for ask, answer in zip(asks, answers, strict=True):
        model.judge(ask, answer)

    rows = effects_of(answers, IDS)

    changed = {(row.region_id, row.id): row.places for row in rows.pools}
    assert changed == {
        (pool.region_id, pool.id): places
        for pool in facts.pools
        if (places := model.taken((pool.region_id, pool.id)) - pool.taken)
    }
    assert moved_cents(facts, rows) == {
        purse.id: cents
        for purse in facts.purses
        if (cents := model.available_cents(purse) - purse.available_cents)
    }
    assert len(rows.outbox) == len([answer for answer in answers if is_effect(answer)])


def moved_cents(facts: Facts, rows: Effects) -> dict[UUID, int]:
    purse_of = {hold.id: hold.purse_id for booking in facts.bookings for hold in booking.holds}
    moved: Counter[UUID] = Counter()
    for hold in rows.holds:
        moved[hold.purse_id] -= hold.amount_cents
    for resolution in rows.resolutions:
        moved[purse_of[resolution.hold_id]] += resolution.released_cents
    return {purse_id: cents for purse_id, cents in moved.items() if cents}


def is_effect(answer: Answer) -> bool:
    return (isinstance(answer, Booked) and answer.new) or (
        isinstance(answer, Closed) and bool(answer.changes)
    )


@given(SEEDS)
def test_a_look_without_locks_never_refuses_what_the_turnstile_would_give(seed: int) -> None:
    facts, asks = town(Dice(seed)), batch(Dice(seed + 1))
    for ask in asks:
        if isinstance(ask, Book):
            read_without_locks = sold_out(Remaining(facts, NOW), ask)
            (answer,) = decide(facts, [ask], NOW)

            assert read_without_locks is None or not (isinstance(answer, Booked) and answer.new)
            assert not isinstance(read_without_locks, Booked) or read_without_locks == answer


async def test_the_database_keeps_what_was_decided_whatever_comes_in_whatever_order(world: World) -> None:
    """The same comparison through locks, facts and writes, and with what the database holds afterwards."""
    dice, ids = Dice(20260302), [UUID(int=n) for n in range(600)]
    places = [await world.session(seats=seats, price_cents=2) for seats in (6, 20)]
    people = [await world.resident(credit_cents=cents) for cents in (2, 4, 8)]
    every: list[Command] = [
        world.command(who, [(place, "base", 1) for place in places], each) for who in people for each in ids
    ]
    model = Model(await facts_now(world, every), world.clock.now())

    for at in range(4, len(ids), 4):
        live = [each.id for each in model.bookings.values() if each.status in LIVE]
        asks = any_batch(world, dice, people, places, [*live[-3:], *ids[at - 4 : at]])
        async with ChainedTransactions(world.services.database, lambda: False).transaction() as transaction:
            answers = await settle_batch(transaction, asks, world.clock, world.services.ids)
        for ask, answer in zip(asks, answers, strict=True):
            model.judge(ask, answer)

    facts = await facts_now(world, every)
    assert {each.id: each.taken for each in facts.pools} == {
        each.id: model.taken((1, each.id)) for each in facts.pools
    }
    assert {each.id: each.available_cents for each in facts.purses} == {
        each.id: model.available_cents(each) for each in model.facts.purses
    }
    assert stored(facts.bookings) == stored(model.bookings.values())
    assert len(facts.bookings) > 30


async def facts_now(world: World, asks: Sequence[Command]) -> Facts:
    async with world.services.database.transaction() as tx:
        return msgspec.json.decode(await lock_and_read(tx, *keys_of(asks)), type=Facts)


def any_batch(
    world: World, dice: Dice, people: list[Resident], places: list[Place], ids: list[UUID]
) -> list[Command]:
    place = dice.choice(places)
    asks: list[Command] = [Resize(1, place.id, place.pool_id, dice.randint(4, 20), STAFF)]
    for booking_id in ids:
        wanted = [(each, "base", dice.choice([1, 1, 2])) for each in dice.some(places, least=1)]
        held_until = dice.choice([None, world.clock.now()])
        take = world.command(dice.choice(people), wanted, booking_id, held_until=held_until)
        cancel: Command = Cancel(booking_id, in_time=False)
        asks.append(dice.choice([take, take, take, cancel, cancel, Expire(booking_id)]))
    dice.shuffle(asks)
    return asks


def stored(bookings: Iterable[Booking]) -> dict[UUID, Answer]:
    return {each.id: nameless(Booked(each, new=False)) for each in bookings}
