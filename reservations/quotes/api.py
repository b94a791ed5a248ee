"""Machines, under `/api/v1/quotes`: what places would cost, before anything is booked."""

from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

import msgspec
from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.response import Response
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from reservations import api_examples
from reservations.booking.actor import client_actor
from reservations.booking.commands import Book, GuestContact, PayWith
from reservations.booking.quote import QuotedLine
from reservations.booking.request import (
    Email,
    InvoiceRequest,
    LineRequest,
    Lines,
    PassToken,
    code_limit_of,
    read_invoice_customer,
    read_lines,
)
from reservations.booking.services import BookingServices
from reservations.booking.split import QuotedBooking
from reservations.booking.where_to_wait import with_where_to_wait
from reservations.quotes.quotes import Quoted, cards_of, check_limits, note_looks, read_quote
from uit.core.amount import Amount
from uit.core.email_address import in_octets
from uit.core.errors import Refusal
from uit.identity.authentication import client_with
from uit.identity.visitor import Client
from uit.web.documented import documented
from uit.web.header import header
from uit.web.json_response import json_response, problem_response
from uit.web.misread import excluded_field, malformed_field
from uit.web.problem import preferred_language, words_of

WaysOpen = Annotated[list[PayWith], Meta(description="The ways to pay that are open; empty where none is.")]
RemainingBy = Annotated[
    dict[PayWith, int],
    Meta(description="By way to pay, what it leaves to pay besides credit, in cents of a euro."),
]


class QuoteRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody thinks of booking. Without `pass_token` it is a quote for a guest: it asks no `guest`.

    With the `guest_email` to which the tickets would go, what that address has already counts where a price
    is only so many for each. Only with the code of an organisation that may, `invoice` is among the ways to
    pay.
    """

    NOT_TOGETHER: ClassVar = ("pass_token", "guest_email")
    EXAMPLES: ClassVar = api_examples.QUOTE

    lines: Lines
    pass_token: PassToken | UnsetType = UNSET
    guest_email: Email | UnsetType = UNSET
    invoice: InvoiceRequest | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.guest_email is UNSET:
            return
        if self.pass_token is not UNSET:
            raise excluded_field("guest_email")
        if not in_octets(self.guest_email):
            raise malformed_field("guest_email")

    @property
    def guest(self) -> GuestContact | None:
        return None if self.guest_email is UNSET else GuestContact("", self.guest_email)


class RefusalDocument(Struct, frozen=True):
    """Why not: what a booking would answer. `code` is stable, `next` says what to do."""

    code: str
    title: str
    detail: str
    next: str
    facts: dict[str, Any]


class QuotedLineDocument(Struct, frozen=True):
    """A line as it was asked. With a `refusal` it cannot be had, and its amounts are nought.

    `cancel_fee_cents` is what each ticket that its holder cancels keeps of what was paid besides credit.
    Where seats are numbered, `seats` are those that it would get now; nobody keeps them.
    """

    session_id: UUID
    tariff: str
    places: int
    price_cents: Amount
    credit_cents: Amount
    cancel_fee_cents: Amount
    refusal: RefusalDocument | UnsetType = UNSET
    seats: tuple[str, ...] | UnsetType = UNSET


class SellerDocument(Struct, frozen=True):
    """Who gets the money. An association may have no number: then it is null."""

    name: str
    enterprise_number: str | None


class QuotedBookingDocument(Struct, frozen=True):
    """A booking of the lines with these numbers, the first of which is 1, after the ones before it.

    `seller` is to whom goes what credit does not pay; null where credit pays all. Where no way is open,
    `refusal` says why.
    """

    lines: tuple[int, ...]
    seller: SellerDocument | None
    price_cents: Amount
    credit_cents: Amount
    remaining_cents: Amount
    pay_with: WaysOpen
    remaining_by: RemainingBy
    refusal: RefusalDocument | UnsetType = UNSET


class QuoteDocument(Struct, frozen=True):
    """The amounts are over the lines that are not refused; what credit does not pay is `remaining_cents`.

    A line that is refused, of a date that was called off say, counts as nothing: where all are, the price is
    0, and why stands at each line.

    `pay_with` are the ways that are open to a booking of them, and where none is, `refusal` says why.
    `remaining_by` is what each leaves to pay: a card takes no less than 50 cents, and credit pays less then.
    `cancel_until` is until when all of it can be given up; null when there is nothing to book.
    `bookings` is how these lines are booked: more than one where money goes to more than one seller. They are
    paid one after the other, each with the credit that the ones before it leave.
    """

    lines: list[QuotedLineDocument]
    price_cents: Amount
    credit_cents: Amount
    remaining_cents: Amount
    cancel_until: Annotated[datetime | None, Meta(description="UTC; null when there is nothing to book.")]
    pay_with: WaysOpen
    remaining_by: RemainingBy
    bookings: list[QuotedBookingDocument]
    refusal: RefusalDocument | UnsetType = UNSET


@post(
    "/api/v1/quotes",
    opt=client_with("quote"),
    operation_id="quote",
    tags=["bookings"],
    status_code=200,
    **documented(
        "Ask what it costs", 404, 409, 429, 503, security_scheme="client", scope="quote", reads=QuoteRequest
    ),
)
async def ask_quote(
    data: JSONBody[QuoteRequest],
    request: Request[Client, Any, Any],
    services: NamedDependency[BookingServices],
) -> Response[QuoteDocument]:
    """The price, what credit pays of it and how the rest can be paid. Changes nothing and holds nothing.

    How often you may ask is limited, for you, for each pass and for each address of a guest. Credit is said
    only as the part that it pays of places that are free.
    """
    answer = await answer_quote(data, request.user, services)
    if isinstance(answer, Refusal):
        return problem_response(request, answer)
    language = preferred_language(header(request, b"accept-language"))
    return json_response(as_document(data, answer, language))


async def answer_quote(data: QuoteRequest, client: Client, services: BookingServices) -> Quoted | Refusal:
    too_often = await code_limit_of(data.lines, client, services)
    requested = too_often or await read_lines(data.lines, data.pass_token, services)
    if isinstance(requested, Refusal):
        return requested
    command = Book(
        region_id=requested.region_id,
        booking_id=services.ids.new(),
        digest="",
        by=client_actor(client),
        lines=requested.lines,
        channel="api",
        guest=data.guest,
    )
    refusal = await check_limits(services.limiter, client.client_id, command)
    if refusal:
        return refusal
    customer = await read_invoice_customer(requested.region_id, data.invoice, client, services)
    if isinstance(customer, Refusal):
        return customer
    now = services.clock.now()
    async with services.database.reading() as connection:
        quoted = await read_quote(connection, client.client_id, command, now, customer)
    if cards_of(command):
        async with services.database.transaction() as tx:
            await note_looks(tx, client.client_id, command, now)
    return await with_lines(services, command.region_id, quoted)


async def with_lines(services: BookingServices, region_id: int, quoted: Quoted) -> Quoted:
    """The quote, where what is sold out says where one can wait for it."""
    lines = [
        replace(each, refusal=await with_where_to_wait(services, region_id, each.refusal))
        for each in quoted.quote.lines
    ]
    refusal = await with_where_to_wait(services, region_id, quoted.refusal)
    return replace(quoted, quote=replace(quoted.quote, lines=lines), refusal=refusal)


def as_document(asked: QuoteRequest, answer: Quoted, language: str) -> QuoteDocument:
    quote = answer.quote
    return QuoteDocument(
        [
            line_document(line, quoted, language)
            for line, quoted in zip(asked.lines, quote.lines, strict=True)
        ],
        quote.price_cents,
        quote.credit_cents,
        quote.remaining_cents,
        quote.cancel_until,
        list(quote.pay_with),
        quote.remaining_by,
        [booking_document(each, answer, language) for each in answer.bookings],
        refusal_document(answer.refusal, language),
    )


def booking_document(booking: QuotedBooking, answer: Quoted, language: str) -> QuotedBookingDocument:
    seller = answer.sellers.get(booking.seller_id) if booking.seller_id else None
    return QuotedBookingDocument(
        booking.line_nos,
        SellerDocument(seller.name, seller.number) if seller else None,
        booking.price_cents,
        booking.credit_cents,
        booking.remaining_cents,
        list(booking.pay_with),
        booking.remaining_by,
        refusal_document(booking.refusal, language),
    )


def line_document(line: LineRequest, quoted: QuotedLine, language: str) -> QuotedLineDocument:
    return QuotedLineDocument(
        line.session_id,
        line.tariff,
        line.places,
        quoted.price_cents,
        quoted.credit_cents,
        quoted.cancel_fee_cents,
        refusal_document(quoted.refusal, language),
        quoted.seats or UNSET,
    )


def refusal_document(refusal: Refusal | None, language: str) -> RefusalDocument | UnsetType:
    """A refusal as its problem document says it, without what only a response has."""
    if refusal is None:
        return UNSET
    words = words_of(refusal, language)
    facts = {name: fact for name, fact in msgspec.structs.asdict(refusal).items() if fact is not UNSET}
    return RefusalDocument(refusal.code, words.title, words.detail, words.next, facts)


ROUTES = [ask_quote]
