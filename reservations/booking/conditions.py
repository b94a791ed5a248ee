"""What a price asks of one booking: a companion beside somebody, and the code of its organiser. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from reservations.booking.actor import ByStaff
from reservations.booking.commands import Book, RequestedLine
from reservations.booking.condition_errors import CodeAsked, CodeWrong, CompanionAlone
from reservations.booking.facts import LIVE, STANDING, Booking, Line, Session
from reservations.booking.tariff import Tariff
from uit.core.errors import Refusal
from uit.core.secret import equal_in_constant_time


def condition_refusal(
    session: Session, tariff: Tariff, requested: RequestedLine, command: Book, today: date
) -> Refusal | None:
    """Whether a line of a booking may be had at this price, by what its organiser asks."""
    condition = tariff.condition
    if condition is None:
        return None
    together = command.beside or command.lines
    if condition.for_companion and (alone := alone_in(session, tariff, together)):
        return alone
    return code_refusal(session, tariff, requested, command, today)


def code_refusal(
    session: Session, tariff: Tariff, requested: RequestedLine, command: Book, today: date
) -> Refusal | None:
    """Whether a price asks a code that was not given.

    Who sells for the organiser gives the price themselves. A clerk of a municipality types the code.
    """
    condition = tariff.condition
    if condition is None or condition.code_digest is None or requested.has_code:
        return None
    if condition.code_until is not None and condition.code_until < today:
        return CodeWrong(session.id, tariff.code)
    if (isinstance(command.by, ByStaff) or command.clerk_id) and not command.types_code:
        return None
    if requested.code_digest is None:
        return CodeAsked(session.id, tariff.code)
    same = equal_in_constant_time(requested.code_digest, condition.code_digest)
    return None if same else CodeWrong(session.id, tariff.code)


def alone_in(session: Session, tariff: Tariff, together: Iterable[RequestedLine]) -> CompanionAlone | None:
    """Whether more companions are asked for than tickets beside which they would be."""
    companions, tickets = 0, 0
    for each in together:
        asked = session.tariff(each.tariff) if each.session_id == session.id else None
        if asked and asked.is_for_companion:
            companions += each.places
        elif asked:
            tickets += each.places
    return CompanionAlone(session.id, tariff.code, companions, tickets) if companions > tickets else None


def left_alone(
    booking: Booking, sessions: Mapping[UUID, Session], ending: Collection[tuple[int, int]]
) -> CompanionAlone | None:
    """Whether a companion would be alone when these tickets end, by the numbers of line and ticket.

    Who came in already is let be.
    """
    companions: dict[UUID, Line] = {}
    alone: Counter[UUID] = Counter()
    tickets: Counter[UUID] = Counter()
    for line in booking.lines:
        tariff = sessions[line.session_id].tariff(line.tariff_code)
        left = [each for each in line.tickets if (line.no, each.no) not in ending]
        if tariff and tariff.is_for_companion:
            companions[line.session_id] = line
            alone[line.session_id] += sum(each.status in LIVE for each in left)
        else:
            tickets[line.session_id] += sum(each.status in STANDING for each in left)
    for session_id, line in companions.items():
        if alone[session_id] > tickets[session_id]:
            return CompanionAlone(session_id, line.tariff_code, alone[session_id], tickets[session_id])
    return None
