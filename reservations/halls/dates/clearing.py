"""Blocking seats on which people sit: who they are, where they could go, and moving them in the same step."""

from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.seating import TicketSeatRow
from reservations.halls.dates.moving import seat_elsewhere
from reservations.halls.dates.sitting import (
    SeatedDate,
    SeatedTicket,
    block,
    parties_of,
    people_in,
    read_seated_date,
)
from reservations.seats.beside import beside
from reservations.seats.best import FreeSeats, count_wheelchairs, middle
from reservations.seats.errors import NoSeats, SeatsTaken, SeatUnknown
from reservations.seats.plan import Seat, seats_in
from reservations.sessions.changing import lock_sessions
from uit.core.errors import Refusal
from uit.database.statements import Executor
from uit.services.audit import Author

TO: Final = "naar-"
"""How the name of the field begins that says where a ticket goes."""


class Relocation(Struct, frozen=True):
    """Somebody who sits where nobody may sit any more, and where they could; None where there is no room.

    `is_apart`: nobody who comes along would be beside a wheelchair of their booking, who is there now.
    """

    ticket: SeatedTicket
    to: str | None
    is_apart: bool = False

    @property
    def field(self) -> str:
        """What names it in a form."""
        return TO + self.ticket.key


def sitting_on(date: SeatedDate, seats: Collection[str]) -> list[SeatedTicket]:
    """The tickets that have any of these seats, from front to back."""
    return [each for each in date.in_order if any(key in seats for key in each.seats)]


def relocations(date: SeatedDate, seats: Sequence[str]) -> list[Relocation]:
    """Where who sits on these seats could go: with those of the same booking, as near as can be.

    The largest parties choose first.
    """
    concerned = sitting_on(date, seats)
    free = FreeSeats(date.plan, {*date.by_seat, *date.blocked, *seats})
    found: dict[str, TicketSeatRow] = {}
    for party in sorted(parties_of(concerned).values(), key=people_in, reverse=True):
        places = places_for(date, free, party)
        free.take(places)
        left = iter(places)
        found |= {each.key: row for each in party if (row := each.at(islice(left, each.weight))).seat}
    apart = date.apart_after(found.values())
    return [
        Relocation(each, found[each.key].seat if each.key in found else None, each.booking_id in apart)
        for each in concerned
    ]


def places_for(date: SeatedDate, free: FreeSeats, party: Sequence[SeatedTicket]) -> list[str]:
    """Seats for all of a party, with a place for each wheelchair among them; none where they do not fit."""
    keys, people = {each.key for each in party}, people_in(party)
    had = [date.plan.seats[key] for each in party for key in each.seats]
    stay = [
        key
        for each in date.sitting
        if each.booking_id == party[0].booking_id and each.key not in keys
        for key in each.seats
    ]
    wheelchairs, is_joined = count_wheelchairs(had), bool(stay)
    if wheelchairs or is_joined:
        return in_order_of(had, beside(free, stay, people, wheelchairs) or [])
    found = free.near(people, middle(had))
    return [seat.key for seat in found] if len(found) == people else []


def in_order_of(had: Sequence[Seat], found: Sequence[Seat]) -> list[str]:
    """The found seats so that who had a place for a wheelchair has one again."""
    by_kind: dict[bool, list[str]] = {True: [], False: []}
    for seat in found:
        by_kind[bool(count_wheelchairs([seat]))].append(seat.key)
    return [by_kind[bool(count_wheelchairs([seat]))].pop(0) for seat in had] if found else []


async def clear(  # noqa: PLR0913, PLR0917  who blocks which seats of what, why, and who goes where
    tx: Executor, author: Author, session_id: UUID, seats: Sequence[str], reason: str, to: Mapping[str, str]
) -> Refusal | None:
    """Let who sits on these seats sit where is said, by the key of their ticket, and block the seats.

    All of it or nothing: somebody who came to sit there meanwhile, or a seat that is gone, is refused.
    """
    await lock_sessions(tx, author.region_id, [session_id])
    date = await read_seated_date(tx, author.region_id, session_id)
    if date is None:
        return SeatUnknown(session_id, next(iter(seats), ""))
    rows = moved_all(date, session_id, seats, to)
    if isinstance(rows, Refusal):
        return rows
    await seat_elsewhere(tx, author, session_id, date, rows)
    for row in rows:
        await author.note(tx, "seat.move", "booking", row.booking_id, seat=row.seat)
    return await block(tx, author, session_id, seats, reason)


def moved_all(
    date: SeatedDate, session_id: UUID, seats: Sequence[str], to: Mapping[str, str]
) -> list[TicketSeatRow] | Refusal:
    """The other seats of all who sit on these."""
    rows, taken = list[TicketSeatRow](), {*date.by_seat, *date.blocked, *seats}
    for ticket in sitting_on(date, seats):
        chosen = seats_in(to.get(ticket.key))
        if len(chosen) != ticket.weight:
            return NoSeats(session_id, ticket.weight, len(date.free), for_wheelchairs=False)
        unknown = next((key for key in chosen if key not in date.plan.seats), None)
        if unknown:
            return SeatUnknown(session_id, unknown)
        gone = tuple(key for key in chosen if key in taken)
        if gone:
            return SeatsTaken(session_id, gone, ())
        taken |= {*chosen}
        rows.append(ticket.at(chosen))
    return rows
