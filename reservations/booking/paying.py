"""What becomes of a booking when its payment comes in, in time or late. Pure.

A payment in time confirms what waited for it. One that comes after its places lapsed books them anew, if all
of it is still there at the same price and with the same credit. What nothing is left for goes back.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import uuid5

from msgspec.structs import replace

from credits.payments.payment import WAY_BACK, Payment, PaymentStatus, Refund, RefundStatus
from reservations.booking.answers import ConfirmedTicket, PaymentRefund
from reservations.booking.facts import (
    STANDING,
    Booking,
    Line,
    Session,
    Ticket,
    TicketEnd,
    TicketStatus,
)

LATE: Final = "too_late"
"""The reason of a refund of what came in after there was nothing left for it."""


def waiting(booking: Booking) -> list[tuple[Line, list[Ticket]]]:
    """The tickets that a payment confirms, by line."""
    return by_line(booking, lambda ticket: ticket.status is TicketStatus.HELD)


def lapsed(booking: Booking) -> list[tuple[Line, list[Ticket]]]:
    """The tickets that a late payment would bring back, by line."""
    return by_line(booking, lambda ticket: ticket.end is TicketEnd.LAPSED)


def by_line(booking: Booking, wanted: Callable[[Ticket], bool]) -> list[tuple[Line, list[Ticket]]]:
    found = [(line, [ticket for ticket in line.tickets if wanted(ticket)]) for line in booking.lines]
    return [(line, tickets) for line, tickets in found if tickets]


def same_price(line: Line, session: Session | None) -> bool:
    """Whether the places of a line still cost what they did."""
    tariff = session.tariff(line.tariff_code) if session else None
    return tariff is not None and tariff.price_cents * line.places == line.price_cents


def confirmed(
    booking: Booking, found: Sequence[tuple[Line, Sequence[Ticket]]]
) -> tuple[Booking, list[ConfirmedTicket]]:
    """A copy of a booking in which these tickets are confirmed, and what they were."""
    keys = {(line.no, ticket.no) for line, tickets in found for ticket in tickets}
    changed = [
        ConfirmedTicket(line.no, ticket.no, ticket.status) for line, tickets in found for ticket in tickets
    ]
    lines = [
        replace(
            line,
            tickets=[confirm(ticket) if (line.no, ticket.no) in keys else ticket for ticket in line.tickets],
        )
        for line in booking.lines
    ]
    return replace(booking, lines=lines, held_until=None), changed


def confirm(ticket: Ticket) -> Ticket:
    return replace(ticket, status=TicketStatus.CONFIRMED, end=None, ended_at=None, returned_cents=0)


def captured(booking: Booking, payment: Payment, now: datetime) -> tuple[Booking, Payment]:
    """A copy of a booking in which a payment came in."""
    paid = replace(payment, status=PaymentStatus.PAID, paid_at=now)
    return with_payment(booking, paid), paid


def with_payment(booking: Booking, payment: Payment) -> Booking:
    """A copy of a booking with this payment as it stands now."""
    return replace(
        booking, payments=[payment if each.id == payment.id else each for each in booking.payments]
    )


def ended_without(booking: Booking, status: PaymentStatus) -> tuple[Booking, tuple[Payment, ...]]:
    """A copy of a booking in which nothing comes of the payments that are open, and those payments."""
    stopped = tuple(replace(each, status=status) for each in booking.payments if each.is_open)
    for each in stopped:
        booking = with_payment(booking, each)
    return booking, stopped


def money_back(booking: Booking, line: Line, reason: str, now: datetime) -> list[PaymentRefund]:
    """What goes back of the money of a line: all that stands, less what its tickets keep.

    One that stays keeps its share. One that its holder gave up keeps the fee of the line, of its own share.
    """
    refunds = []
    for payment in booking.payments:
        standing = payment.standing_cents(line.no)
        if not standing:
            continue
        kept = kept_cents(line, line.shares(payment.of_line(line.no), payment.paid_at))
        if standing > kept:
            refunds.append(refund_of(payment, line.no, standing - kept, reason, now))
    return refunds


def kept_cents(line: Line, shares: Mapping[int, int]) -> int:
    stay = [ticket.no for ticket in line.tickets if ticket.status in STANDING]
    given_up = [ticket.no for ticket in line.tickets if ticket.end is TicketEnd.GIVEN_UP]
    fees = sum(min(line.cancel_fee_cents, shares.get(no, 0)) for no in given_up)
    return sum(shares.get(no, 0) for no in stay) + fees


def refund_of(payment: Payment, line_no: int, cents: int, reason: str, now: datetime) -> PaymentRefund:
    """Its id follows from what it is the how-manieth of, so that deciding twice is deciding the same."""
    refund_id = uuid5(payment.id, f"refund {line_no} {len(payment.refunds)}")
    way = WAY_BACK[payment.means]
    return PaymentRefund(
        payment.id, Refund(refund_id, line_no, cents, way, RefundStatus.DUE, None, now), reason
    )


def with_refunds(booking: Booking, refunds: Sequence[PaymentRefund]) -> Booking:
    """A copy of a booking that says what goes back."""
    for each in refunds:
        payment = booking.payment(each.payment_id)
        assert payment is not None
        booking = with_payment(booking, replace(payment, refunds=(*payment.refunds, each.refund)))
    return booking


def credit_of(line: Line, tickets: Sequence[Ticket]) -> int:
    """The credit that had paid for these tickets of a line."""
    shares = line.shares(line.credit_cents)
    return sum(shares[ticket.no] for ticket in tickets)


def due_cents(booking: Booking, payment: Payment) -> tuple[int, ...]:
    """What is still to be paid of each line, by its number from 1: for the tickets that wait for it."""
    due = []
    for line in booking.lines:
        shares = line.shares(payment.of_line(line.no))
        due.append(sum(shares[each.no] for each in line.tickets if each.status is TicketStatus.HELD))
    return tuple(due)
