"""The seats of a change: those that somebody has, those that they choose, and the hall to choose in. Pure."""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.facts import LIVE, Line, Ticket, TicketEnd
from reservations.order.seat_choice import BOX, SEATS, WHEELCHAIRS, Hall, read_seats
from reservations.seats.best import count_wheelchairs
from reservations.seats.facts import Seating
from reservations.seats.plan import SeatPlan
from uit.web.form import read_number

ONE: Final = f"{BOX}-"
"""How the name of the box of a seat begins."""
OF_DATE: Final = "stoelen-voor"
"""The field that says for which date seats were chosen: of another date they mean nothing."""
Key = tuple[str, UUID | None]
"""What tells apart the places of a date: their tariff and their holder."""
Wanted = Mapping[Key, int]
"""How many people come by each."""


class SeatsToChange(Struct, frozen=True):
    """The hall of the date to which one goes; None where seats are not numbered.

    `own` are the seats that one has on that date: they are free in the hall. `wheelchairs`: how many of the
    places that one has are for a wheelchair, where one goes to another date.
    """

    to: UUID
    hall: Hall | None
    own: Mapping[Key, Sequence[str]]
    wheelchairs: Mapping[Key, int]

    @property
    def own_seats(self) -> list[str]:
        return [seat for seats in self.own.values() for seat in seats]

    def chosen_in(self, typed: Mapping[str, str]) -> tuple[str, ...]:
        """The seats of this date that were ticked, or chosen before."""
        if self.hall is None or typed.get(OF_DATE) != str(self.to):
            return ()
        ticked = ",".join(name.removeprefix(ONE) for name in typed if name.startswith(ONE))
        return read_seats(ticked or typed.get(SEATS, ""))

    def asked_wheelchairs(self, typed: Mapping[str, str], places: int) -> int:
        """For how many of the new places a wheelchair was asked for; at first as many as one has."""
        if not self.hall or self.own:
            return 0
        had = sum(self.wheelchairs.values())
        found = read_number(typed.get(WHEELCHAIRS, ""), places)
        return min(had if found is None else found, places)

    def seats_of_each(self, wanted: Wanted, chosen: Sequence[str]) -> dict[Key, tuple[str, ...]]:
        """The chosen seats of each of these: first those that it has already, then the others in their order.

        Seats for another number of places are left out: then one keeps what one has, or gets the best.
        """
        if len(chosen) != sum(wanted.values()):
            return {}
        kept = {
            key: [seat for seat in chosen if seat in self.own.get(key, ())][:count]
            for key, count in wanted.items()
        }
        stay = {seat for seats in kept.values() for seat in seats}
        left = (seat for seat in chosen if seat not in stay)
        return {key: (*seats, *islice(left, wanted[key] - len(seats))) for key, seats in kept.items()}

    def shared_wheelchairs(self, wanted: Wanted, asked: int) -> dict[Key, int]:
        """How many wheelchairs each of these has: first where one had them."""
        found = dict.fromkeys(wanted, 0)
        for most in (self.wheelchairs, wanted):
            for key, count in wanted.items():
                room = min(count, most.get(key, 0)) - found[key]
                found[key] += max(0, min(room, asked - sum(found.values())))
        return found


def seats_to_change(lines: Sequence[Line], seating: Seating, now: UUID, to: UUID) -> SeatsToChange:
    """What is known of seats for who goes from the date `now` to another, or stays on it."""
    own = live_seats(lines, to)
    mine = {seat for seats in own.values() for seat in seats}
    plans = {each.session_id: seating.plans[each.plan_id] for each in seating.sessions}
    gone = {each.session_id: each.gone for each in seating.sessions}
    had = live_seats(lines, now) or seats_called_off(lines, now) if now in plans else {}
    wheelchairs = {key: wheelchairs_in(plans[now], seats) for key, seats in had.items()}
    return SeatsToChange(
        to,
        Hall(plans[to], frozenset(gone[to] - mine)) if to in plans else None,
        own,
        wheelchairs,
    )


def wheelchairs_of(lines: Sequence[Line], seating: Seating) -> dict[Key, int]:
    """How many of the places that one has on any of these dates are for a wheelchair."""
    found: dict[Key, int] = {}
    for each in seating.sessions:
        for key, seats in live_seats(lines, each.session_id).items():
            count = wheelchairs_in(seating.plans[each.plan_id], seats)
            found[key] = max(found.get(key, 0), count)
    return found


def live_seats(lines: Sequence[Line], session_id: UUID) -> dict[Key, list[str]]:
    """The seats that one has on a date, by tariff and holder."""
    return seats_where(lines, session_id, lambda ticket: ticket.status in LIVE)


def seats_called_off(lines: Sequence[Line], session_id: UUID) -> dict[Key, list[str]]:
    """The seats that one had on a date that was called off."""
    return seats_where(lines, session_id, lambda ticket: ticket.end is TicketEnd.CALLED_OFF)


def seats_where(
    lines: Sequence[Line], session_id: UUID, counts: Callable[[Ticket], bool]
) -> dict[Key, list[str]]:
    found: dict[Key, list[str]] = {}
    for line in lines:
        for ticket in line.tickets if line.session_id == session_id else ():
            if counts(ticket) and ticket.seat:
                found.setdefault((line.tariff_code, line.holder_id), []).extend(ticket.seats)
    return found


def wheelchairs_in(plan: SeatPlan, seats: Sequence[str]) -> int:
    return count_wheelchairs(plan.seats[key] for key in seats if key in plan.seats)
