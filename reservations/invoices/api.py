"""Machines, under `/api/v1/invoices`: a seller's software reads what to invoice, and what became of it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Response
from msgspec import UNSET, Meta, Struct, UnsetType

from credits.errors import InvoiceUnknown
from credits.invoice.communication import printed
from credits.invoice.invoice import (
    MOST_SHOWN,
    CreditNote,
    Invoice,
    InvoicePayment,
    InvoiceStatus,
    SellerBooks,
    read_credit_notes,
    read_invoice,
    read_open,
)
from credits.invoice.reading_back import Credited, Numbered, PaymentReversal, ReadBack, read_back
from credits.invoice.request import invoice_document
from credits.invoice.ubl import as_ubl
from credits.payments.payment import RefundStatus
from reservations.booking.request import PRINTABLE
from reservations.booking.services import BookingServices
from uit.core.amount import Amount
from uit.core.clock import day_in_flanders
from uit.core.errors import NotUnderstood, Refusal
from uit.database.statements import Executor
from uit.identity.authentication import client_with
from uit.identity.visitor import Client
from uit.services.audit import Author
from uit.web.documented import documented
from uit.web.json_response import json_response, problem_response
from uit.web.misread import excluded_field, missing_field

MOST_CENTS: Final = 100_000_000
NOT_YET: Final = "A day after today, in Flanders."
Number = Annotated[str, Meta(max_length=40, pattern=PRINTABLE)]
BankReference = Annotated[str, Meta(max_length=60, pattern=PRINTABLE)]
Reason = Annotated[str, Meta(max_length=200, pattern=PRINTABLE)]
BankCents = Annotated[
    int, Meta(ge=-MOST_CENTS, le=MOST_CENTS, description="In cents of a euro; below zero it went back.")
]


class NumberDocument(Struct, frozen=True, forbid_unknown_fields=True):
    """The number that your software gave the invoice, and its day."""

    number: Number
    issued_on: date


class BankLineDocument(Struct, frozen=True, forbid_unknown_fields=True):
    """A line of your bank, under a `reference` that is its own. Below zero it went back to the customer."""

    amount_cents: BankCents
    paid_on: date
    reference: BankReference


class CreditedDocument(Struct, frozen=True, forbid_unknown_fields=True):
    """The credit note for one of the `credit_notes` of the invoice, by its `id`."""

    id: UUID
    number: Number
    issued_on: date


class PaymentReversalDocument(Struct, frozen=True, forbid_unknown_fields=True):
    """A line of your bank that was noted by mistake, by its `reference`. The `reason` names nobody."""

    reference: BankReference
    reason: Reason


class ReadBackRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """What became of an invoice: one of the four at a time.

    `payment_reversal` takes a `payment` back that was noted by mistake: what it paid is open again.
    """

    EXACTLY_ONE: ClassVar = ("invoice", "payment", "credit_note", "payment_reversal")

    invoice: NumberDocument | UnsetType = UNSET
    payment: BankLineDocument | UnsetType = UNSET
    credit_note: CreditedDocument | UnsetType = UNSET
    payment_reversal: PaymentReversalDocument | UnsetType = UNSET

    def __post_init__(self) -> None:
        given = [name for name in self.EXACTLY_ONE if getattr(self, name) is not UNSET]
        if not given:
            raise missing_field("invoice")
        if len(given) > 1:
            raise excluded_field(given[1])

    def future_day(self, today: date) -> str | None:
        """The path of a day that is still to come: none of what is read back happened on it."""
        given = {
            "invoice.issued_on": self.invoice.issued_on if self.invoice else None,
            "payment.paid_on": self.payment.paid_on if self.payment else None,
            "credit_note.issued_on": self.credit_note.issued_on if self.credit_note else None,
        }
        return next((path for path, day in given.items() if day and day > today), None)

    def as_read_back(self) -> ReadBack:
        if self.invoice is not UNSET:
            return Numbered(self.invoice.number.strip(), self.invoice.issued_on)
        if self.payment is not UNSET:
            line = self.payment
            return InvoicePayment(line.amount_cents, line.paid_on, line.reference.strip())
        if self.payment_reversal is not UNSET:
            back = self.payment_reversal
            return PaymentReversal(back.reference.strip(), back.reason.strip())
        assert self.credit_note is not UNSET
        note = self.credit_note
        return Credited(note.id, note.number.strip(), note.issued_on)


class CreditNoteDocument(Struct, frozen=True):
    """Money that is not owed any more: `due` until its credit note is read back."""

    id: UUID
    amount_cents: Amount
    status: RefundStatus
    decided_at: datetime
    number: str | None
    issued_on: date | None


class InvoiceDocument(Struct, frozen=True):
    """An invoice has the id of the payment of its booking. What is left of the amount is `open_cents`.

    `communication` is the structured communication by which its bank line is known.
    """

    id: UUID
    booking_id: UUID
    organiser_id: UUID
    customer: str
    order_reference: str | None
    communication: str
    status: InvoiceStatus
    amount_cents: Amount
    paid_cents: Amount
    credited_cents: Amount
    open_cents: Amount
    requested_at: datetime
    due_on: date
    number: str | None
    issued_on: date | None
    credit_notes: list[CreditNoteDocument]


class InvoicesDocument(Struct, frozen=True):
    """The most urgent first."""

    invoices: list[InvoiceDocument]


@get(
    "/api/v1/invoices",
    opt=client_with("invoice"),
    operation_id="listInvoices",
    tags=["invoices"],
    **documented(
        "List what is to be invoiced, paid or credited", 503, security_scheme="client", scope="invoice"
    ),
)
async def list_invoices(
    request: Request[Client, Any, Any], services: NamedDependency[BookingServices]
) -> Response[InvoicesDocument]:
    """What is still to be done for the sellers that you work for, at most five hundred of each."""
    client, today = request.user, day_in_flanders(services.clock.now())
    async with services.database.reading() as connection:
        return json_response(InvoicesDocument(await read_documents(connection, client, today)))


async def read_documents(tx: Executor, client: Client, today: date) -> list[InvoiceDocument]:
    """What is open of every seller of a client, in as many queries as for one."""
    found = await read_open(tx, client.region_id, list(client.organiser_ids), MOST_SHOWN)
    return await as_documents(tx, client.region_id, found, today)


@get(
    "/api/v1/invoices/{invoice_id:uuid}",
    opt=client_with("invoice"),
    operation_id="getInvoice",
    tags=["invoices"],
    **documented("Read an invoice", 404, 503, security_scheme="client", scope="invoice"),
)
async def read(
    invoice_id: FromPath[UUID],
    request: Request[Client, Any, Any],
    services: NamedDependency[BookingServices],
) -> Response[InvoiceDocument]:
    """An invoice of a seller that you work for, as it stands now."""
    client, today = request.user, day_in_flanders(services.clock.now())
    async with services.database.reading() as connection:
        invoice = await invoice_of(connection, client, invoice_id)
        if invoice is None:
            return problem_response(request, InvoiceUnknown(invoice_id))
        [document] = await as_documents(connection, client.region_id, [invoice], today)
    return json_response(document)


@get(
    "/api/v1/invoices/{invoice_id:uuid}/request",
    opt=client_with("invoice"),
    operation_id="getInvoiceRequest",
    tags=["invoices"],
    media_type="application/xml",
    **documented(
        "Read what goes on an invoice, as UBL", 404, 409, 503, security_scheme="client", scope="invoice"
    ),
)
async def read_request(
    invoice_id: FromPath[UUID],
    request: Request[Client, Any, Any],
    services: NamedDependency[BookingServices],
) -> Response[bytes]:
    """UBL 2.1 in the shape of Peppol BIS Billing 3. The number and the bank account are yours to add."""
    client = request.user
    async with services.database.reading() as connection:
        invoice = await invoice_of(connection, client, invoice_id)
        if invoice is None:
            return problem_response(request, InvoiceUnknown(invoice_id))
        document = await invoice_document(connection, client.region_id, invoice.seller_id, invoice_id)
    if isinstance(document, Refusal):
        return problem_response(request, document)
    return Response(as_ubl(document), media_type="application/xml")


@post(
    "/api/v1/invoices/{invoice_id:uuid}",
    opt=client_with("invoice"),
    operation_id="readBackInvoice",
    tags=["invoices"],
    status_code=200,
    **documented(
        "Say what became of an invoice",
        404,
        409,
        503,
        security_scheme="client",
        scope="invoice",
        reads=ReadBackRequest,
    ),
)
async def say(
    invoice_id: FromPath[UUID],
    data: JSONBody[ReadBackRequest],
    request: Request[Client, Any, Any],
    services: NamedDependency[BookingServices],
) -> Response[InvoiceDocument]:
    """Its number, a line of your bank, one taken back, or a credit note. A repeat changes nothing more.

    A day after today, in Flanders, is refused at its field with `why` `in_the_future`.
    A number can be mended until money or a credit note came in under it.
    """
    client, now = request.user, services.clock.now()
    what = data.as_read_back()
    async with services.database.transaction() as tx:
        known = await invoice_of(tx, client, invoice_id)
        if known is None:
            return problem_response(request, InvoiceUnknown(invoice_id))
        future = data.future_day(day_in_flanders(now))
        if future:
            return problem_response(request, NotUnderstood(future, "in_the_future", NOT_YET))
        books = SellerBooks(client.region_id, known.seller_id, now)
        answer = await read_back(tx, books, invoice_id, what)
        if isinstance(answer, Refusal):
            return problem_response(request, answer)
        author = Author(client.region_id, "client", client.client_id, now, services.ids)
        await author.note(tx, "invoice.read_back", "invoice", invoice_id)
        [document] = await as_documents(tx, client.region_id, [answer], day_in_flanders(now))
    return json_response(document)


async def invoice_of(tx: Executor, client: Client, invoice_id: UUID) -> Invoice | None:
    """An invoice of a seller of this client; None for any other."""
    invoice = await read_invoice(tx, client.region_id, invoice_id)
    return invoice if invoice and invoice.seller_id in client.organiser_ids else None


async def as_documents(
    tx: Executor, region_id: int, invoices: Sequence[Invoice], today: date
) -> list[InvoiceDocument]:
    """Invoices with the credit notes of all of them, which are read at once."""
    notes: dict[UUID, list[CreditNote]] = {each.id: [] for each in invoices}
    for note in await read_credit_notes(tx, region_id, list(notes)):
        notes[note.invoice_id].append(note)
    return [as_document(each, notes[each.id], today) for each in invoices]


def as_document(invoice: Invoice, notes: Sequence[CreditNote], today: date) -> InvoiceDocument:
    return InvoiceDocument(
        invoice.id,
        invoice.booking_id,
        invoice.seller_id,
        invoice.customer,
        invoice.order_reference,
        printed(invoice.communication),
        invoice.status(today),
        invoice.amount_cents,
        invoice.paid_cents,
        invoice.credited_cents,
        invoice.open_cents,
        invoice.requested_at,
        invoice.due_on,
        invoice.number,
        invoice.issued_on,
        [credit_note_document(each) for each in notes],
    )


def credit_note_document(note: CreditNote) -> CreditNoteDocument:
    return CreditNoteDocument(
        note.id, note.amount_cents, note.status, note.decided_at, note.number, note.issued_on
    )


ROUTES = [list_invoices, read, read_request, say]
