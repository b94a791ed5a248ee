"""What the seller's software is asked to make: the data of an invoice or of a credit note, all of it."""

from uuid import UUID

from credits.errors import CreditNoteUnknown, InvoiceUnknown, VatCodeUnknown
from credits.invoice.amounts import amounts_of, part_of_line
from credits.invoice.invoice import (
    CreditNote,
    Invoice,
    InvoiceLine,
    read_buyer,
    read_credit_notes,
    read_invoice,
    read_lines,
    read_selling,
)
from credits.invoice.ubl import CREDIT_NOTE, INVOICE, Document
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal
from uit.database.statements import Executor


async def invoice_document(
    tx: Executor, region_id: int, seller_id: UUID, invoice_id: UUID
) -> Document | Refusal:
    """The document of an invoice of this seller. Refused where the rate of a line is not known."""
    invoice = await read_invoice(tx, region_id, invoice_id)
    lines = await read_lines(tx, region_id, invoice_id)
    if invoice is None or invoice.seller_id != seller_id or not lines:
        return InvoiceUnknown(invoice_id)
    return await document_of(tx, region_id, invoice, lines)


async def credit_note_document(
    tx: Executor, region_id: int, seller_id: UUID, invoice_id: UUID, refund_id: UUID
) -> Document | Refusal:
    """The document of what is to be credited under this id."""
    invoice = await read_invoice(tx, region_id, invoice_id)
    if invoice is None or invoice.seller_id != seller_id:
        return InvoiceUnknown(invoice_id)
    notes = {each.id: each for each in await read_credit_notes(tx, region_id, [invoice_id])}
    lines = {each.no: each for each in await read_lines(tx, region_id, invoice_id)}
    note = notes.get(refund_id)
    if note is None or note.line_no not in lines:
        return CreditNoteUnknown(refund_id)
    part = part_of_line(lines[note.line_no], note.amount_cents)
    return await document_of(tx, region_id, invoice, [part], note)


async def document_of(
    tx: Executor, region_id: int, invoice: Invoice, lines: list[InvoiceLine], note: CreditNote | None = None
) -> Document | Refusal:
    amounts = amounts_of(lines)
    if amounts is None:
        return VatCodeUnknown(next(line.vat_code for line in lines if line.rate_bp is None))
    asked_at = note.decided_at if note else invoice.requested_at
    issued_on = note.issued_on if note else invoice.issued_on
    return Document(
        kind=CREDIT_NOTE if note else INVOICE,
        number=note.number if note else invoice.number,
        issued_on=issued_on or day_in_flanders(asked_at),
        due_on=invoice.due_on,
        communication=invoice.communication,
        order_reference=invoice.order_reference,
        seller=await read_selling(tx, region_id, invoice.seller_id),
        buyer=await read_buyer(tx, region_id, invoice.customer_id),
        amounts=amounts,
        of_number=(invoice.number or invoice.communication) if note else None,
    )
