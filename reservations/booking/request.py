"""What a client sends to book or to be quoted, and the command behind it."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Final, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from credits.errors import CustomerUnknown
from credits.invoice.customer import customer_of_code
from credits.invoice.terms import CustomerTerms
from reservations import api_examples
from reservations.booking.actor import CardProof, HolderProof, LineProof, client_actor
from reservations.booking.commands import (
    Book,
    ChangeBooking,
    GuestContact,
    PayWith,
    RequestedLine,
    bound_to,
)
from reservations.booking.described import PriceSeen, RemainingSeen, Url, Ways
from reservations.booking.facts import MOST_LINE_NO, Booking
from reservations.booking.price_code import CODES_OF_CLIENT as CODES_OF_PRICES
from reservations.booking.price_code import MOST_LETTERS, code_digest, code_limit
from reservations.booking.services import BookingServices
from reservations.errors import BookingUnknown, OtherRegion, ReturnUrlForeign, SessionUnknown
from reservations.most_places import MOST_OF_GROUP
from reservations.seats.plan import LONGEST_SEAT
from reservations.turn_card.turn_card import TurnCardKey
from uit.core.email_address import EMAIL_PATTERN, LONGEST_EMAIL, in_octets
from uit.core.errors import Refusal, TooOften
from uit.core.origin import origin_of
from uit.core.seal import open_pass
from uit.identity.visitor import Client
from uit.passes.errors import PassUnknown
from uit.services.limit import Limit
from uit.web.misread import excluded_field, malformed_field, missing_field

MOST_LINES: Final = 40
CODES_OF_CLIENT: Final = Limit("customer codes of client", 600, 3600)
SEAT_SCHEMA: Final = {"items": {"type": "string", "minLength": 1, "maxLength": LONGEST_SEAT}}
SeatKey = Annotated[str, Meta(min_length=1, max_length=LONGEST_SEAT)]
SeatKeys = Annotated[
    list[SeatKey], Meta(min_length=1, max_length=MOST_OF_GROUP, extra_json_schema={"extra": SEAT_SCHEMA})
]
PassToken = Annotated[str, Meta(min_length=1, max_length=200)]
Email = Annotated[str, Meta(max_length=LONGEST_EMAIL, pattern=EMAIL_PATTERN)]
PriceCode = Annotated[str, Meta(min_length=1, max_length=MOST_LETTERS)]
PRINTABLE: Final = r"^[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
Name = Annotated[str, Meta(max_length=100, pattern=PRINTABLE)]
Device = Annotated[str, Meta(max_length=100, pattern=PRINTABLE)]


class TurnCardRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A card of turns, by the ticket that it is of the booking that bought it, with the `no` of its line.

    It is of who comes, or where its organiser lets it be shared, of somebody else in the same booking.
    """

    booking_id: UUID
    line_no: Annotated[int, Meta(ge=1, le=MOST_LINE_NO)]
    ticket_no: Annotated[int, Meta(ge=1, le=MOST_OF_GROUP)]

    def as_key(self) -> TurnCardKey:
        return TurnCardKey(self.booking_id, self.line_no, self.ticket_no)


