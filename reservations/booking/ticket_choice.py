"""Which tickets of a booking somebody may end, and what that end is called. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from reservations.booking.actor import (
    Actor,
    ByClient,
    ByGroup,
    ByGuest,
    ByHolder,
    ByPartner,
    ByRepresentative,
    ByStaff,
    ByWorker,
)
from reservations.booking.commands import ChosenTickets
from reservations.booking.facts import (
    LIVE,
    USED,
    Booking,
    Line,
    Session,
    Ticket,
    TicketEnd,
)
from reservations.errors import AlreadyUsed, LineUnknown, TooLate
from uit.core.errors import Refusal

BY_CHOICE: Final = frozenset({TicketEnd.GIVEN_UP, TicketEnd.MOVED_AWAY})
"""How a ticket ends that its holder or their client gives up."""


def lines_of(by: Actor, booking: Booking) -> list[Line]:
    """The lines that somebody may give up: those of their own booking, or those that they hold themselves.

    Who acts for others has what they made for them and for themselves, and nothing that anybody else made.
    Who has the link of a guest has all of its booking, also when a client made it for them.
    """
    match by:
        case ByStaff() | ByWorker():
            return booking.lines
        case ByHolder(membership_id) if booking.by != by.as_stored():
            return [line for line in booking.lines if line.holder_id == membership_id]
        case ByRepresentative() | ByPartner():
            made = booking.by == by.as_stored()
            return [line for line in booking.lines if made and by.is_for(line.holder_id)]
        case ByGroup(group_id):
            return booking.lines if booking.by.group_id == group_id else []
        case ByGuest(booking_id):
            return booking.lines if booking_id == str(booking.id) else []
        case ByHolder() | ByClient():
            return booking.lines if booking.by == by.as_stored() else []


def choose(
    booking: Booking, lines: Sequence[Line], chosen: Sequence[ChosenTickets]
) -> list[tuple[Line, list[Ticket]]] | Refusal:
    """The live tickets that are meant, each once, by line. What ended before is left out.

    What is not there is refused first, and then what was used; a line may be named more than once.
    """
    if not chosen:
        return choose_all(booking, lines)
    by_no = {line.no: line for line in lines}
    refusal = unknown_among(booking, by_no, chosen)
    if refusal:
        return refusal
    found: dict[int, set[int]] = {}
    for each in chosen:
        tickets = [
            ticket
            for ticket in by_no[each.line_no].tickets
            if not each.ticket_nos or ticket.no in each.ticket_nos
        ]
        used = [ticket for ticket in tickets if ticket.status in USED]
        if used and (each.ticket_nos or len(used) == len(tickets)):
            return AlreadyUsed(booking.id, each.line_no)
        live = {ticket.no for ticket in tickets if ticket.status in LIVE}
        found.setdefault(each.line_no, set()).update(live)
    return [
        (by_no[no], [each for each in by_no[no].tickets if each.no in live]) for no, live in found.items()
    ]


def choose_all(booking: Booking, lines: Sequence[Line]) -> list[tuple[Line, list[Ticket]]] | Refusal:
    """Every live ticket. Where the only tickets left were used, that is refused, unless it is a repeat."""
    live = [(line, [each for each in line.tickets if each.status in LIVE]) for line in lines]
    is_repeat = any(ticket.end in BY_CHOICE for line in lines for ticket in line.tickets)
    if is_repeat or any(tickets for _, tickets in live):
        return live
    used = next((line for line in lines if any(each.status in USED for each in line.tickets)), None)
    return AlreadyUsed(booking.id, used.no) if used else live


def unknown_among(
    booking: Booking, by_no: Mapping[int, Line], chosen: Sequence[ChosenTickets]
) -> LineUnknown | None:
    for each in chosen:
        line = by_no.get(each.line_no)
        if line is None:
            return LineUnknown(booking.id, each.line_no)
        missing = set(each.ticket_nos) - {ticket.no for ticket in line.tickets}
        if missing:
            return LineUnknown(booking.id, line.no, next(no for no in each.ticket_nos if no in missing))
    return None


def end_of(by: Actor, booking: Booking, line: Line, session: Session, now: datetime) -> TicketEnd | TooLate:
    """How tickets of a line end when somebody gives them up now, or that it is too late for that."""
    if session.status == "cancelled":
        return TicketEnd.CALLED_OFF
    if isinstance(by, ByWorker) or (isinstance(by, ByStaff) and not by.by_rules):
        return TicketEnd.WITHDRAWN
    if session.may_be_left(booking.made_at, now):
        return TicketEnd.MOVED_AWAY
    if now > session.cancel_until:
        return TooLate(booking.id, session.cancel_until, line.no)
    return TicketEnd.GIVEN_UP
