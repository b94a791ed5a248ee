"""What comes back of an invoice from the seller's own software: its number, money, and credit notes.

None of it moves a place: a booking on an invoice is confirmed when it is made, and stays so. That is why no
command of the turnstile is needed here. What one seller reads back is decided one by one, under its lock.
"""

from datetime import date
from uuid import UUID, uuid5

from msgspec import Struct

from credits.errors import (
    BankLineReturned,
    BankLineTaken,
    BankLineTakenBack,
    BankLineUnknown,
    CreditNoteNumbered,
    CreditNoteUnknown,
    InvoiceClosed,
    InvoiceNumberTaken,
    InvoiceUnknown,
    MoreThanOpen,
    NotInvoiced,
)
from credits.invoice.invoice import (
    CreditNote,
    Invoice,
    InvoicePayment,
    NotedPayment,
    SellerBooks,
    read_credit_notes,
    read_invoice,
    read_payments,
)
from credits.payments.payment import RefundStatus
from uit.core.errors import Refusal
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
lock_seller = SQL.command("lock_seller")
has_number = SQL.value("has_number", bool)
write_number = SQL.command("write_number")
write_payment = SQL.command("write_payment")
write_credit_note = SQL.command("write_credit_note")
settle = SQL.command("settle")
reverse_payment = SQL.command("reverse_payment")
reopen = SQL.command("reopen")


class Numbered(Struct, frozen=True):
    """The number and the day that the seller's software gave an invoice."""

    number: str
    issued_on: date


class Credited(Struct, frozen=True):
    """The credit note for one refund. One note may be for several."""

    refund_id: UUID
    number: str
    issued_on: date


class PaymentReversal(Struct, frozen=True):
    """A line of the bank that was noted by mistake, by its reference, and why."""

    reference: str
    reason: str


ReadBack = Numbered | InvoicePayment | Credited | PaymentReversal


async def read_back(tx: Executor, books: SellerBooks, invoice_id: UUID, what: ReadBack) -> Invoice | Refusal:
    """The invoice after it; a repeat changes nothing. Refused is what contradicts what came back before."""
    await lock_seller(tx, *books.key)
    invoice = await read_invoice(tx, books.region_id, invoice_id)
    if invoice is None or invoice.seller_id != books.seller_id:
        return InvoiceUnknown(invoice_id)
    refusal = await note(tx, books, invoice, what)
    return refusal or await read_invoice(tx, books.region_id, invoice_id) or InvoiceUnknown(invoice_id)


async def note(tx: Executor, books: SellerBooks, invoice: Invoice, what: ReadBack) -> Refusal | None:
    match what:
        case Numbered():
            return await note_number(tx, books, invoice, what)
        case InvoicePayment():
            return await note_payment(tx, books, invoice, what)
        case Credited():
            return await note_credit_note(tx, books, invoice, what)
        case PaymentReversal():
            return await take_back(tx, books, invoice, what)


async def note_number(tx: Executor, books: SellerBooks, invoice: Invoice, what: Numbered) -> Refusal | None:
    """A number that was typed wrong can be mended, until money or a credit note came in under it."""
    if (invoice.number, invoice.issued_on) == (what.number, what.issued_on):
        return None
    if invoice.number and (invoice.paid_cents or invoice.credited_cents):
        return InvoiceClosed(invoice.number)
    if await has_number(tx, books.region_id, invoice.seller_id, what.number, invoice.id):
        return InvoiceNumberTaken(what.number)
    await write_number(tx, books.region_id, invoice.id, what.number, what.issued_on)
    return None


async def note_payment(
    tx: Executor, books: SellerBooks, invoice: Invoice, what: InvoicePayment
) -> Refusal | None:
    """Money for what is open, in one time or in parts; or back, of what came in too much."""
    known = await find_payment(tx, books, invoice, what.reference)
    if known is not None:
        return contradiction(known, what)
    if invoice.number is None:
        return NotInvoiced(invoice.id)
    if not min(invoice.open_cents, 0) <= what.amount_cents <= max(invoice.open_cents, 0):
        return MoreThanOpen(what.amount_cents, invoice.open_cents)
    payment_id = uuid5(invoice.id, f"bank/{what.reference}")
    await write_payment(
        tx,
        books.region_id,
        invoice.id,
        payment_id,
        what.amount_cents,
        what.paid_on,
        what.reference,
        books.now,
    )
    await settle(tx, books.region_id, invoice.id, books.now)
    return None


async def find_payment(
    tx: Executor, books: SellerBooks, invoice: Invoice, reference: str
) -> NotedPayment | None:
    noted = await read_payments(tx, books.region_id, invoice.id)
    return next((each for each in noted if each.reference == reference), None)


def contradiction(known: NotedPayment, what: InvoicePayment) -> Refusal | None:
    """Why a line that was noted cannot be noted so; None for a repeat."""
    if known.taken_back_at is not None:
        return BankLineTakenBack(what.reference)
    same = (known.amount_cents, known.paid_on) == (what.amount_cents, what.paid_on)
    return None if same else BankLineTaken(what.reference)


async def take_back(
    tx: Executor, books: SellerBooks, invoice: Invoice, what: PaymentReversal
) -> Refusal | None:
    """Reverse a line of the bank that was noted by mistake, once: what it paid is open again.

    The first reason stays. A line whose money partly went back to the customer later is not taken back
    before that is.
    """
    known = await find_payment(tx, books, invoice, what.reference)
    if known is None:
        return BankLineUnknown(what.reference)
    if known.taken_back_at is not None:
        return None
    if not 0 <= invoice.paid_cents - known.amount_cents <= invoice.amount_cents:
        return BankLineReturned(what.reference)
    reversal_id = uuid5(invoice.id, f"bank/{what.reference}/back")
    await reverse_payment(tx, books.region_id, known.id, reversal_id, what.reason, books.now)
    await reopen(tx, books.region_id, invoice.id)
    await settle(tx, books.region_id, invoice.id, books.now)
    return None


async def note_credit_note(
    tx: Executor, books: SellerBooks, invoice: Invoice, what: Credited
) -> Refusal | None:
    """What is not owed any more leaves the books, and its refund is done.

    Where the invoice was not made yet, its own number may stand here: then it was made for less.
    """
    found = {each.id: each for each in await read_credit_notes(tx, books.region_id, [invoice.id])}
    note: CreditNote | None = found.get(what.refund_id)
    if note is None:
        return CreditNoteUnknown(what.refund_id)
    if note.number is not None and note.status == RefundStatus.DONE:
        same = (note.number, note.issued_on) == (what.number, what.issued_on)
        return None if same else CreditNoteNumbered(note.number)
    await write_credit_note(tx, books.region_id, note.id, what.number, what.issued_on, books.now)
    await settle(tx, books.region_id, invoice.id, books.now)
    return None
