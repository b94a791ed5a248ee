"""What the facts say and what happened since, summed up anew each time it is asked.

A part of the model: see `model.py`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from credits.till.sale import Sale
from credits.wallet.spread import Purse
from reservations.booking.actor import ByClient
from reservations.booking.answers import Booked, Ended, Paid
from reservations.booking.commands import Book
from reservations.booking.facts import Booking, Facts, Session
from reservations.booking.pool import Pool
from reservations.booking.tariff import Tariff
from tests.reservations.booking.model_paying import HAS_A_PLACE, check_money


def day_of(at: datetime) -> date:
    return at.astimezone(ZoneInfo("Europe/Brussels")).date()


class State:
    """Remembers how it began and what happened since."""

    def __init__(self, facts: Facts, now: datetime) -> None:
        self.facts, self.now, self.today = deepcopy(facts), now, day_of(now)
        self.bookings = {each.id: each for each in deepcopy(facts.bookings)}
        self.cancellations = {each.id: each.digest for each in facts.cancellations}
        self.capacities = {each.id: each.capacity for each in facts.pools}
        self.booked: list[Booked] = []
        self.ended: list[Ended] = []
        self.paid: list[Paid] = []

    def taken(self, pool_id: UUID) -> int:
        """What was taken by bookings that we do not know, and by those we do."""
        before = drawn(pool_id, self.facts.bookings)
        return self.pool(pool_id).taken - before + drawn(pool_id, self.bookings.values())

    def apart(self, pool: Pool) -> int:
        """What an allotment still keeps."""
        return max(0, pool.capacity - self.taken(pool.id))

    def held(self, pool_id: UUID) -> int:
        """What is held for others than channels, and what allotments of the pool keep now."""
        theirs = [each for each in self.facts.pools if each.allotment and each.allotment.pool_id == pool_id]
        before = sum(max(0, each.capacity - each.taken) for each in theirs)
        return self.pool(pool_id).held - before + sum(map(self.apart, theirs))

    def left(self, pool_id: UUID, asked: Mapping[UUID, int]) -> int:
        """For who asks so many of each pool: one by one, first of what is set apart for them."""
        pool, places = self.pool(pool_id), 0
        own = [self.pool(each) for each in asked]
        own = [each for each in own if each.allotment and each.allotment.pool_id == pool_id]
        capacity = self.capacities[pool_id] if pool.cap is None else min(self.capacities[pool_id], pool.cap)
        apart = sum(map(self.apart, own))
        by_channel = sum(min(self.apart(each), asked[each.id]) for each in own)
        anybody = capacity - self.taken(pool_id) - self.held(pool_id)
        while places < anybody + apart and (places < by_channel or places - by_channel < anybody):
            places += 1
        return places

    def pools_of(self, command: Book, session: Session, tariff: Tariff) -> tuple[UUID, ...]:
        """What a ticket draws on: the pools of its tariff, and what is set apart in them for who books."""
        client_id = command.by.client_id if isinstance(command.by, ByClient) else None
        return tariff.pool_ids + tuple(
            each.id
            for each in self.facts.pools
            if each.id in session.pool_ids
            and each.allotment
            and each.allotment.pool_id in tariff.pool_ids
            and each.allotment.channel == command.channel
            and each.allotment.client_id in {None, client_id}
        )

    def available_cents(self, purse: Purse) -> int:
        return self.as_given(purse).available_cents + self.moved_cents()[purse.id]

    def moved_cents(self) -> Counter[UUID]:
        """What each purse can spend more, or less, than it could."""
        cents: Counter[UUID] = Counter()
        for taken in self.taken_by():
            for hold in taken.holds:
                cents[hold.purse.id] -= hold.cents
        for ended in self.ended:
            for part in ended.undone:
                cents[part.purse_id] += part.cents
            for again in ended.holds:
                cents[again.purse_id] -= again.cents
        return cents

    def taken_by(self) -> list[Booked | Paid]:
        """What took credit."""
        return [*self.booked, *self.paid]

    def gave_back(self) -> list[Ended | Paid]:
        """What sent money back."""
        return [*self.ended, *self.paid]

    def lapses_at(self, purse_id: UUID, given: datetime) -> datetime:
        """As given, or since it was extended."""
        return max(
            [given, *(each.extensions[purse_id] for each in self.ended if purse_id in each.extensions)]
        )

    def standing(self, booking_id: UUID) -> Counter[tuple[int, UUID, bool]]:
        """The cents that stand for a booking, by line and purse, and whether they were settled."""
        cents: Counter[tuple[int, UUID, bool]] = Counter()
        for booking in [each for each in self.facts.bookings if each.id == booking_id]:
            cents += credit_by_purse(booking)
        for taken in [each for each in self.taken_by() if each.booking.id == booking_id]:
            cents.update({(hold.line_no, hold.purse.id, False): hold.cents for hold in taken.holds})
        for ended in [each for each in self.ended if each.booking.id == booking_id]:
            undone = {part.line_no for part in ended.undone}
            cents = Counter({key: n for key, n in cents.items() if key[0] not in undone})
            cents.update({(hold.line_no, hold.purse_id, False): hold.cents for hold in ended.holds})
        return cents

    def pool(self, pool_id: UUID) -> Pool:
        return next(each for each in self.facts.pools if each.id == pool_id)

    def session(self, session_id: UUID) -> Session | None:
        return next((each for each in self.facts.sessions if each.id == session_id), None)

    def as_given(self, purse: Purse) -> Purse:
        return next(each for each in self.facts.purses if each.id == purse.id)

    def stored(self, booking_id: UUID) -> Booking | None:
        """A booking as it stands, with until when its credit can be spent by now."""
        booking = deepcopy(self.bookings.get(booking_id))
        if booking:
            booking.credit = [
                replace(part, lapses_at=self.lapses_at(part.purse_id, part.lapses_at))
                for part in booking.credit
            ]
        return booking

    def remember(self, booking: Booking) -> None:
        check_money(booking)
        self.bookings[booking.id] = deepcopy(booking)

    def sales(self) -> list[Sale]:
        return [each.sale for each in self.taken_by() if each.sale]

    def receipts(self) -> set[UUID]:
        return {*self.facts.receipts, *(each.id for each in self.sales())}

    def payments(self) -> set[UUID | None]:
        return {*self.facts.payments, *(each.payment_id for each in self.sales() if each.payment_id)}


def drawn(pool_id: UUID, bookings: Iterable[Booking]) -> int:
    """Places that bookings have in a pool: of each line, in the pools that it was booked in."""
    return sum(
        ticket.weight
        for booking in bookings
        for line in booking.lines
        for ticket in line.tickets
        if pool_id in line.pool_ids and ticket.status in HAS_A_PLACE
    )


def credit_by_purse(booking: Booking) -> Counter[tuple[int, UUID, bool]]:
    cents: Counter[tuple[int, UUID, bool]] = Counter()
    for part in booking.credit:
        cents[part.line_no, part.purse_id, part.settle_id is not None] += part.cents
    return cents