class LineRequest(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Tickets of one tariff, so many as `places`: one for a family of four is one, and takes four places.

    `pass_token` is of who comes, where that is another than who books. `code` is what somebody typed for a
    price that asks one. Where seats are numbered, `seats` are those that were chosen, as `C-12`, one for
    each who comes; without them you get the best that are free together, of which so many for `wheelchairs`,
    with who comes along beside them. Lines of dates that name the same `course_id` are sold together at its
    price, for as many places each; which dates, `getCourse` says. With a `turn_card` each place takes a turn
    of it, and costs nothing else.
    """

    session_id: UUID
    tariff: Annotated[str, Meta(min_length=1, max_length=40)]
    places: Annotated[int, Meta(ge=1, le=MOST_OF_GROUP)]
    pass_token: PassToken | UnsetType = UNSET
    code: PriceCode | UnsetType = UNSET
    seats: SeatKeys | UnsetType = UNSET
    wheelchairs: Annotated[int, Meta(ge=0, le=MOST_OF_GROUP)] = 0
    course_id: UUID | UnsetType = UNSET
    turn_card: TurnCardRequest | UnsetType = UNSET

    def as_requested(self, holder: HolderProof | None, code_digest: str | None) -> RequestedLine:
        seats = () if self.seats is UNSET else tuple(self.seats)
        course_id = None if self.course_id is UNSET else self.course_id
        card = None if self.turn_card is UNSET else self.turn_card.as_key()
        return RequestedLine(
            self.session_id,
            self.tariff,
            self.places,
            holder,
            code_digest,
            seats,
            self.wheelchairs,
            course_id,
            card,
        )


Lines = Annotated[list[LineRequest], Meta(min_length=1, max_length=MOST_LINES)]


class GuestRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Who books without a pass. The ticket is mailed there, with a link that manages this booking alone.

    How often one mailbox books is limited. `device` is what you call the device of your visitor, such as a
    random value in its cookie: name it, and one that hoards places is stopped without the others. It is not
    kept. Leave it out where many people use one device after each other.
    """

    name: Name
    email: Email
    device: Device | UnsetType = UNSET

    def __post_init__(self) -> None:
        if not in_octets(self.email):
            raise malformed_field("email")


class InvoiceRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Which organisation books on an invoice, by its code, and what it calls the order itself."""

    customer_code: Annotated[str, Meta(min_length=1, max_length=40)]
    reference: Annotated[str, Meta(max_length=60, pattern=PRINTABLE)] | UnsetType = UNSET


class BookingRequest(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What to book for whom: a holder with a pass, or a guest.

    With `price_seen_cents` or `remaining_seen_cents`, other amounts are refused instead of charged. The
    payment page leads back to `return_url`, at an origin that is registered for the client. `invoice` says
    for whom it is put on an invoice, where it is paid so. What is free needs no `pay_with`; a guest has no
    credit, and pays in another way.
    """

    EXAMPLES: ClassVar = api_examples.BOOKING
    EXACTLY_ONE: ClassVar = ("pass_token", "guest")
    ASKS_FOR: ClassVar = ("pay_with", PayWith.INVOICE, "invoice")

    lines: Lines
    pass_token: PassToken | UnsetType = UNSET
    pay_with: Ways = PayWith.CREDIT
    price_seen_cents: PriceSeen = None
    guest: GuestRequest | UnsetType = UNSET
    remaining_seen_cents: RemainingSeen = None
    return_url: Url | None = None
    invoice: InvoiceRequest | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.pass_token is UNSET and self.guest is UNSET:
            raise missing_field("pass_token")
        if self.pass_token is not UNSET and self.guest is not UNSET:
            raise excluded_field("guest")
        if self.pay_with is PayWith.INVOICE and self.invoice is UNSET:
            raise missing_field("invoice")


class ChangeRequest(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """All that a booking is to have, under an id of yours by which a repeat is known.

    A line that stands already with the same session, tariff and holder stays as it is; who keeps places need
    not show a pass again. A line that is new asks the `pass_token` of who comes. `price_seen_cents` is the
    price of all of it and `remaining_seen_cents` what is left to pay: with them, other amounts are refused.
    Without `pay_with` a difference is taken from credit.
    """

    EXAMPLES: ClassVar = api_examples.CHANGE

    change_id: UUID
    lines: Lines
    pass_token: PassToken | UnsetType = UNSET
    pay_with: Annotated[
        Literal["credit", "card", "credit_then_card"],
        Meta(description="How a difference is paid. Also by card, credit that paid before goes on paying."),
    ] = "credit"
    price_seen_cents: PriceSeen = None
    remaining_seen_cents: RemainingSeen = None
    return_url: Url | None = None


class Requested(Struct, frozen=True):
    """The lines that are asked for, in the region where their sessions live."""

    region_id: int
    lines: tuple[RequestedLine, ...]


async def read_lines(
    lines: Sequence[LineRequest], pass_token: str | UnsetType, services: BookingServices
) -> Requested | Refusal:
    """The lines with their holders: each pass is unsealed, and of the region of the first session."""
    session_id = lines[0].session_id
    tokens = [pass_token if line.pass_token is UNSET else line.pass_token for line in lines]
    proofs: dict[str | UnsetType, CardProof] = {}
    regions = set()
    for token in dict.fromkeys([pass_token, *tokens]):
        if token is UNSET:
            continue
        seal = open_pass(services.secrets.signing, token)
        if seal is None:
            return PassUnknown()
        proofs[token] = CardProof(seal.card_id, seal.version)
        regions.add(seal.region_id)
    region_id = await services.session_regions.of(session_id)
    if region_id is None:
        return SessionUnknown(session_id)
    if not regions <= {region_id}:
        return OtherRegion(session_id)
    return Requested(
        region_id,
        tuple(
            line.as_requested(
                proofs.get(token), code_digest(services.secrets.signing, region_id, line.code or "")
            )
            for line, token in zip(lines, tokens, strict=True)
        ),
    )


async def as_command(
    booking_id: UUID, request: BookingRequest, client: Client, services: BookingServices
) -> Book | Refusal:
    """The command behind a request: passes are unsealed, the region found, the id bound to the content."""
    if request.return_url is not None and origin_of(request.return_url) not in client.return_origins:
        return ReturnUrlForeign(request.return_url)
    too_often = await code_limit_of(request.lines, client, services)
    requested = too_often or await read_lines(request.lines, request.pass_token, services)
    if isinstance(requested, Refusal):
        return requested
    invoice = request.invoice if request.pay_with is PayWith.INVOICE else UNSET
    customer = await read_invoice_customer(requested.region_id, invoice, client, services)
    if isinstance(customer, Refusal):
        return customer
    return Book(
        region_id=requested.region_id,
        booking_id=booking_id,
        digest=bound_to("PUT", booking_id, client.client_id, as_bound(request)),
        by=client_actor(client),
        lines=requested.lines,
        channel="api",
        price_seen_cents=request.price_seen_cents,
        remaining_seen_cents=request.remaining_seen_cents,
        pay_with=request.pay_with,
        payment_id=services.ids.new(),
        return_url=request.return_url,
        guest=contact_of(request.guest),
        invoice_customer_id=customer.id if customer else None,
        invoice_reference=reference_of(invoice),
    )


async def as_change(
    booking_id: UUID, request: ChangeRequest, client: Client, services: BookingServices
) -> ChangeBooking | Refusal:
    """The command behind a request to change a booking of this client.

    The booking is read where a line says no holder; who shows a pass for each costs no look before the locks.
    """
    if request.return_url is not None and origin_of(request.return_url) not in client.return_origins:
        return ReturnUrlForeign(request.return_url)
    too_often = await code_limit_of(request.lines, client, services)
    requested = too_often or await read_lines(request.lines, request.pass_token, services)
    if isinstance(requested, Refusal):
        return requested
    if requested.region_id != client.region_id:
        return OtherRegion(request.lines[0].session_id)
    by, lines = client_actor(client), requested.lines
    if any(line.holder is None for line in lines):
        booking = await services.bookings.read(client.region_id, booking_id)
        if booking is None or booking.by != by.as_stored():
            return BookingUnknown(booking_id)
        lines = tuple(kept_by(booking, line) for line in lines)
    bound = replace(request, lines=without_codes(request.lines))
    return ChangeBooking(
        region_id=client.region_id,
        booking_id=booking_id,
        change_id=request.change_id,
        digest=bound_to("POST", booking_id, client.client_id, bound),
        by=by,
        lines=lines,
        price_seen_cents=request.price_seen_cents,
        remaining_seen_cents=request.remaining_seen_cents,
        pay_with=PayWith(request.pay_with),
        payment_id=services.ids.new(),
        return_url=request.return_url,
    )


def kept_by(booking: Booking, line: RequestedLine) -> RequestedLine:
    """The line for who has the same places of the booking already, where no pass is shown and it is one."""
    same = {
        each.holder_id
        for each in booking.lines
        if (each.session_id, each.tariff_code) == (line.session_id, line.tariff)
    }
    holder_ids = same or {each.holder_id for each in booking.lines}
    if line.holder is not None or len(holder_ids) != 1 or None in holder_ids:
        return line
    (holder_id,) = holder_ids
    return replace(line, holder=LineProof(holder_id)) if holder_id else line


async def code_limit_of(
    lines: Sequence[LineRequest], client: Client, services: BookingServices
) -> TooOften | None:
    """Count the codes that a client tries for a price."""
    typed = "".join(line.code for line in lines if line.code is not UNSET)
    return await code_limit(services.limiter, CODES_OF_PRICES, client.client_id, typed)


def as_bound(request: BookingRequest) -> BookingRequest:
    """What a booking is bound to: a repeat is the same from another device. No code is kept, in any form."""
    if any(line.code is not UNSET for line in request.lines):
        request = replace(request, lines=without_codes(request.lines))
    if request.guest is UNSET:
        return request
    return replace(request, guest=replace(request.guest, device=UNSET))


def without_codes(lines: list[LineRequest]) -> list[LineRequest]:
    return [line if line.code is UNSET else replace(line, code=UNSET) for line in lines]


async def read_invoice_customer(
    region_id: int, invoice: InvoiceRequest | UnsetType, client: Client, services: BookingServices
) -> CustomerTerms | Refusal | None:
    """Who books on an invoice; None where nobody does. How often a client tries codes is limited."""
    if invoice is UNSET:
        return None
    too_often = await services.limiter.count(CODES_OF_CLIENT, client.client_id)
    if too_often:
        return too_often
    async with services.database.reading() as connection:
        return await customer_of_code(connection, region_id, invoice.customer_code) or CustomerUnknown()


def reference_of(invoice: InvoiceRequest | UnsetType) -> str | None:
    return None if invoice is UNSET or invoice.reference is UNSET else invoice.reference.strip()


def contact_of(guest: GuestRequest | UnsetType) -> GuestContact | None:
    return None if guest is UNSET else GuestContact(guest.name.strip(), guest.email.strip().lower())
