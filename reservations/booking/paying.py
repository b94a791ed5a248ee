"""What becomes of a booking when its payment comes in, in time or late. Pure.

A payment in time confirms what waited for it. One that comes after its places lapsed books them anew, if all
of it is still there at the same price and with the same credit. What nothing is left for goes back.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from credits.payments.payment import Payment, PaymentMeans, PaymentStatus
from credits.wallet.spread import Hold
from reservations.booking.answers import ConfirmedTicket, EndedTicket, Paid
from reservations.booking.commands import Pay, PayAtDesk
from reservations.booking.facts import STANDING, Booking, Line, Session, Ticket, TicketEnd, TicketStatus
from reservations.booking.refunding import LATE, TWICE, refund_of, with_payment, with_refunds
from reservations.booking.remaining import Remaining, drawn_for
from reservations.errors import BookingUnknown, NothingDue, PaymentDiffers, PaymentUnknown, RemainingChanged

TicketsByLine = Sequence[tuple[Line, Sequence[Ticket]]]


def pay(remaining: Remaining, command: Pay) -> Paid | PaymentUnknown | PaymentDiffers:
    """In time it confirms what waits; late it books anew what lapsed; the rest goes back."""
    booking = remaining.booking(command.booking_id)
    payment = booking.payment(command.payment_id) if booking else None
    if booking is None or payment is None:
        return PaymentUnknown(command.booking_id, command.payment_id)
    if payment.paid_at is not None:
        return Paid(booking, payment, new=False)
    asked = sum(asked_cents(booking, payment))
    if not 0 < asked == command.amount_cents:
        return PaymentDiffers(payment.id, asked, command.amount_cents)
    if is_paid_otherwise(booking, payment):
        answer = come_in_twice(booking, payment, remaining.now)
    else:
        found = confirmed_by(booking, payment)
        holds = [] if payment.is_open else book_anew(remaining, command, booking, found)
        answer = come_in(booking, payment, found, holds, remaining.now)
    remaining.bookings[booking.id] = answer.booking
    return replace(answer, reference=command.reference)


def pay_at_desk(
    remaining: Remaining, command: PayAtDesk
) -> Paid | BookingUnknown | NothingDue | RemainingChanged:
    """A till takes what is due: all of it, for every ticket that waits."""
    booking = remaining.booking(command.booking_id)
    if booking is None:
        return BookingUnknown(command.booking_id)
    before = booking.payment(command.sale.payment_id) if command.sale.payment_id else None
    if before and before.paid_at is not None:
        return Paid(booking, before, new=False)
    waiting = booking.open_payment
    if waiting is None:
        return NothingDue(booking.id)
    due, taken = sum(due_cents(booking, waiting)), command.sale.taken_cents
    if due != taken:
        return RemainingChanged(taken, due)
    booking, payment, stopped = at_desk(booking, waiting, command.sale.payment_id)
    answer = come_in(booking, payment, confirmed_by(booking, payment), [], remaining.now)
    remaining.bookings[booking.id] = answer.booking
    opened = payment if stopped else None
    reference = str(command.sale.id)
    return replace(answer, reference=reference, sale=command.sale, opened=opened, stopped=stopped)


def at_desk(
    booking: Booking, waiting: Payment, payment_id: UUID | None
) -> tuple[Booking, Payment, tuple[Payment, ...]]:
    """The booking with a payment at a desk; one by card makes way for it, and is stopped."""
    if waiting.means is PaymentMeans.DESK:
        return booking, waiting, ()
    assert payment_id is not None
    payment = Payment(
        id=payment_id,
        seller_id=waiting.seller_id,
        mandate_id=waiting.mandate_id,
        means=PaymentMeans.DESK,
        status=PaymentStatus.PENDING,
        amount_cents=waiting.amount_cents,
        line_cents=waiting.line_cents,
        account=None,
        made_at=waiting.made_at,
    )
    stopped = replace(waiting, status=PaymentStatus.EXPIRED)
    booking = with_payment(booking, stopped)
    return replace(booking, payments=[*booking.payments, payment]), payment, (stopped,)


# What is to come in


def confirmed_by(booking: Booking, payment: Payment) -> TicketsByLine:
    """The tickets that money for a payment confirms: those that wait for it, or that lapsed.

    What is owed on an invoice confirms none: its tickets stand already.
    """
    if payment.stands:
        return []
    if payment.is_open:
        return by_line(booking, lambda ticket: ticket.status is TicketStatus.HELD)
    return by_line(booking, lambda ticket: ticket.end is TicketEnd.LAPSED)


def by_line(booking: Booking, wanted: Callable[[Ticket], bool]) -> TicketsByLine:
    found = [(line, [ticket for ticket in line.tickets if wanted(ticket)]) for line in booking.lines]
    return [(line, tickets) for line, tickets in found if tickets]


def asked_cents(booking: Booking, payment: Payment) -> tuple[int, ...]:
    """What is to come in for each line: by card and on an invoice all of it, at a desk what is due."""
    return due_cents(booking, payment) if payment.means is PaymentMeans.DESK else payment.line_cents


def due_cents(booking: Booking, payment: Payment) -> tuple[int, ...]:
    """What is still to be paid of each line, by its number from 1: for the tickets that it would confirm."""
    due = {
        line.no: sum(line.own_cents[ticket.no] for ticket in tickets)
        for line, tickets in confirmed_by(booking, payment)
    }
    return tuple(due.get(line.no, 0) for line in booking.lines)


# Booked anew


def book_anew(
    remaining: Remaining, command: Pay, booking: Booking, found: TicketsByLine
) -> list[Hold] | None:
    """Take the places that lapsed again; the credit for them, or None when it is not all there as it was."""
    lines = [line for line, _ in found]
    sessions = [remaining.sessions.get(line.session_id) for line in lines]
    on_sale = all(session and not remaining.sale_refusal(session) for session in sessions)
    if not found or not on_sale or not all(map(same_price, lines, sessions)):
        return None
    drawn = drawn_for(booking, {(line.no, each.no) for line, tickets in found for each in tickets})
    cents = {line.no: credit_of(line, tickets) for line, tickets in found}
    theirs = [line for line in lines if line.wallet_id in command.wallets]
    holds = remaining.spread(theirs, cents)
    if remaining.sold_out(drawn, lines) or sum(hold.cents for hold in holds) != sum(cents.values()):
        return None
    remaining.take(drawn, holds)
    return holds


def same_price(line: Line, session: Session | None) -> bool:
    """Whether the places of a line still cost what they did."""
    tariff = session.tariff(line.tariff_code) if session else None
    return tariff is not None and tariff.price_cents * line.places == line.price_cents


def credit_of(line: Line, tickets: Sequence[Ticket]) -> int:
    """The credit that had paid for these tickets of a line."""
    shares = line.shares(line.credit_cents)
    return sum(shares[ticket.no] for ticket in tickets)


# The booking after it


def is_paid_otherwise(booking: Booking, payment: Payment) -> bool:
    """Whether another payment came in instead, as when somebody pays at a desk and on the page as well."""
    return not payment.stands and any(each.stands for each in booking.payments)


def come_in_twice(booking: Booking, payment: Payment, now: datetime) -> Paid:
    """The booking as it was: what came in once more goes back, all of it."""
    paid = replace(payment, status=PaymentStatus.PAID, paid_at=now)
    cents = zip(booking.lines, paid.line_cents, strict=True)
    refunds = [refund_of(paid, line.no, part, TWICE, now) for line, part in cents if part]
    after = with_refunds(with_payment(booking, paid), refunds)
    return Paid(after, paid, new=True, refunds=tuple(refunds))


def come_in(
    booking: Booking, payment: Payment, found: TicketsByLine, holds: Sequence[Hold] | None, now: datetime
) -> Paid:
    """The booking once its payment came in for `found`; without `holds` their places are gone."""
    cents = asked_cents(booking, payment)
    paid = replace(payment, status=PaymentStatus.PAID, paid_at=now, amount_cents=sum(cents), line_cents=cents)
    after, tickets = confirmed(with_payment(booking, paid), [] if holds is None else found)
    left = [] if tickets else found
    late = [] if payment.stands else too_late(after, payment.means, left)
    refunds = [
        refund_of(paid, line.no, sum(line.own_cents[each.no] for each in ended), LATE, now)
        for line, ended in late
    ]
    given_back = [late_ticket(line, ticket) for line, ended in late for ticket in ended]
    return Paid(
        with_refunds(with_returned(after, given_back), refunds),
        paid,
        new=True,
        tickets=tuple(tickets),
        holds=tuple(holds or ()),
        late=tuple(given_back),
        refunds=tuple(refunds),
    )


def too_late(booking: Booking, means: PaymentMeans, left: TicketsByLine) -> TicketsByLine:
    """The tickets that money came in for and that have ended: at a desk what is `left`, else any of them."""
    ended = by_line(booking, lambda ticket: ticket.status not in STANDING)
    late = left if means is PaymentMeans.DESK else ended
    with_money = [(line, [each for each in tickets if line.own_cents[each.no]]) for line, tickets in late]
    return [(line, tickets) for line, tickets in with_money if tickets]


def late_ticket(line: Line, ticket: Ticket) -> EndedTicket:
    assert ticket.end is not None
    returned_cents = ticket.returned_cents + line.own_cents[ticket.no]
    return EndedTicket(line.no, ticket.no, ticket.status, ticket.end, returned_cents)


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


def confirmed(booking: Booking, found: TicketsByLine) -> tuple[Booking, list[ConfirmedTicket]]:
    """A copy of a booking in which these tickets are confirmed, and what they were."""
    if not found:
        return booking, []
    changed = [
        ConfirmedTicket(line.no, ticket.no, ticket.status) for line, tickets in found for ticket in tickets
    ]
    keys = {(each.line_no, each.ticket_no) for each in changed}
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
