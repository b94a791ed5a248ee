"""The lines of a booking before it is made: who may have which places, and what they cost. Pure."""

from collections.abc import Sequence

from reservations.booking.commands import Book, ByClient, RequestedLine
from reservations.booking.entitlement import guest_refusal, tariff_refusal
from reservations.booking.facts import Holder, Line, Session, Tariff, Ticket, TicketStatus
from reservations.booking.remaining import Remaining
from reservations.errors import NotYourSession, SessionUnknown, TariffUnknown, TooFewPlaces
from uit.core.errors import Refusal


def lines_for(remaining: Remaining, command: Book) -> list[Line] | Refusal:
    """The lines of the booking, or the first reason why one of their holders may not have it."""
    holders: list[Holder | None] = []
    for requested in command.lines:
        holder = remaining.holder(requested.holder) if requested.holder else None
        if isinstance(holder, Refusal):
            return holder
        holders.append(holder)
    lines: list[Line] = []
    for requested in command.lines:
        line = line_for(remaining, command, requested, len(lines) + 1, holders)
        if isinstance(line, Refusal):
            return line
        lines.append(line)
    return lines


def line_for(
    remaining: Remaining, command: Book, requested: RequestedLine, no: int, holders: Sequence[Holder | None]
) -> Line | Refusal:
    """The line with this number, from 1, for its holder among those of all lines.

    Refused: a session or tariff that is not there, not theirs to sell, not on sale, or not for this holder;
    and fewer places than the tariff is sold for.
    """
    holder = holders[no - 1]
    session = remaining.sessions.get(requested.session_id)
    if session is None:
        return SessionUnknown(requested.session_id)
    if isinstance(command.by, ByClient) and session.organiser_id not in command.by.organiser_ids:
        return NotYourSession(session.id)
    refusal = remaining.sale_refusal(session)
    if refusal:
        return refusal
    tariff = session.tariff(requested.tariff)
    if tariff is None:
        return TariffUnknown(session.id, requested.tariff)
    if holder is None:
        refusal = guest_refusal(session, tariff, command.by)
    else:
        theirs = [each for each, by in zip(command.lines, holders, strict=True) if by and by.id == holder.id]
        places_taken = remaining.personal.places(session.id, holder.id)
        refusal = tariff_refusal(session, tariff, holder, theirs, places_taken)
    if refusal is None and requested.places < tariff.least:
        refusal = TooFewPlaces(session.id, tariff.code, requested.places, tariff.least)
    return refusal or line_of(no, session, tariff, holder, requested.places)


def line_of(no: int, session: Session, tariff: Tariff, holder: Holder | None, places: int) -> Line:
    """The line, as if all of it were confirmed; what credit pays of it is written when that is known."""
    return Line(
        no=no,
        session_id=session.id,
        tariff_code=tariff.code,
        rank=tariff.rank,
        holder_id=holder.id if holder else None,
        wallet_id=holder.id if holder else None,
        card_id=holder.card_id if holder else None,
        seller_id=session.organiser_id,
        places=places,
        price_cents=tariff.price_cents * places,
        credit_cents=0,
        vat_code=tariff.vat_code,
        pool_ids=tariff.pool_ids,
        tickets=[Ticket(no, TicketStatus.CONFIRMED, tariff.weight) for no in range(1, places + 1)],
        cancel_fee_cents=session.terms.cancel_fee_cents if session.terms else 0,
        mandate_id=session.terms.mandate_id if session.terms else None,
    )
