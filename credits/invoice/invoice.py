"""What a seller is asked to invoice, and how far it came. The seller's own software makes the invoice."""

from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from msgspec import Struct

from credits.payments.payment import RefundStatus
from uit.database.statements import Executor, Statements, as_json

SQL = Statements(__name__)
MOST_SHOWN: Final = 500


class SellerBooks(Struct, frozen=True):
    """Whose books something is written in, and when."""

    region_id: int
    seller_id: UUID
    now: datetime

    @property
    def key(self) -> tuple[int, UUID]:
        return self.region_id, self.seller_id


class InvoiceStatus(StrEnum):
    """`to_return`: more came in than there is to pay, since part of it was credited later."""

    TO_INVOICE = "to_invoice"
    INVOICED = "invoiced"
    OVERDUE = "overdue"
    PAID = "paid"
    CREDITED = "credited"
    TO_RETURN = "to_return"


class Invoice(Struct, frozen=True):
    """One for each payment that is owed so, under the same id. Amounts are in cents.

    `number` and `issued_on` are empty until they are read back. `to_credit_cents`: decided to go back, for
    which there is no credit note yet.
    """

    id: UUID
    booking_id: UUID
    seller_id: UUID
    customer_id: UUID
    customer: str
    order_reference: str | None
    communication: str
    amount_cents: int
    requested_at: datetime
    due_on: date
    mailed_at: datetime | None
    number: str | None
    issued_on: date | None
    paid_cents: int
    credited_cents: int
    to_credit_cents: int

    @property
    def open_cents(self) -> int:
        """What is still to be paid; below zero, what came in too much."""
        return self.amount_cents - self.paid_cents - self.credited_cents

    def status(self, today: date) -> InvoiceStatus:
        if self.open_cents < 0:
            return InvoiceStatus.TO_RETURN
        if self.credited_cents == self.amount_cents:
            return InvoiceStatus.CREDITED
        if self.number is None:
            return InvoiceStatus.TO_INVOICE
        if self.open_cents == 0:
            return InvoiceStatus.PAID
        return InvoiceStatus.OVERDUE if self.due_on < today else InvoiceStatus.INVOICED


class InvoiceLine(Struct, frozen=True):
    """A line as it was booked: the price holds its VAT, and the credit that paid part of it.

    `rate_bp` is in hundredths of a percent, on the day of the booking; None for a code that is not known.
    """

    no: int
    words: str
    places: int
    vat_code: str
    price_cents: int
    credit_cents: int
    vat_name: str | None
    rate_bp: int | None
    exempt_reason: str | None


class InvoiceLineRow(Struct, frozen=True):
    no: int
    words: str
    places: int
    vat_code: str
    price_cents: int
    credit_cents: int


class InvoicePayment(Struct, frozen=True):
    """A line of the seller's bank; below zero, money that went back."""

    amount_cents: int
    paid_on: date
    reference: str


class NotedPayment(InvoicePayment, frozen=True):
    """One that was noted. `taken_back_at` and `reason` where it was noted by mistake."""

    id: UUID
    taken_back_at: datetime | None
    reason: str | None


class CreditNote(Struct, frozen=True):
    """Money of one line that is not owed any more. `number` and `issued_on` once its credit note is there."""

    id: UUID
    invoice_id: UUID
    line_no: int
    amount_cents: int
    status: RefundStatus
    decided_at: datetime
    number: str | None
    issued_on: date | None


class Party(Struct, frozen=True):
    """A seller or buyer as its invoice names it."""

    name: str
    number: str | None
    peppol_id: str | None = None
    street: str | None = None
    postal_code: str | None = None
    town: str | None = None
    email: str | None = None
    contact: str | None = None


read_open = SQL.many("read_open", Invoice)
read_closed = SQL.many("read_closed", Invoice)
read_invoice = SQL.maybe("read_invoice", Invoice)
read_lines = SQL.many("read_lines", InvoiceLine)
read_payments = SQL.many("read_payments", NotedPayment)
read_credit_notes = SQL.many("read_credit_notes", CreditNote)
read_buyer = SQL.one("read_buyer", Party)
find_selling = SQL.maybe("find_selling", Party)
insert_lines = SQL.command("insert_lines")
note_mailed = SQL.command("note_mailed")


async def write_lines(tx: Executor, region_id: int, invoice_id: UUID, lines: list[InvoiceLineRow]) -> None:
    """Keep what is invoiced, for as long as accounts are. A repeat changes nothing."""
    await insert_lines(tx, region_id, invoice_id, as_json(lines))


async def read_selling(tx: Executor, region_id: int, seller_id: UUID) -> Party:
    """The seller of an invoice, as its document names it."""
    found = await find_selling(tx, region_id, seller_id)
    assert found is not None
    return found
