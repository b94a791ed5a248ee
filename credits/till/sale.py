"""A sale at a till: what was sold, how it was paid, and the receipt that is written of it.

`record_sale` writes a receipt with its number, its tenders and its transfers in its caller's transaction,
once for an id. A batch of bookings does the same with `credits.write_receipts`, which takes sales as JSON.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from credits.till.rounding import difference_rounding
from uit.core.ids import Ids
from uit.database.statements import Executor, Statements, as_json

SQL = Statements(__name__)

Means = Literal["cash", "terminal", "credit"]


class SaleLine(Struct, frozen=True):
    """One thing sold: the gross cents of all its places, with what credit pays of them.

    `booking_line_no` is the line of the booking, where the sale is of one.
    """

    no: int
    words: str
    vat_code: str
    amount_cents: int
    places: int = 1
    booking_line_no: int | None = None


class Tender(Struct, frozen=True):
    """A part that was paid one way. `id` is that of its transfer; credit was moved by the booking itself."""

    id: UUID
    means: Means
    amount_cents: int
    reference: str | None = None


class Paid(Struct, frozen=True):
    """How a total is paid: what is neither credit nor on the terminal is cash.

    `reference` is what the terminal gave. In a swap, `set_against_cents` of the cash are what the customer
    gets back in the same moment, so that only the difference changes hands and is rounded.
    """

    credit_cents: int = 0
    terminal_cents: int = 0
    reference: str | None = None
    set_against_cents: int = 0


class SaleOrigin(Struct, frozen=True):
    """Where a sale is made, when, by whom and for what. `sold_by` is a member of staff."""

    seller_id: UUID
    till_session_id: UUID
    sold_by: UUID
    sold_on: date
    booking_id: UUID | None = None
    payment_id: UUID | None = None
    paper_no: str | None = None


class Sale(Struct, frozen=True):
    """A receipt to write, in the shape of `credits.write_receipts`. Lines and tenders come to the same total.

    What goes in the drawer is the cash tender and `rounding_cents` together.
    """

    id: UUID
    seller_id: UUID
    till_session_id: UUID
    sold_by: UUID
    sold_on: date
    booking_id: UUID | None
    payment_id: UUID | None
    paper_no: str | None
    total_cents: int
    rounding_cents: int
    rounding_id: UUID | None
    lines: tuple[SaleLine, ...]
    tenders: tuple[Tender, ...]

    @property
    def taken_cents(self) -> int:
        """What is paid besides credit, before cash is rounded."""
        return sum(each.amount_cents for each in self.tenders if each.means != "credit")

    @property
    def cash_cents(self) -> int:
        """What the customer pays in cash, rounded."""
        return self.rounding_cents + sum(each.amount_cents for each in self.tenders if each.means == "cash")


write_receipts = SQL.command("write_receipts")


def cash_of(total_cents: int, paid: Paid) -> int:
    """What remains to be paid in cash, before it is rounded. Below zero when more was paid than it costs."""
    return total_cents - paid.credit_cents - paid.terminal_cents


def compose_sale(sale_id: UUID, origin: SaleOrigin, lines: Sequence[SaleLine], paid: Paid, ids: Ids) -> Sale:
    """The sale of these lines, with the tenders and the rounding that belong to how it is paid.

    Raises ValueError when more is paid than it costs: that is for the caller to refuse first.
    """
    total_cents = sum(line.amount_cents for line in lines)
    cash_cents = cash_of(total_cents, paid)
    if min(cash_cents, paid.credit_cents, paid.terminal_cents) < 0:
        raise ValueError("a sale is paid with no more than it costs")
    parts: list[tuple[Means, int, str | None]] = [
        ("credit", paid.credit_cents, None),
        ("terminal", paid.terminal_cents, paid.reference),
        ("cash", cash_cents, None),
    ]
    against_cents = paid.set_against_cents
    rounding_cents = difference_rounding(total_cents - against_cents, cash_cents - against_cents)
    return Sale(
        id=sale_id,
        seller_id=origin.seller_id,
        till_session_id=origin.till_session_id,
        sold_by=origin.sold_by,
        sold_on=origin.sold_on,
        booking_id=origin.booking_id,
        payment_id=origin.payment_id,
        paper_no=origin.paper_no,
        total_cents=total_cents,
        rounding_cents=rounding_cents,
        rounding_id=ids.new() if rounding_cents else None,
        lines=tuple(lines),
        tenders=tuple(Tender(ids.new(), means, cents, why) for means, cents, why in parts if cents),
    )


async def record_sale(tx: Executor, region_id: int, sale: Sale, now: datetime) -> None:
    """Write a sale with the next number of its seller, once. It waits for whoever sells at the same till.

    An error when the till is not open any more: the caller looks first.
    """
    await write_receipts(tx, region_id, as_json([sale]), now)
