"""Asking a seller's own software for an invoice, after the booking: its lines are kept, and it is mailed.

The worker calls it, from the outbox. What is at the seller's desk does not wait for the mail.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from credits.invoice.communication import printed
from credits.invoice.invoice import (
    Invoice,
    InvoiceLineRow,
    note_mailed,
    read_invoice,
    read_lines,
    write_lines,
)
from credits.invoice.request import invoice_document
from credits.invoice.ubl import Document, as_ubl
from uit.core.errors import Refusal
from uit.core.formats import full_day, hour
from uit.core.one_line import one_line
from uit.core.period import is_all_day
from uit.database.statements import Executor, Statements
from uit.services.mail import MailAway, MailRefused, XmlFile
from uit.services.services import Services
from uit.web.view import CLOCK
from uit.web.written_mail import written_mail

SQL = Statements(__name__)
TOPIC: Final = "invoice.request"


class BookedLine(Struct, frozen=True):
    """A line of a booking with money on an invoice, as it was booked."""

    no: int
    event: str
    starts_at: datetime
    ends_at: datetime
    is_turn_card: bool
    places: int
    vat_code: str
    price_cents: int
    credit_cents: int

    @property
    def words(self) -> str:
        """What an invoice says of it: the activity or card, its day and, where it has one, its hour."""
        said = f"{self.event}, {full_day(self.starts_at)}"
        if self.is_turn_card or is_all_day(self.starts_at, self.ends_at):
            return one_line(said)
        return one_line(f"{said}, {hour(self.starts_at)}")


read_booked = SQL.many("read_booked", BookedLine)


async def request_invoice(services: Services, region_id: int, invoice_id: UUID) -> Refusal | None:
    """Keep the lines of an invoice and mail its seller, where it has an address; None when that is done.

    A repeat keeps nothing anew, and mails nobody twice; but who was mailed just before a crash, and not yet
    noted so, is mailed again.
    """
    async with services.database.transaction() as tx:
        invoice = await read_invoice(tx, region_id, invoice_id)
        if invoice is None or invoice.mailed_at:
            return None
        await keep_lines(tx, region_id, invoice)
        document = await invoice_document(tx, region_id, invoice.seller_id, invoice_id)
    if isinstance(document, Refusal):
        return document
    return await mail_request(services, region_id, invoice, document)


async def keep_lines(tx: Executor, region_id: int, invoice: Invoice) -> None:
    if await read_lines(tx, region_id, invoice.id):
        return
    booked = await read_booked(tx, region_id, invoice.id)
    rows = [
        InvoiceLineRow(line.no, line.words, line.places, line.vat_code, line.price_cents, line.credit_cents)
        for line in booked
    ]
    await write_lines(tx, region_id, invoice.id, rows)


async def mail_request(
    services: Services, region_id: int, invoice: Invoice, document: Document
) -> MailAway | MailRefused | None:
    region = await services.regions.by_id(region_id)
    if region is None or not document.seller.email:
        return None
    CLOCK.set(services.clock)
    own = f"{services.settings.address}/{region.slug}/organisaties/{invoice.seller_id}/facturen/{invoice.id}"
    facts = {"invoice": invoice, "document": document, "printed": printed(invoice.communication)}
    attached = XmlFile(f"factuuraanvraag-{invoice.communication}.xml", as_ubl(document))
    mail = written_mail(
        document.seller.email, "reservations/invoices/mail_request", attached, address=own, **facts
    )
    answer = await services.mailer.send(mail)
    if answer is None:
        async with services.database.transaction() as tx:
            await note_mailed(tx, region_id, invoice.id, services.clock.now())
    return answer
