"""A sale to who has no pass: the places of one date, and the booking that is made of them. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from credits.till.sale import Sale, SaleLine
from reservations.booking.actor import ByStaff
from reservations.booking.answers import Booked
from reservations.booking.commands import Book, PayWith, RequestedLine, bound_to
from reservations.booking.decide import decide
from reservations.booking.facts import Facts, Session
from reservations.order.choice import Choice
from reservations.order.course_order import CourseOrder
from reservations.order.form import Form
from reservations.order.offer import SessionOffer
from reservations.order.seat_choice import with_seats
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal
from uit.core.formats import day
from uit.core.translation import gettext as _


def sold_lines(event: str, offer: SessionOffer, places: Mapping[str, int]) -> tuple[SaleLine, ...]:
    """What is sold, as the receipt names it, in the order of the lines of the booking."""
    wanted = [each for each in offer.in_order if places.get(each.key)]
    return tuple(
        SaleLine(
            no=no,
            words=words_of(event, choice),
            vat_code=vat_code_of(offer, choice.code),
            amount_cents=choice.price_cents * places[choice.key],
            places=places[choice.key],
            booking_line_no=no,
        )
        for no, choice in enumerate(wanted, start=1)
    )


def enrolled_lines(
    course: CourseOrder, offer: SessionOffer, places: Mapping[str, int]
) -> tuple[SaleLine, ...]:
    """What is sold of a course, as the receipt names it: each date with its part of the price."""
    sessions = sorted(offer.facts.sessions, key=lambda each: course.chosen.index(each.id))
    found = [
        (session, choice, cents)
        for choice in offer.in_order
        if places.get(choice.key)
        for session, cents in zip(sessions, parts_of(course, sessions, choice.code), strict=True)
    ]
    return tuple(
        SaleLine(
            no=no,
            words=f"{course.course.name} · {day(day_in_flanders(session.starts_at))}",
            vat_code=vat_code_in(session, choice.code),
            amount_cents=cents * places[choice.key],
            places=places[choice.key],
            booking_line_no=no,
        )
        for no, (session, choice, cents) in enumerate(found, start=1)
    )


def parts_of(course: CourseOrder, sessions: Sequence[Session], code: str) -> list[int]:
    tariffs = [session.tariff(code) for session in sessions]
    return course.parts(code, [each.price_cents if each else 0 for each in tariffs])


def words_of(event: str, choice: Choice) -> str:
    """What a receipt says of a place: never whose price it is, nor that it is one for them."""
    if choice.own or choice.personal:
        return event
    return f"{event} · {_('Gewone plaats') if choice.is_common else choice.label}"


def vat_code_of(offer: SessionOffer, code: str) -> str:
    return vat_code_in(offer.session, code)


def vat_code_in(session: Session, code: str) -> str:
    tariff = session.tariff(code)
    assert tariff is not None
    return tariff.vat_code


def requested_lines(session_id: UUID, places: Mapping[str, int]) -> tuple[RequestedLine, ...]:
    return tuple(
        RequestedLine(session_id, code, number, None) for code, number in sorted(places.items()) if number
    )


def seated_lines(session_id: UUID, offer: SessionOffer, form: Form) -> tuple[RequestedLine, ...]:
    """The same, with the seats that were pointed out where these are numbered."""
    lines = requested_lines(session_id, form.places)
    if not offer.facts.seating:
        return lines
    by_code = {choice.key: choice for choice in offer.choices}
    comers = [by_code[line.tariff].comers(line.places) for line in lines]
    return with_seats(lines, comers, form.seats, form.wheelchairs)


def tried(facts: Facts, command: Book, now: datetime) -> Booked | Refusal | None:
    """What this sale would be now, as the decision itself says, or why it cannot be.

    It is said before any money is taken.
    """
    answer = decide(facts, [command], now)[0]
    return answer if isinstance(answer, Booked | Refusal) else None


def sale_refusal(facts: Facts, command: Book, now: datetime) -> Refusal | None:
    """Why this sale cannot be made now; None when it can be."""
    answer = tried(facts, command, now)
    return answer if isinstance(answer, Refusal) else None


def with_code(
    offer: SessionOffer, lines: tuple[RequestedLine, ...], code_digest: str | None
) -> tuple[RequestedLine, ...]:
    """The lines with the code that was typed for those that ask one."""
    asking = {choice.code for choice in offer.choices if choice.asks_code}
    return tuple(replace(each, code_digest=code_digest) if each.tariff in asking else each for each in lines)


def sale_command(region_id: int, booking_id: UUID, lines: tuple[RequestedLine, ...], sale: Sale) -> Book:
    """The booking of a sale: made, paid and confirmed at once. What is free has no receipt."""
    return Book(
        region_id=region_id,
        booking_id=booking_id,
        digest=bound_to("till", region_id, booking_id, lines),
        by=ByStaff(sale.sold_by),
        lines=lines,
        channel="box_office",
        price_seen_cents=sale.total_cents,
        pay_with=PayWith.DESK,
        payment_id=sale.payment_id,
        sale=sale if sale.total_cents else None,
    )
