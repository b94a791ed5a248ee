"""What goes back of money that came in after its tickets had ended."""

from msgspec.structs import replace

from credits.payments.payment import Payment, PaymentMeans, PaymentStatus
from reservations.booking.facts import Line, TicketEnd, TicketStatus
from reservations.booking.paying import come_in
from tests.reservations.booking.strategies_basics import NOW, known
from tests.reservations.booking.test_ending import SELLER, booked, line

(PAYMENT,) = known(9, 1)


def lapsed(no: int, price_cents: int, places: int) -> Line:
    """A line of which nothing was paid with credit, and that waits for money no longer."""
    found = replace(line(0, *[TicketStatus.LAPSED] * places, no=no), price_cents=price_cents)
    for ticket in found.tickets:
        ticket.end = TicketEnd.LAPSED
    return found


def came_in(*line_cents: int) -> Payment:
    means, status = PaymentMeans.CARD, PaymentStatus.PAID
    total = sum(line_cents)
    return Payment(PAYMENT, SELLER, None, means, status, total, line_cents, None, NOW, paid_at=NOW)


def test_no_more_goes_back_of_a_line_than_came_in_for_it() -> None:
    paid = came_in(700, 0)
    booking = replace(booked(lapsed(1, 1000, 2), lapsed(2, 500, 1), credit=[]), payments=[paid])

    answer = come_in(booking, paid, [], None, NOW)

    assert [(each.refund.line_no, each.refund.amount_cents) for each in answer.refunds] == [(1, 700)]
    assert [(each.line_no, each.ticket_no, each.returned_cents) for each in answer.late] == [
        (1, 1, 500),
        (1, 2, 200),
    ]
