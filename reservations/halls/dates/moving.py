"""Letting somebody sit elsewhere: on seats that are free, or by changing places with another ticket."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from msgspec import Struct

from reservations.booking.notifications import SEATED
from reservations.booking.rows import OutboxRow
from reservations.booking.seat_note import SeatNote
from reservations.booking.seating import TicketSeatRow, write_seats
from reservations.halls.dates.sitting import SeatedDate, SeatedTicket, read_seated_date
from reservations.seats.best import FreeSeats
from reservations.seats.errors import SeatsMiscounted, SeatsTaken, SeatUnknown, WouldSitApart
from reservations.seats.plan import as_text, seats_in
from reservations.sessions.changing import lock_sessions
from uit.core.errors import Refusal
from uit.database.outbox import write_outbox
from uit.database.statements import Executor, Statements, as_json
from uit.services.audit import Author

SQL = Statements(__name__)
clear_seats = SQL.command("clear_seats")


class Elsewhere(Struct, frozen=True):
    """Where a ticket may go, as it is stored with it; `other` is the ticket that would change with it."""

    seats: str
    other: SeatedTicket | None = None


async def move(  # noqa: PLR0913  who moves which ticket of what where, and whether it may sit apart
    tx: Executor, author: Author, session_id: UUID, ticket_key: str, to: str, *, may_sit_apart: bool = False
) -> Refusal | None:
    """Give a ticket other seats; where somebody sits, the two change places. A repeat changes nothing.

    `may_sit_apart`: the desk said that nobody has to sit beside a wheelchair; else that is refused.
    """
    await lock_sessions(tx, author.region_id, [session_id])
    date = await read_seated_date(tx, author.region_id, session_id)
    if date is None:
        return SeatUnknown(session_id, to)
    rows = moved(date, session_id, ticket_key, to)
    if isinstance(rows, Refusal):
        return rows
    if not may_sit_apart and date.apart_after(rows):
        return WouldSitApart(session_id)
    await seat_elsewhere(tx, author, session_id, date, rows)
    for row in rows:
        act = "seat.move" if len(rows) == 1 else "seat.exchange"
        await author.note(tx, act, "booking", row.booking_id, seat=row.seat)
    return None


async def seat_elsewhere(
    tx: Executor, author: Author, session_id: UUID, date: SeatedDate, rows: Sequence[TicketSeatRow]
) -> None:
    """Write other seats on tickets, and tell who has them: each booking once."""
    if not rows:
        return
    await clear_seats(tx, author.region_id, as_json(rows))
    await write_seats(tx, author.region_id, as_json(rows))
    before = {(each.booking_id, each.line_no, each.no): each.seat for each in date.sitting}
    notes: dict[UUID, list[SeatNote]] = {}
    for row in rows:
        had = before[row.booking_id, row.line_no, row.no]
        notes.setdefault(row.booking_id, []).append(SeatNote(row.line_no, row.no, had, row.seat))
    told = [
        OutboxRow(SEATED, booking_id, {"session_id": session_id, "seats": seats})
        for booking_id, seats in notes.items()
    ]
    await write_outbox(tx, author.region_id, as_json(told), author.now)


def moved(date: SeatedDate, session_id: UUID, ticket_key: str, to: str) -> list[TicketSeatRow] | Refusal:
    """The seats that two tickets have then, or one; none when it is so already."""
    ticket, seats = date.ticket(ticket_key), seats_in(to)
    unknown = next((key for key in seats if key not in date.plan.seats), None)
    if ticket is None or unknown or not seats:
        return SeatUnknown(session_id, unknown or to)
    if len(seats) != ticket.weight or len({*seats}) != len(seats):
        return SeatsMiscounted(session_id, len({*seats}), ticket.weight)
    if to == ticket.seat:
        return []
    taken = date.by_seat
    others = {taken[key].key: taken[key] for key in seats if key in taken and taken[key].key != ticket.key}
    if not others and not any(key in date.blocked for key in seats):
        return [ticket.at(seats)]
    for other in others.values():
        if ticket.seats and {*other.seats} == {*seats}:
            return [ticket.at(other.seats), other.at(ticket.seats)]
    gone = tuple(key for key in seats if key in date.blocked or (key in taken and taken[key].key in others))
    return SeatsTaken(session_id, gone, ())


def elsewhere(date: SeatedDate, ticket: SeatedTicket) -> list[Elsewhere]:
    """Where a ticket may go, as it stands in the hall: free seats beside each other, or those of another."""
    found = {seats: Elsewhere(seats) for seats in free_windows(date, ticket)}
    if ticket.seat:
        others = [each for each in date.sitting if each.seat and len(each.seats) == len(ticket.seats)]
        found |= {each.seat: Elsewhere(each.seat, each) for each in others if each.seat}
    found.pop(ticket.seat or "", None)
    order = {key: no for no, key in enumerate(date.plan.seats)}
    return sorted(found.values(), key=lambda each: order.get(seats_in(each.seats)[0], 0))


def free_windows(date: SeatedDate, ticket: SeatedTicket) -> Iterator[str]:
    """So many free seats beside each other as people come by a ticket; its own are free for it."""
    hall = FreeSeats(date.plan, {*date.by_seat, *date.blocked} - {*ticket.seats})
    for no, row in enumerate(date.plan.rows):
        for run in hall.runs(no, for_all=False):
            for start in range(run.start, run.stop - ticket.weight + 1):
                yield as_text(seat.key for seat in row.spots[start : start + ticket.weight] if seat)
