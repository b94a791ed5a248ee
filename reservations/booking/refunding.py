"""What of the money of a booking goes back: by tickets that end, or since it came in too late. Pure.

A ticket has its own money: its share, by weight, of what credit does not pay of its line.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from msgspec.structs import replace

from credits.payments.payment import WAY_BACK, Payment, PaymentStatus, Refund, RefundStatus, RefundWay
from reservations.booking.answers import Ended, EndedTicket, PaymentRefund
from reservations.booking.facts import STANDING, Booking, Line, Ticket, TicketEnd


def money_back(booking: Booking, line: Line, reason: str, now: datetime) -> list[PaymentRefund]:
    """What goes back of the money of a line: all that stands, less what its tickets keep.

    What they keep is of the first payments: a change that cost more may have paid for the line too.
    """
    refunds, kept = [], 0
    for payment in booking.payments:
        standing = payment.standing_cents(line.no)
        stays = min(standing, max(0, kept_cents(line, payment.stands_since) - kept))
        kept += stays
        if standing > stays:
            refunds.append(refund_of(payment, line.no, standing - stays, reason, now))
    return refunds


def kept_cents(line: Line, since: datetime | None) -> int:
    """A ticket that stays keeps its own money. One given up since it was paid keeps the fee of it."""
    own, kept = line.own_cents, 0
    for ticket in line.tickets:
        if ticket.status in STANDING:
            kept += own[ticket.no]
        elif ended_after(ticket, since):
            kept += fee_cents(line, ticket.end, own[ticket.no])
    return kept


def ended_after(ticket: Ticket, since: datetime | None) -> bool:
    """Whether a ticket ended when its money had come in."""
    return bool(since and ticket.ended_at and ticket.ended_at > since)


def ticket_fee_cents(booking: Booking, line: Line, ticket: Ticket) -> int:
    """The fee that the organiser keeps of a ticket that was given up since it was paid; else nought."""
    paid = any(
        payment.standing_cents(line.no) > 0 and ended_after(ticket, payment.stands_since)
        for payment in booking.payments
    )
    return fee_cents(line, ticket.end, line.own_cents[ticket.no]) if paid else 0


def line_fee_cents(booking: Booking, line: Line) -> int:
    """What the organiser keeps of all tickets of a line that were given up."""
    return sum(ticket_fee_cents(booking, line, ticket) for ticket in line.tickets)


def coming_fee_cents(booking: Booking) -> int:
    """The most that it would keep of a ticket that stands and is given up; nought where no money stands."""
    return max(
        (
            fee_cents(line, TicketEnd.GIVEN_UP, line.own_cents[ticket.no])
            for line in booking.lines
            if any(payment.standing_cents(line.no) > 0 for payment in booking.payments)
            for ticket in line.tickets
            if ticket.status in STANDING
        ),
        default=0,
    )


def fee_cents(line: Line, end: TicketEnd | None, own_cents: int) -> int:
    """What the organiser keeps of a ticket's own money, by how it ended."""
    return min(line.cancel_fee_cents, own_cents) if end is TicketEnd.GIVEN_UP else 0


def refund_of(payment: Payment, line_no: int, cents: int, reason: str, now: datetime) -> PaymentRefund:
    """Its id follows from how many its payment had before, so that deciding twice is deciding the same."""
    refund_id = uuid5(payment.id, f"refund/{line_no}/{len(payment.refunds)}")
    way = WAY_BACK[payment.means]
    refund = Refund(refund_id, line_no, cents, way, RefundStatus.DUE, reason, None, now)
    return PaymentRefund(payment.id, refund)


def with_refunds(booking: Booking, refunds: Sequence[PaymentRefund]) -> Booking:
    """A copy of a booking that says what goes back."""
    for each in refunds:
        payment = booking.payment(each.payment_id)
        assert payment is not None
        booking = with_payment(booking, replace(payment, refunds=(*payment.refunds, each.refund)))
    return booking


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


def with_returned(booking: Booking, tickets: Sequence[EndedTicket]) -> Booking:
    """A copy of a booking in which so much has come back by these tickets."""
    cents = {(each.line_no, each.ticket_no): each.returned_cents for each in tickets}
    lines = [
        replace(
            line,
            tickets=[
                replace(each, returned_cents=cents.get((line.no, each.no), each.returned_cents))
                for each in line.tickets
            ],
        )
        for line in booking.lines
    ]
    return replace(booking, lines=lines)


def given_at_once(answer: Ended, seller_id: UUID) -> tuple[PaymentRefund, ...]:
    """The money that a till of this seller gives in cash. What was paid otherwise goes back as it came."""
    theirs = {each.id for each in answer.booking.payments if each.seller_id == seller_id}
    return tuple(
        each for each in answer.refunds if each.refund.way is RefundWay.CASH and each.payment_id in theirs
    )
