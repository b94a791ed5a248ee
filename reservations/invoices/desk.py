"""The desk of a seller for its invoices: what to make, what is open, and what it reads back."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct
from msgspec.structs import asdict

from credits.errors import CreditNoteUnknown, InvoiceUnknown
from credits.invoice.amounts import amounts_of, part_of_line
from credits.invoice.communication import printed
from credits.invoice.invoice import (
    MOST_SHOWN,
    Invoice,
    InvoicePayment,
    SellerBooks,
    read_buyer,
    read_closed,
    read_credit_notes,
    read_invoice,
    read_lines,
    read_open,
    read_payments,
    read_selling,
)
from credits.invoice.reading_back import Credited, Numbered, PaymentReversal, ReadBack, read_back
from credits.invoice.request import credit_note_document, invoice_document
from credits.invoice.ubl import Document, as_ubl
from reservations.booking.services import BookingServices
from reservations.invoices.form import BankLineForm, NumberForm, ReversalForm, labels
from reservations.sessions.organiser_desk import ADDRESS, OrganiserDesk, desk_facts, desk_here
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here, staff
from uit.web.form import Errors
from uit.web.view import UNPROCESSABLE, page, see_other

SELLER: Final = staff("organiser")
GivenServices = NamedDependency[BookingServices]


class SentForm(Struct, frozen=True):
    """A form as it was sent, and what is wrong with it."""

    typed: Mapping[str, str]
    errors: Errors
    refusal: Refusal | None = None


@get("/", opt=SELLER)
async def show_invoices(request: StaffRequest, services: GivenServices) -> Template:
    """What is to be made, paid or credited, the most urgent first; and what is done."""
    desk, today = await desk_here(request), today_of(services)
    async with services.database.reading() as connection:
        facts: dict[str, Any] = await desk_facts(connection, desk)
        waiting = await read_open(connection, desk.region.id, [desk.organiser_id], MOST_SHOWN)
        done = await read_closed(connection, *desk.organiser_key, MOST_SHOWN)
    own = f"{desk.home}/facturen"
    return page(
        "reservations/invoices/invoices.html", **facts, waiting=waiting, done=done, today=today, own=own
    )


async def invoice_of(tx: Executor, desk: OrganiserDesk, invoice_id: UUID) -> Invoice:
    """An invoice of the desk. Raises InvoiceUnknown, also for one of another seller."""
    invoice = await read_invoice(tx, desk.region.id, invoice_id)
    if invoice is None or invoice.seller_id != desk.organiser_id:
        raise RefusalError(InvoiceUnknown(invoice_id), redirect_to=f"{desk.home}/facturen")
    return invoice


async def invoice_page(
    services: BookingServices,
    desk: OrganiserDesk,
    invoice_id: UUID,
    sent: SentForm | None = None,
    flash: str | None = None,
) -> Template:
    """All of one invoice, as its seller needs it; on paper it is the request."""
    today, region_id = today_of(services), desk.region.id
    async with services.database.reading() as connection:
        facts: dict[str, Any] = await desk_facts(connection, desk)
        invoice = await invoice_of(connection, desk, invoice_id)
        lines = await read_lines(connection, region_id, invoice_id)
        facts |= {
            "lines": lines,
            "amounts": amounts_of(lines),
            "payments": await read_payments(connection, region_id, invoice_id),
            "notes": await read_credit_notes(connection, region_id, [invoice_id]),
            "buyer": await read_buyer(connection, region_id, invoice.customer_id),
            "selling": await read_selling(connection, region_id, invoice.seller_id),
        }
    return page(
        "reservations/invoices/invoice.html",
        status_of(sent),
        **facts,
        flash=flash,
        invoice=invoice,
        standing=invoice.status(today),
        printed=printed(invoice.communication),
        today=today,
        sent=sent,
        labels=labels(),
        own=f"{desk.home}/facturen/{invoice_id}",
    )


def status_of(sent: SentForm | None) -> int:
    if sent is None:
        return 200
    return sent.refusal.status if sent.refusal else UNPROCESSABLE


async def credit_note_page(
    services: BookingServices,
    desk: OrganiserDesk,
    invoice_id: UUID,
    refund_id: UUID,
    sent: SentForm | None = None,
) -> Template:
    """What is to be credited, and the form for its number."""
    region_id, today = desk.region.id, today_of(services)
    async with services.database.reading() as connection:
        facts: dict[str, Any] = await desk_facts(connection, desk)
        invoice = await invoice_of(connection, desk, invoice_id)
        notes = {each.id: each for each in await read_credit_notes(connection, region_id, [invoice_id])}
        lines = await read_lines(connection, region_id, invoice_id)
    own = f"{desk.home}/facturen/{invoice_id}"
    note = notes.get(refund_id)
    if note is None:
        raise RefusalError(CreditNoteUnknown(refund_id), redirect_to=own)
    parts = [part_of_line(line, note.amount_cents) for line in lines if line.no == note.line_no]
    return page(
        "reservations/invoices/credit_note.html",
        status_of(sent),
        **facts,
        invoice=invoice,
        note=note,
        parts=parts,
        amounts=amounts_of(parts),
        printed=printed(invoice.communication),
        today=today,
        sent=sent,
        labels=labels(),
        own=own,
    )


@get("/{invoice_id:uuid}", opt=SELLER)
async def show_invoice(
    request: StaffRequest, invoice_id: FromPath[UUID], services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    flash = _("Genoteerd. Hieronder zie je hoe de factuur nu staat.") if gedaan == "genoteerd" else None
    return await invoice_page(services, await desk_here(request), invoice_id, flash=flash)


@get("/{invoice_id:uuid}/aanvraag.xml", opt=SELLER)
async def download(
    request: StaffRequest, invoice_id: FromPath[UUID], services: GivenServices
) -> Response[bytes]:
    """The request as UBL, for the seller's software."""
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        document = await invoice_document(connection, *desk.organiser_key, invoice_id)
    return xml_response(document, f"{desk.home}/facturen")


