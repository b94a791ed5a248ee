"""What becomes of a change when its payment comes in: it is done, or the old booking stands. Pure."""

from msgspec.structs import replace

from credits.payments.payment import TOO_LATE, Payment, PaymentStatus
from reservations.booking.answers import EndedTicket, Paid, PaymentRefund
from reservations.booking.change_ending import end_for_change
from reservations.booking.due import by_line, confirmed
from reservations.booking.ending import end_held, share_out
from reservations.booking.facts import LIVE, Booking, TicketEnd, TicketStatus
from reservations.booking.planned import PendingChange
from reservations.booking.refunding import refund_of, with_payment, with_refunds, with_returned
from reservations.booking.remaining import Remaining


def take_in_change(remaining: Remaining, booking: Booking, payment: Payment) -> Paid:
    """In time the old places end and the new are confirmed; else all that came in goes back."""
    cents = payment.of_lines(len(booking.lines))
    paid = replace(payment, status=PaymentStatus.PAID, paid_at=remaining.now, line_cents=cents)
    if not payment.is_open:
        return come_in_late(remaining, booking, paid)
    if booking.change is None or not can_be_done(remaining, booking, booking.change):
        return come_in_vain(remaining, booking, paid)
    return come_in(remaining, booking, paid, booking.change)


def can_be_done(remaining: Remaining, booking: Booking, change: PendingChange) -> bool:
    """Whether the new dates still take place, and nobody used an old ticket meanwhile."""
    ends = {(each.line_no, no) for each in change.plan.ending for no in each.nos}
    for line in booking.lines:
        tickets = [each for each in line.tickets if (line.no, each.no) in ends]
        is_new = any(each.status is TicketStatus.HELD for each in line.tickets)
        called_off = remaining.sessions[line.session_id].status == "cancelled"
        if any(each.status not in LIVE for each in tickets) or (is_new and called_off):
            return False
    return not remaining.is_past(booking)


def come_in(remaining: Remaining, booking: Booking, paid: Payment, change: PendingChange) -> Paid:
    """The new places are confirmed, and the old ones end with what was planned for them."""
    held = by_line(booking, lambda _, ticket: ticket.status is TicketStatus.HELD)
    after, tickets = confirmed(with_payment(replace(booking, change=None), paid), held)
    ended = end_for_change(after, change.plan, remaining.now, change.id)
    remaining.give_back(ended)
    return Paid(ended.booking, paid, new=True, tickets=tickets, ended=ended)


def come_in_vain(remaining: Remaining, booking: Booking, paid: Payment) -> Paid:
    """What was held lapses, and the money goes back at once: the booking is as it was."""
    ended = end_held(with_payment(booking, paid), remaining.now)
    remaining.give_back(ended)
    late = tuple(
        PaymentRefund(each.payment_id, replace(each.refund, reason=TOO_LATE)) for each in ended.refunds
    )
    names = {each.refund.id: each.refund for each in late}
    after = replace(
        ended.booking,
        payments=[
            replace(each, refunds=tuple(names.get(refund.id, refund) for refund in each.refunds))
            for each in ended.booking.payments
        ],
    )
    ended = replace(ended, booking=after, refunds=())
    return Paid(after, paid, new=True, ended=ended, refunds=late)


def come_in_late(remaining: Remaining, booking: Booking, paid: Payment) -> Paid:
    """The change was over before: all of the money goes back, and the booking stays as it is."""
    late, refunds = list[EndedTicket](), list[PaymentRefund]()
    for line in booking.lines:
        cents = paid.of_line(line.no)
        if not cents:
            continue
        refunds.append(refund_of(paid, line.no, cents, TOO_LATE, remaining.now))
        shares = share_out(cents, [ticket.weight for ticket in line.tickets])
        late += [
            EndedTicket(
                line.no,
                ticket.no,
                ticket.status,
                ticket.end or TicketEnd.LAPSED,
                ticket.returned_cents + share,
            )
            for ticket, share in zip(line.tickets, shares, strict=True)
        ]
    after = with_refunds(with_payment(booking, paid), refunds)
    return Paid(with_returned(after, late), paid, new=True, late=tuple(late), refunds=tuple(refunds))
