"""The lines of a booking before it is made: who may have which places, and what they cost. Pure."""

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from reservations.booking.actor import (
    Actor,
    ByClient,
    ByGroup,
    ByHolder,
    ByPartner,
    ByRepresentative,
    ByStaff,
    GroupProof,
    MembershipProof,
)
from reservations.booking.changed_content import whose
from reservations.booking.commands import Book, RequestedLine
from reservations.booking.conditions import condition_refusal
from reservations.booking.entitlement import group_refusal, guest_refusal, tariff_refusal
from reservations.booking.facts import Group, Holder, Line, Session, Ticket, TicketStatus
from reservations.booking.remaining import Remaining
from reservations.booking.tariff import Tariff
from reservations.errors import MayNotAct, NotYourSession, SessionUnknown, TariffUnknown, TooFewPlaces
from reservations.turn_card.errors import TurnCardUnknown
from reservations.turn_card.turn_card import TurnCard
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
    priced = remaining.courses.priced(command.lines, lines, remaining.sessions, remaining.now)
    return priced if isinstance(priced, Refusal) else paid_with_turns(remaining, command, priced)


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
        refusal = guest_refusal(session, tariff)
    elif isinstance(holder, Group):
        refusal = group_refusal(session, tariff, holder)
    else:
        theirs = [each for each, by in zip(command.lines, holders, strict=True) if by and by.id == holder.id]
        places_taken = remaining.personal.places(session.id, holder.id)
        beside = all_of_holder(remaining, command, holder) if command.beside else theirs
        refusal = tariff_refusal(session, tariff, holder, theirs, places_taken, beside)
    if refusal is None and requested.places < tariff.least:
        refusal = TooFewPlaces(session.id, tariff.code, requested.places, tariff.least)
    refusal = refusal or condition_refusal(session, tariff, requested, command, remaining.today)
    pool_ids = remaining.pools.drawn_on(session, tariff, command)
    return refusal or line_of(no, session, tariff, holder, requested.places, pool_ids)


def all_of_holder(remaining: Remaining, command: Book, holder: Holder) -> list[RequestedLine]:
    """All that a holder will have by a booking that changes."""
    return [each for each in command.beside if each.holder and whose(remaining, each.holder) == holder.id]


def refuse_acting(
    remaining: Remaining, by: Actor, lines: Sequence[RequestedLine | Line], booked_by: UUID | None = None
) -> MayNotAct | None:
    """Whether somebody may not act for all who hold these lines; for a group only its workers do.

    `booked_by`: the group that made the booking that changes, which staff may change for that group alone.
    """
    group_id = by.group_id if isinstance(by, ByGroup) else booked_by if isinstance(by, ByStaff) else None
    if any(group_of(line) not in {None, group_id} for line in lines):
        return MayNotAct()
    if isinstance(by, ByGroup):
        return None if all(isinstance(line, Line) or group_of(line) for line in lines) else MayNotAct()
    if not isinstance(by, ByRepresentative | ByPartner):
        return None
    return None if remaining.may_act(by, map(holder_id_of, lines)) else MayNotAct()


def group_of(line: RequestedLine | Line) -> UUID | None:
    """The group for which a line is asked; None for one that is booked already."""
    if isinstance(line, RequestedLine) and isinstance(line.holder, GroupProof):
        return line.holder.group_id
    return None


def holder_id_of(line: RequestedLine | Line) -> UUID | None:
    """Whom a line is for; None for a guest, and for a card that was shown."""
    if isinstance(line, Line):
        return line.holder_id
    return line.holder.membership_id if isinstance(line.holder, MembershipProof) else None


def line_of(  # noqa: PLR0913, PLR0917  all that a line is made of
    no: int,
    session: Session,
    tariff: Tariff,
    holder: Holder | None,
    places: int,
    pool_ids: tuple[UUID, ...],
) -> Line:
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
        pool_ids=pool_ids,
        tickets=[Ticket(no, TicketStatus.CONFIRMED, tariff.weight) for no in range(1, places + 1)],
        cancel_fee_cents=session.terms.cancel_fee_cents if session.terms else 0,
        mandate_id=session.terms.mandate_id if session.terms else None,
    )


def paid_with_turns(remaining: Remaining, command: Book, lines: list[Line]) -> list[Line] | Refusal:
    """The lines, of which those that take turns of a card cost nothing else; or why one may not.

    What is free takes no turn.
    """
    if not any(each.turn_card for each in command.lines):
        return lines
    paid, taken = list[Line](), remaining.turn_cards.copy()
    for requested, line in zip(command.lines, lines, strict=True):
        key = requested.turn_card
        if key is None or line.price_cents == 0:
            paid.append(line)
            continue
        card = taken.card(key)
        if card is None or not may_take_turns(remaining, command, card, line, lines):
            return TurnCardUnknown(key.booking_id)
        session, holder = remaining.sessions[line.session_id], holder_of(remaining, requested)
        refusal = taken.refusal(card, line, session, holder, lines)
        if refusal:
            return refusal
        paid.append(replace(line, price_cents=0, cancel_fee_cents=0, turn_card=key))
        taken.take(command.booking_id, paid[-1:])
    return paid


def holder_of(remaining: Remaining, requested: RequestedLine) -> Holder | None:
    """Who comes; None for a guest, and where they are not known."""
    found = remaining.holder(requested.holder) if requested.holder else None
    return found if isinstance(found, Holder) else None


def may_take_turns(
    remaining: Remaining, command: Book, card: TurnCard, line: Line, lines: Sequence[Line]
) -> bool:
    """Whether turns of a card are for who comes: its holder, or by who books for its holder also others."""
    if card.holder_id is None or line.holder_id == card.holder_id:
        return card.holder_id is not None
    if not card.rules.shared:
        return False
    match command.by:
        case ByHolder():
            return command.by.membership_id == card.holder_id
        case ByRepresentative() | ByPartner():
            return remaining.may_act(command.by, [card.holder_id])
        case _:
            return any(each.holder_id == card.holder_id for each in lines)
