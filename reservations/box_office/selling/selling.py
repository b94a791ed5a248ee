"""A sale to who has no pass: the places of one date, and the booking that is made of them. Pure."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from credits.till.sale import Sale, SaleLine
from reservations.booking.commands import Book, ByStaff, PayWith, RequestedLine, bound_to
from reservations.booking.decide import decide
from reservations.booking.facts import Facts
from reservations.order.offer import SessionOffer
from uit.core.errors import Refusal


def sold_lines(event: str, offer: SessionOffer, places: Mapping[str, int]) -> tuple[SaleLine, ...]:
    """What is sold, as the receipt names it, in the order of the lines of the booking."""
    wanted = sorted((each for each in offer.choices if places.get(each.code)), key=lambda each: each.code)
    return tuple(
        SaleLine(
            no=no,
            words=f"{event} · {choice.label}",
            vat_code=vat_code_of(offer, choice.code),
            amount_cents=choice.price_cents * places[choice.code],
            places=places[choice.code],
            booking_line_no=no,
        )
        for no, choice in enumerate(wanted, start=1)
    )


def vat_code_of(offer: SessionOffer, code: str) -> str:
    tariff = offer.session.tariff(code)
    assert tariff is not None
    return tariff.vat_code


def requested_lines(session_id: UUID, places: Mapping[str, int]) -> tuple[RequestedLine, ...]:
    return tuple(
        RequestedLine(session_id, code, number, None) for code, number in sorted(places.items()) if number
    )


def sale_refusal(facts: Facts, command: Book, now: datetime) -> Refusal | None:
    """Why this sale cannot be made now, as the decision itself says; None when it can be.

    It is said before any money is taken.
    """
    answer = decide(facts, [command], now)[0]
    return answer if isinstance(answer, Refusal) else None


def sale_command(
    region_id: int, booking_id: UUID, session_id: UUID, places: Mapping[str, int], sale: Sale
) -> Book:
    """The booking of a sale: made, paid and confirmed at once. What is free has no receipt."""
    lines = requested_lines(session_id, places)
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
