"""A town as anybody would keep it on paper: every figure summed up from the start, every rule said once.

It shares with `reservations` what goes in, and nothing of what lies between. Where more than one answer is
right, as which seats are best or which line credit pays first, it takes the one that was given and judges it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from tests.reservations.all_verbs.records import Booking, Entry, Line, Ticket, Wanted
from tests.reservations.all_verbs.seen import Seen
from tests.reservations.all_verbs.town import FEES, Date, Pool, Town


class Paper:
    """All that is known of a region."""

    def __init__(self, town: Town) -> None:
        self.now = town.began_at
        self.fees = dict(zip(town.organisers, FEES, strict=True))
        self.pools: dict[UUID, Pool] = dict(town.pools)
        self.capacities = {key: each.capacity for key, each in town.pools.items()}
        self.dates = {each.session.id: each for each in town.dates}
        self.called_off: set[UUID] = set()
        self.moved_at: dict[UUID, datetime] = {}
        self.blocked: set[str] = set()
        self.measures: dict[UUID, tuple[UUID | None, int | None, int | None]] = {}
        self.released = False
        self.credit: dict[UUID, int] = {}
        self.bookings: dict[UUID, Booking] = {}
        self.line: list[Entry] = []
        self.keeps = {each.session.event_id: each.keeps for each in town.dates}
        self.changes: dict[UUID, str] = {}
        self.of_changes: set[UUID] = set()
        self.kept_ids: set[UUID] = set()

    # Places

    def every_booking(self) -> Iterable[Booking]:
        return [*self.bookings.values(), *(each.kept for each in self.line if each.kept)]

    def taken(self, pool_id: UUID) -> int:
        return sum(
            ticket.weight
            for booking in self.every_booking()
            for line, ticket in booking.standing
            if pool_id in line.pool_ids
        )

    def apart(self, pool_id: UUID) -> int:
        """What is still set apart in a room."""
        return sum(
            max(0, self.capacities[key] - self.taken(key))
            for key, each in self.pools.items()
            if each.kind == "allotment" and each.room_id == pool_id and not self.released
        )

    def cap(self, pool_id: UUID) -> int:
        """What the measures leave of a pool, and what is on sale of it."""
        pool = self.pools[pool_id]
        if pool.kind != "room" or pool.session_id is None:
            return self.capacities[pool_id]
        organiser_id = self.dates[pool.session_id].session.organiser_id
        caps = [
            pool.licensed * percent // 100 if percent is not None else places or 0
            for whose, places, percent in self.measures.values()
            if whose in {None, organiser_id}
        ]
        return min([self.capacities[pool_id], *caps])

    def free(self, pool_id: UUID) -> int:
        """What anybody can have; below nought under a measure that leaves less than was sold."""
        return self.cap(pool_id) - self.taken(pool_id) - self.apart(pool_id)

    def all_free(self) -> dict[UUID, int]:
        return {key: self.free(key) for key, each in self.pools.items() if each.kind != "allotment"}

    def lacks(self, lines: Sequence[Line]) -> bool:
        """Whether these lines do not fit, beside all that stands: one place after another."""
        asked = {
            pool_id: sum(
                ticket.weight for line in lines if pool_id in line.pool_ids for ticket in line.tickets
            )
            for line in lines
            for pool_id in line.pool_ids
        }
        return any(
            places > self.left(pool_id, asked)
            for pool_id, places in asked.items()
            if self.pools[pool_id].kind != "allotment"
        )

    def left(self, pool_id: UUID, asked: dict[UUID, int]) -> int:
        """For who asks so many of each: what anybody can have, and what is set apart for them."""
        own = [key for key in asked if self.pools[key].kind == "allotment" and not self.released]
        own = [key for key in own if self.pools[key].room_id == pool_id]
        mine = sum(max(0, self.capacities[key] - self.taken(key)) for key in own)
        drawn = sum(min(max(0, self.capacities[key] - self.taken(key)), asked[key]) for key in own)
        free = self.free(pool_id)
        return min(max(0, free) + drawn, max(0, free + mine))

    def free_seats(self, date: Date) -> set[str]:
        taken = {
            ticket.seat
            for booking in self.every_booking()
            for line, ticket in booking.standing
            if line.session_id == date.session.id
        }
        return set(date.seats) - taken - self.blocked

    def not_seated(self, wanted: Sequence[Wanted]) -> str | None:
        """Why these cannot sit, chosen or not."""
        for session_id in dict.fromkeys(each.session_id for each in wanted):
            date = self.dates[session_id]
            if not date.seats:
                continue
            theirs = [each for each in wanted if each.session_id == session_id]
            chosen = [seat for each in theirs for seat in each.seats]
            free = self.free_seats(date)
            if not free.issuperset(chosen) or len({*chosen}) < len(chosen):
                return "reservations.seats_taken"
            if sum(each.places for each in theirs) > len(free):
                return "reservations.no_seats"
        return None

    # What may be had

    def not_on_sale(self, session_id: UUID) -> str | None:
        if session_id in self.called_off:
            return "reservations.session_cancelled"
        return None if self.now < self.dates[session_id].sale_closes_at else "reservations.not_on_sale"

    def refused_of(self, wanted: Sequence[Wanted]) -> str | None:
        return next((why for each in wanted if (why := self.not_on_sale(each.session_id))), None)

    def line_of(self, no: int, wanted: Wanted, channel: str) -> Line:
        date = self.dates[wanted.session_id]
        tariff = date.tariffs[wanted.tariff]
        tickets = [Ticket(n, tariff.weight) for n in range(1, wanted.places + 1)]
        apart = [
            key
            for key, each in self.pools.items()
            if each.kind == "allotment" and each.room_id in tariff.pool_ids
            if channel == "api" and not self.released
        ]
        pool_ids = (*tariff.pool_ids, *apart)
        return Line(
            no,
            wanted.session_id,
            date.session.organiser_id,
            wanted.tariff,
            tariff.price_cents,
            wanted.holder_id,
            pool_ids,
            tickets,
            self.fees[date.session.organiser_id],
        )

    # As it is seen

    def adopt_seats(
        self, lines: Sequence[Line], wanted: Sequence[Wanted], seen: Seen, booking_id: UUID
    ) -> None:
        """The seats that were given: free, one for each, and those that were chosen."""
        given = {(each.line_no, each.no): each.seat for each in seen.booking(booking_id).tickets}
        for line, each in zip(lines, wanted, strict=True):
            seats = [given[line.no, ticket.no] for ticket in line.tickets]
            date = self.dates[line.session_id]
            if not date.seats:
                assert seats == [None] * len(seats)
                continue
            free = self.free_seats(date) - {ticket.seat for other in lines for ticket in other.tickets}
            assert None not in seats
            assert len({*seats}) == len(seats)
            assert free.issuperset(map(str, seats)), (seats, free)
            assert not each.seats or {*seats} == {*each.seats}, (seats, each.seats)
            for ticket, seat in zip(line.tickets, seats, strict=True):
                ticket.seat = seat

    def adopt_credit(self, lines: Sequence[Line], cents: int, seen: Seen, booking_id: UUID) -> None:
        """How credit was spread over lines that it pays `cents` of."""
        given = {each.no: each.credit_cents for each in seen.booking(booking_id).lines}
        assert sum(given[each.no] for each in lines) == cents, (given, cents)
        for each in lines:
            assert 0 <= given[each.no] <= each.price_cents
            each.pay(given[each.no])
