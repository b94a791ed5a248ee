"""Which seats the lines of a booking get: those that were chosen, or the best that are free. Pure.

A kind of place, as `places.Availability` says: what was given to one is gone for the next.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from uuid import UUID

from reservations.booking.commands import RequestedLine
from reservations.booking.due import TicketsByLine
from reservations.booking.facts import Line, Ticket
from reservations.seats.beside import beside
from reservations.seats.best import FreeSeats, count_wheelchairs, middle
from reservations.seats.companions import sits_apart
from reservations.seats.errors import (
    NoSeats,
    NotNumbered,
    SeatsApart,
    SeatsMiscounted,
    SeatsTaken,
    SeatUnknown,
)
from reservations.seats.facts import Seating, seat_pools
from reservations.seats.plan import Seat, SeatKind, SeatPlan, as_text
from uit.core.errors import Refusal

Asked = tuple[Line, RequestedLine]


class RemainingSeats:
    """The free seats of each session that has a plan; where none has, it does nothing."""

    def __init__(self, seating: Seating) -> None:
        self._halls = {
            each.session_id: FreeSeats(seating.plans[each.plan_id], each.gone) for each in seating.sessions
        }
        self._freed: set[tuple[UUID, str]] = set()

    def copy(self) -> "RemainingSeats":
        copied = RemainingSeats(Seating())
        copied._halls = {session_id: hall.copy() for session_id, hall in self._halls.items()}
        copied._freed = set(self._freed)
        return copied

    def seat(
        self, lines: Sequence[Line], requested: Sequence[RequestedLine], kept: TicketsByLine = ()
    ) -> Refusal | None:
        """Write a seat on each ticket, or say why there is none. Who books together sits together.

        `kept`: the tickets of the same booking that stay where they are; who joins them sits beside them.
        """
        if not self._halls:
            return next((NotNumbered(each.session_id) for each in requested if each.seats), None)
        by_session: dict[UUID, list[Asked]] = {}
        for line, asked in zip(lines, requested, strict=True):
            by_session.setdefault(line.session_id, []).append((line, asked))
        own = seats_by_session(kept)
        refusals = (self._seat(*each, own.get(each[0], ())) for each in by_session.items())
        return next(filter(None, refusals), None)

    def _seat(self, session_id: UUID, asked: Sequence[Asked], own: Sequence[str]) -> Refusal | None:
        hall = self._halls.get(session_id)
        if hall is None:
            chosen = any(each.seats for _, each in asked)
            return NotNumbered(session_id) if chosen else None
        refusal = next(filter(None, (refusal_of(hall.plan, *each) for each in asked)), None)
        chosen_seats = [key for _, each in asked for key in each.seats]
        refusal = refusal or seats_gone(hall, session_id, chosen_seats)
        if refusal:
            return refusal
        hall.take(chosen_seats)
        others = [each for each in asked if not each[1].seats]
        found = seat_others(hall, session_id, others, [*own, *chosen_seats])
        hall.give_back(chosen_seats)
        if isinstance(found, Refusal):
            return found
        for line, each in asked:
            seats = iter(each.seats or [found.pop(0) for _ in range(line.weight)])
            for ticket in line.tickets:
                ticket.seat = as_text(islice(seats, ticket.weight))
        return None

    def left(self) -> dict[UUID, int]:
        """How many seats of each kind are free, as a waiting list knows them."""
        found: dict[UUID, int] = {}
        for session_id, hall in self._halls.items():
            pools = seat_pools(session_id)
            found[pools.wheelchairs] = hall.left(wheelchair=True)
            found[pools.others] = hall.left(wheelchair=False)
        return found

    def are_numbered(self, session_id: UUID) -> bool:
        return session_id in self._halls

    def empty_hall(self, session_id: UUID) -> FreeSeats | None:
        """The hall of a session as if nobody had a seat; None where they are not numbered."""
        hall = self._halls.get(session_id)
        return FreeSeats(hall.plan) if hall else None

    def wheelchairs(self, session_id: UUID, seats: Iterable[str]) -> int:
        """How many of these seats are for a wheelchair."""
        plan = self._halls[session_id].plan.seats if session_id in self._halls else {}
        return count_wheelchairs(plan[key] for key in seats if key in plan)

    def lacking(self, wanted: TicketsByLine) -> Refusal | None:
        """Whether the seat that a ticket has is not free any more, as of one that lapsed.

        For one that lapsed, a seat that becomes free in this batch is not: both are written at one moment.
        """
        for session_id, ticket, seat in self._seats_of(wanted):
            is_late = ticket.end is not None and (session_id, seat) in self._freed
            if is_late or seat not in self._halls[session_id]:
                return SeatsTaken(session_id, (seat,), ())
        return None

    def take(self, wanted: TicketsByLine) -> None:
        for session_id, _, seat in self._seats_of(wanted):
            self._halls[session_id].take([seat])

    def give_back(self, ended: TicketsByLine) -> None:
        for session_id, _, seat in self._seats_of(ended):
            self._halls[session_id].give_back([seat])
            self._freed.add((session_id, seat))

    def _seats_of(self, tickets: TicketsByLine) -> Iterator[tuple[UUID, Ticket, str]]:
        """The seats of tickets where seats are numbered."""
        for line, each in tickets if self._halls else ():
            for ticket in each if line.session_id in self._halls else ():
                for seat in ticket.seats:
                    yield line.session_id, ticket, seat


def refusal_of(plan: SeatPlan, line: Line, asked: RequestedLine) -> Refusal | None:
    """Whether what was asked makes no sense, whatever is free."""
    people = line.weight
    if asked.seats and len(asked.seats) != people:
        return SeatsMiscounted(line.session_id, len(asked.seats), people)
    if asked.wheelchairs > people:
        return SeatsMiscounted(line.session_id, asked.wheelchairs, people)
    return next((SeatUnknown(line.session_id, key) for key in asked.seats if key not in plan.seats), None)


def seats_gone(hall: FreeSeats, session_id: UUID, chosen: Sequence[str]) -> SeatsTaken | None:
    """Whether chosen seats are not free, or chosen twice, and then which are the nearest that are."""
    gone = [key for no, key in enumerate(chosen) if key not in hall or key in chosen[:no]]
    if not gone:
        return None
    kept = [key for key in chosen if key in hall]
    hall.take(kept)
    nearest = hall.near(len(gone), middle([hall.plan.seats[gone[0]]]))
    hall.give_back(kept)
    return SeatsTaken(session_id, tuple(gone), tuple(seat.key for seat in nearest))


def seats_by_session(tickets: TicketsByLine) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for line, each in tickets:
        found.setdefault(line.session_id, []).extend(seat for ticket in each for seat in ticket.seats)
    return found


def seat_others(
    hall: FreeSeats, session_id: UUID, asked: Sequence[Asked], own: Sequence[str]
) -> list[str] | NoSeats | SeatsApart:
    """The best seats for lines that chose none, in the order of tickets; in a line wheelchairs first.

    `own`: those that the others of the same booking have, or chose.
    """
    places = sum(line.weight for line, _ in asked)
    wheelchairs = sum(each.wheelchairs for _, each in asked)
    best = beside(hall, own, places, wheelchairs)
    if best is None:
        lacks = hall.left(wheelchair=True) < wheelchairs
        asked_for = wheelchairs if lacks else places - wheelchairs
        return NoSeats(session_id, asked_for, hall.left(wheelchair=lacks), lacks)
    if sits_apart(hall.plan, [*own, *(seat.key for seat in best)]) > sits_apart(hall.plan, own):
        return SeatsApart(session_id)
    with_wheel, others = by_kind(best)
    found = []
    for line, each in asked:
        for queue, count in ((with_wheel, each.wheelchairs), (others, line.weight - each.wheelchairs)):
            found += [queue.pop(0) for _ in range(count)]
    return found


def by_kind(seats: Sequence[Seat]) -> tuple[list[str], list[str]]:
    """Seats for wheelchairs, and the others."""
    return (
        [seat.key for seat in seats if seat.kind is SeatKind.WHEELCHAIR],
        [seat.key for seat in seats if seat.kind is not SeatKind.WHEELCHAIR],
    )