@get("/{invoice_id:uuid}/creditnota/{refund_id:uuid}", opt=SELLER)
async def show_credit_note(
    request: StaffRequest, invoice_id: FromPath[UUID], refund_id: FromPath[UUID], services: GivenServices
) -> Template:
    return await credit_note_page(services, await desk_here(request), invoice_id, refund_id)


@get("/{invoice_id:uuid}/creditnota/{refund_id:uuid}/aanvraag.xml", opt=SELLER)
async def download_credit_note(
    request: StaffRequest, invoice_id: FromPath[UUID], refund_id: FromPath[UUID], services: GivenServices
) -> Response[bytes]:
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        document = await credit_note_document(connection, *desk.organiser_key, invoice_id, refund_id)
    return xml_response(document, f"{desk.home}/facturen")


def xml_response(document: Document | Refusal, home: str) -> Response[bytes]:
    if isinstance(document, Refusal):
        raise RefusalError(document, redirect_to=home)
    name = f"{document.kind.root.lower()}-{document.number or document.communication}"
    safe = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)
    headers = {"Content-Disposition": f'attachment; filename="{safe}.xml"'}
    return Response(as_ubl(document), media_type="application/xml", headers=headers)


# Reading back


@post("/{invoice_id:uuid}/nummer", opt=SELLER)
async def give_number(
    request: StaffRequest,
    invoice_id: FromPath[UUID],
    data: URLEncodedBody[NumberForm],
    services: GivenServices,
) -> Template | Redirect:
    failed = await noted(request, services, invoice_id, data.read(today_of(services)))
    return await invoice_again(request, services, invoice_id, failed, asdict(data))


@post("/{invoice_id:uuid}/betaling", opt=SELLER)
async def give_payment(
    request: StaffRequest,
    invoice_id: FromPath[UUID],
    data: URLEncodedBody[BankLineForm],
    services: GivenServices,
) -> Template | Redirect:
    failed = await noted(request, services, invoice_id, data.read(today_of(services)))
    return await invoice_again(request, services, invoice_id, failed, asdict(data))


@post("/{invoice_id:uuid}/betaling/terug", opt=SELLER)
async def take_payment_back(
    request: StaffRequest,
    invoice_id: FromPath[UUID],
    data: URLEncodedBody[ReversalForm],
    services: GivenServices,
) -> Template | Redirect:
    """A line of the bank that was noted by mistake."""
    failed = await noted(request, services, invoice_id, data.read())
    return await invoice_again(request, services, invoice_id, failed, asdict(data))


@post("/{invoice_id:uuid}/creditnota/{refund_id:uuid}", opt=SELLER)
async def give_credit_note(
    request: StaffRequest,
    invoice_id: FromPath[UUID],
    refund_id: FromPath[UUID],
    data: URLEncodedBody[NumberForm],
    services: GivenServices,
) -> Template | Redirect:
    desk = await desk_here(request)
    failed = await noted(request, services, invoice_id, data.read_credited(refund_id, today_of(services)))
    if failed is None:
        return see_other(f"{desk.home}/facturen/{invoice_id}?gedaan=genoteerd")
    return await credit_note_page(services, desk, invoice_id, refund_id, sent_form(asdict(data), failed))


def today_of(services: BookingServices) -> date:
    return day_in_flanders(services.clock.now())


async def noted(
    request: StaffRequest, services: BookingServices, invoice_id: UUID, what: ReadBack | Errors
) -> Errors | Refusal | None:
    """Read it back; None when that is done, or what is wrong."""
    if isinstance(what, dict):
        return what
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        books = SellerBooks(*desk.organiser_key, author.now)
        answer = await read_back(tx, books, invoice_id, what)
        if isinstance(answer, Refusal):
            return answer
        await author.note(tx, f"invoice.{ACTS[type(what)]}", "invoice", invoice_id)
    return None


async def invoice_again(
    request: StaffRequest,
    services: BookingServices,
    invoice_id: UUID,
    failed: Errors | Refusal | None,
    typed: Mapping[str, str],
) -> Template | Redirect:
    """On to the invoice, or the form again with what is wrong."""
    desk = await desk_here(request)
    if failed is None:
        return see_other(f"{desk.home}/facturen/{invoice_id}?gedaan=genoteerd")
    return await invoice_page(services, desk, invoice_id, sent_form(typed, failed))


def sent_form(typed: Mapping[str, str], failed: Errors | Refusal) -> SentForm:
    if isinstance(failed, Refusal):
        return SentForm(typed, {}, failed)
    return SentForm(typed, failed)


ACTS: Final[dict[type[ReadBack], str]] = {
    Numbered: "number",
    InvoicePayment: "payment",
    Credited: "credit_note",
    PaymentReversal: "payment_reversal",
}

DESK: Final = (
    show_invoices,
    show_invoice,
    download,
    show_credit_note,
    download_credit_note,
    give_number,
    give_payment,
    take_payment_back,
    give_credit_note,
)

ROUTES: list[ControllerRouterHandler] = [
    Router(f"{ADDRESS}/facturen", route_handlers=DESK, include_in_schema=False)
]
