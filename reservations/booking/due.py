"""What a payment of a booking is for: the tickets that it confirms, and what is due for them. Pure."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from credits.payments.payment import Payment, PaymentMeans, PaymentStatus
from reservations.booking.answers import ConfirmedTicket
from reservations.booking.facts import Booking, Line, Ticket, TicketEnd, TicketStatus

TicketsByLine = Sequence[tuple[Line, Sequence[Ticket]]]


def confirmed_by(booking: Booking, payment: Payment) -> TicketsByLine:
    """The tickets that money for a payment confirms: those that wait for it, or that lapsed.

    What is owed on an invoice confirms none: its tickets stand already.
    """
    if payment.stands:
        return []
    if payment.is_open:
        return by_line(booking, lambda _, ticket: ticket.status is TicketStatus.HELD)
    return by_line(booking, lambda _, ticket: ticket.end is TicketEnd.LAPSED)


def by_line(booking: Booking, wanted: Callable[[Line, Ticket], bool]) -> TicketsByLine:
    found = [(line, [ticket for ticket in line.tickets if wanted(line, ticket)]) for line in booking.lines]
    return [(line, tickets) for line, tickets in found if tickets]


def asked_cents(booking: Booking, payment: Payment) -> tuple[int, ...]:
    """What is to come in for each line: by card and on an invoice all of it, at a desk what is due."""
    by_desk = payment.means is PaymentMeans.DESK
    return due_cents(booking, payment) if by_desk else payment.of_lines(booking.lines[-1].no)


def to_pay_cents(booking: Booking) -> tuple[int, ...]:
    """What is still to be paid now of each line, by its number from 1: nought where no payment is awaited.

    What is owed on an invoice is to be paid until that is, less what was credited of it.
    """
    payment = booking.payments[-1] if booking.payments else None
    if payment and payment.is_open:
        return asked_cents(booking, payment)
    if payment is None or payment.status is not PaymentStatus.PENDING:
        return tuple(0 for _ in booking.lines)
    return tuple(payment.of_line(line.no) - payment.refunded_cents(line.no) for line in booking.lines)


def due_cents(booking: Booking, payment: Payment) -> tuple[int, ...]:
    """What is still to be paid of each line, by its number from 1: for the tickets that it would confirm."""
    due = {
        line.no: sum(line.own_cents[ticket.no] for ticket in tickets)
        for line, tickets in confirmed_by(booking, payment)
    }
    return tuple(due.get(line.no, 0) for line in booking.lines)


def confirmed(booking: Booking, found: TicketsByLine) -> tuple[Booking, tuple[ConfirmedTicket, ...]]:
    """A copy of a booking in which these tickets are confirmed, and what they were."""
    changed = {
        (line.no, ticket.no): ConfirmedTicket(line.no, ticket.no, ticket.status)
        for line, tickets in found
        for ticket in tickets
    }
    if not changed:
        return booking, ()
    lines = [
        replace(
            line,
            tickets=[
                confirm(ticket) if (line.no, ticket.no) in changed else ticket for ticket in line.tickets
            ],
        )
        for line in booking.lines
    ]
    return replace(booking, lines=lines, held_until=None), tuple(changed.values())


def confirm(ticket: Ticket) -> Ticket:
    return replace(ticket, status=TicketStatus.CONFIRMED, end=None, ended_at=None, returned_cents=0)
