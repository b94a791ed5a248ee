"""What came back of a line, by which way, and when it arrives. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from credits.payments.payment import Refund, RefundStatus, RefundWay
from reservations.booking.facts import Booking, Line
from uit.core.clock import day_in_flanders

CARD_TAKES: Final = timedelta(days=10)
"""How long a bank takes, at the most, to show what came back to a card."""


class ReturnWay(StrEnum):
    """Credit goes back to the same purses, money the way that it came."""

    CREDIT = "credit"
    CARD = "card"
    CASH = "cash"
    TRANSFER = "transfer"
    CREDIT_NOTE = "credit_note"


class Return(Struct, frozen=True):
    """What was decided to go back, and how far it came. `code`: what is shown at a till to get cash."""

    way: ReturnWay
    cents: int
    status: RefundStatus
    arrives_by: date | None = None
    code: str | None = None


def returns_of(booking: Booking, line: Line) -> list[Return]:
    """What goes back of a line: the credit together, then each refund in the order of its decision."""
    refunds = list(refunds_of(booking, line))
    credit_cents = line.returned_cents - sum(each.amount_cents for each in refunds)
    credit = [Return(ReturnWay.CREDIT, credit_cents, RefundStatus.DONE)] if credit_cents else []
    return credit + [
        Return(ReturnWay(each.way), each.amount_cents, each.status, arrives_by(each), each.code)
        for each in refunds
    ]


def refunds_of(booking: Booking, line: Line) -> Iterator[Refund]:
    for payment in booking.payments:
        yield from (refund for refund in payment.refunds if refund.line_no == line.no)


def arrives_by(refund: Refund) -> date | None:
    """The day on which it is there at the latest, where that is known."""
    if refund.arrives_on or refund.way is not RefundWay.CARD or refund.done_at is None:
        return refund.arrives_on
    return day_in_flanders(refund.done_at + CARD_TAKES)
