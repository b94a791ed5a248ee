"""Cash that was given back at a till, as its customer gets it on paper: how much, and of what."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from credits.till.books.receipt import receipt_number
from uit.database.statements import Statements

SQL = Statements(__name__)


class GivenBack(Struct, frozen=True):
    """A refund that left a drawer. `rounding_cents` is what the rounding of cash added to it or took off.

    `words` and the receipt are those of the sale; None where it was not sold at a till.
    """

    id: UUID
    till_session_id: UUID
    till: str
    seller: str
    enterprise_number: str | None
    amount_cents: int
    rounding_cents: int
    made_at: datetime
    words: str | None
    receipt_id: UUID | None
    receipt_year: int | None
    receipt_no: int | None

    @property
    def cash_cents(self) -> int:
        """What the customer got in hand."""
        return self.amount_cents + self.rounding_cents

    @property
    def receipt_number(self) -> str | None:
        if self.receipt_year is None or self.receipt_no is None:
            return None
        return receipt_number(self.receipt_year, self.receipt_no)


class RefundOfReceipt(Struct, frozen=True):
    """What went back of a receipt, and when. `swapped`: it was set against what was sold then."""

    id: UUID
    amount_cents: int
    made_at: datetime
    swapped: bool


read_given_back = SQL.maybe("read_given_back", GivenBack)
refunds_of_receipt = SQL.many("refunds_of_receipt", RefundOfReceipt)
