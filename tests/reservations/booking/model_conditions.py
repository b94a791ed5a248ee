"""What an organiser asks for a price, said slowly: everything counted again from the bookings."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from reservations.booking import condition_errors as errors
from reservations.booking.actor import ByStaff
from reservations.booking.commands import Book, RequestedLine
from reservations.booking.condition import Condition
from reservations.booking.facts import Booking, Line, Session
from reservations.booking.tariff import Tariff
from tests.reservations.booking.model_holders import Holders
from tests.reservations.booking.model_paying import HAS_A_PLACE
from uit.core.errors import Refusal

Who = UUID | str | None


class Wish(NamedTuple):
    """So many tickets of a date at a price, for somebody."""

    session_id: UUID
    code: str
    who: Who
    tickets: int


def condition_of(session: Session | None, code: str) -> Condition | None:
    found = [each.condition for each in (session and session.tariffs) or () if each.code == code]
    return found[0] if found else None


def asks(
    model: Holders, command: Book, session: Session, tariff: Tariff, line: RequestedLine
) -> Refusal | None:
    """What one line is refused for."""
    condition = tariff.condition or Condition()
    same_date = [each for each in command.lines if each.session_id == session.id]
    if condition.for_companion:
        known = [each for each in same_date if any(each.tariff == of.code for of in session.tariffs or ())]
        companions = sum(each.places for each in known if is_companion(session, each.tariff))
        tickets = sum(each.places for each in known) - companions
        if companions > tickets:
            return errors.CompanionAlone(session.id, tariff.code, companions, tickets)
    if condition.code_digest:
        at_desk = isinstance(command.by, ByStaff) or command.clerk_id
        if condition.code_until and condition.code_until < model.today:
            return errors.CodeWrong(session.id, tariff.code)
        if line.code_digest is None and not at_desk:
            return errors.CodeAsked(session.id, tariff.code)
        if line.code_digest != condition.code_digest and not at_desk:
            return errors.CodeWrong(session.id, tariff.code)
    return None


def is_companion(session: Session | None, code: str) -> bool:
    condition = condition_of(session, code)
    return condition is not None and condition.for_companion


def wishes_of(model: Holders, command: Book) -> list[Wish]:
    address = command.guest.email if command.guest else None
    return [
        Wish(line.session_id, line.tariff, model.wallet_id(line) or address, line.places)
        for line in command.lines
    ]


def over_limit(model: Holders, wishes: Sequence[Wish]) -> Refusal | None:
    for wish in wishes:
        condition = condition_of(model.session(wish.session_id), wish.code)
        if condition is None:
            continue
        same = [each for each in wishes if (each.session_id, each.code) == (wish.session_id, wish.code)]
        most = condition.most_per_person
        if most and any(total(model, wish, same, [each.who]) > most for each in same):
            return errors.MostPerPerson(wish.session_id, wish.code, most)
        most = condition.most_per_household
        wholes = [whole for each in same for whole in households(model, each.who)]
        if most and any(total(model, wish, same, whole) > most for whole in wholes):
            return errors.MostPerHousehold(wish.session_id, wish.code, most)
        if condition.code_uses is not None:
            dates = dates_of(model, wish)
            asked = sum(
                each.tickets for each in wishes if each.code == wish.code and each.session_id in dates
            )
            left = max(0, condition.code_uses - used(model, wish, dates))
            if asked > left:
                return errors.CodeUsedUp(wish.session_id, wish.code, asked, left)
    return None


def total(model: Holders, wish: Wish, same: Sequence[Wish], people: Sequence[Who]) -> int:
    """What these would have: what they ask, and what they have."""
    asked = sum(each.tickets for each in same if each.who in people)
    return asked + sum(had(model, wish.session_id, wish.code, who) for who in people if who is not None)


def households(model: Holders, who: Who) -> list[list[Who]]:
    """Everybody of each household of somebody; who has none is alone."""
    members = model.facts.conditions.households
    own = [each.household_id for each in members if each.membership_id == who]
    return [[each.membership_id for each in members if each.household_id == one] for one in own] or [[who]]


def had(model: Holders, session_id: UUID, code: str, who: Who) -> int:
    """By bookings that no command is about, and by those we know."""
    unknown = sum(
        each.places
        for each in model.facts.conditions.lines
        if each.booking_id not in model.bookings
        and (each.session_id, each.tariff, each.holder_id or each.address) == (session_id, code, who)
    )
    return unknown + sum(
        standing(line)
        for booking in model.bookings.values()
        for line in booking.lines
        if (line.session_id, line.tariff_code) == (session_id, code)
        and (line.holder_id or address_of(model, booking)) == who
    )


def address_of(model: Holders, booking: Booking) -> str | None:
    """Of the guest of a booking, as it was stored or as it came in."""
    stored = [each.address for each in model.facts.conditions.lines if each.booking_id == booking.id]
    made = [each.guest.email for each in model.booked if each.booking.id == booking.id and each.guest]
    return next((each for each in (*stored, *made) if each), None)


def standing(line: Line) -> int:
    return sum(ticket.status in HAS_A_PLACE for ticket in line.tickets)


def dates_of(model: Holders, wish: Wish) -> set[UUID]:
    """The dates on which the same code is good."""
    events = {
        each.session_id: each.event_id
        for each in model.facts.conditions.code_uses
        if each.tariff == wish.code
    }
    same = {each for each, event_id in events.items() if event_id == events.get(wish.session_id)}
    return same | {wish.session_id}


def used(model: Holders, wish: Wish, dates: set[UUID]) -> int:
    """What was sold by a code before, and what became of it since."""
    found = [each for each in model.facts.conditions.code_uses if each.tariff == wish.code]
    before = next((each.tickets for each in found if each.session_id == wish.session_id), 0)
    since = sold(model.bookings.values(), wish.code, dates) - sold(model.facts.bookings, wish.code, dates)
    return before + since


def sold(bookings: Iterable[Booking], code: str, dates: set[UUID]) -> int:
    lines = (line for booking in bookings for line in booking.lines)
    return sum(standing(line) for line in lines if line.tariff_code == code and line.session_id in dates)


def left_alone(
    model: Holders, booking: Booking, ends: Iterable[tuple[int, int]]
) -> errors.CompanionAlone | None:
    """Whether more companions than others would be left of a date, of who did not come in yet."""
    gone = set(ends)
    dates = {
        line.session_id: line.tariff_code
        for line in booking.lines
        if is_companion(model.session(line.session_id), line.tariff_code)
    }
    for session_id, code in dates.items():
        companions, tickets = 0, 0
        for line in [each for each in booking.lines if each.session_id == session_id]:
            left = [each for each in line.tickets if (line.no, each.no) not in gone]
            if is_companion(model.session(session_id), line.tariff_code):
                companions += sum(each.status in {"held", "confirmed"} for each in left)
            else:
                tickets += sum(each.status in HAS_A_PLACE for each in left)
        if companions > tickets:
            return errors.CompanionAlone(session_id, code, companions, tickets)
    return None
