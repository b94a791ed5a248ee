"""Machines: bookings under `/api/v1`. A client books for its own organisers and sees its own bookings."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Response
from msgspec import Meta

from reservations.ask import Booked, ByCard, Cancel, Closed, Take, Wanted
from reservations.booking import read_booking
from reservations.document import BookingDocument, as_document
from reservations.errors import BookingUnknown, SessionUnknown
from reservations.facts import Booking
from reservations.house import BookingHouse
from uit.ground.errors import Refusal
from uit.ground.seal import open_pass
from uit.ground.secret import digest
from uit.ground.web.problem import asked_language, problem
from uit.identity.entry import CLIENT
from uit.identity.visitor import Client
from uit.passes.errors import PassUnknown

JSON = "application/json"
MOST_LINES = 20
MOST_PLACES = 100


class LineRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    session_id: UUID
    tariff: Annotated[str, Meta(min_length=1, max_length=40)]
    places: Annotated[int, Meta(ge=1, le=MOST_PLACES)]


class BookingRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What to book for whom. With `price_seen_cents`, another price is refused instead of charged."""

    lines: Annotated[tuple[LineRequest, ...], Meta(min_length=1, max_length=MOST_LINES)]
    pass_token: Annotated[str, Meta(min_length=1, max_length=200)]
    pay_with: Literal["credit"] = "credit"
    price_seen_cents: Annotated[int, Meta(ge=0, le=100_000_000)] | None = None


async def as_take(booking_id: UUID, request: BookingRequest, client: Client, house: BookingHouse) -> Take | Refusal:
    """The ask behind a request: the pass is unsealed, the region found, the id bound to what was asked."""
    seal = open_pass(house.secrets.signing, request.pass_token)
    if seal is None:
        return PassUnknown()
    session_id = request.lines[0].session_id
    region_id = await house.session_regions.of(session_id)
    if region_id is None:
        return SessionUnknown(session_id)
    return Take(
        region_id=region_id,
        booking_id=booking_id,
        digest=digest("PUT", booking_id, client.client_id, msgspec.json.encode(request)).hex()[:32],
        holder=ByCard(seal.region_id, seal.card_id, seal.version),
        wanted=tuple(Wanted(line.session_id, line.tariff, line.places) for line in request.lines),
        channel="api",
        client_id=client.client_id,
        organiser_ids=client.organiser_ids,
        price_seen_cents=request.price_seen_cents,
    )


@put("/api/v1/bookings/{booking_id:uuid}", opt=CLIENT, operation_id="placeBooking", tags=["bookings"])
async def place(
    booking_id: FromPath[UUID],
    data: JSONBody[BookingRequest],
    request: Request[Client, Any, Any],
    house: NamedDependency[BookingHouse],
) -> Response[BookingDocument]:
    """Book, all of it or nothing, under an id that you choose. Repeat it as often as you need: it happens once."""
    take = await as_take(booking_id, data, request.user, house)
    answer = take if isinstance(take, Refusal) else await house.turnstile.ask(take)
    if isinstance(answer, Booked):
        return told(answer.booking, house, status=201 if answer.new else 200)
    return refused(request, answer)


@get("/api/v1/bookings/{booking_id:uuid}", opt=CLIENT, operation_id="getBooking", tags=["bookings"])
async def read(
    booking_id: FromPath[UUID],
    request: Request[Client, Any, Any],
    house: NamedDependency[BookingHouse],
) -> Response[BookingDocument]:
    """A booking of yours as it stands now."""
    async with house.database.reading() as connection:
        booking = await read_booking(connection, booking_id)
    if booking is None or booking.client_id != request.user.client_id:
        return refused(request, BookingUnknown(booking_id))
    return told(booking, house)


@delete(
    "/api/v1/bookings/{booking_id:uuid}",
    opt=CLIENT,
    operation_id="cancelBooking",
    tags=["bookings"],
    status_code=200,
)
async def cancel(
    booking_id: FromPath[UUID],
    request: Request[Client, Any, Any],
    house: NamedDependency[BookingHouse],
) -> Response[BookingDocument]:
    """Cancel a booking of yours and give the credit back. Cancelling twice changes nothing more."""
    answer = await house.turnstile.ask(Cancel(booking_id, client_id=request.user.client_id))
    return told(answer.booking, house) if isinstance(answer, Closed) else refused(request, answer)


def told(booking: Booking, house: BookingHouse, status: int = 200) -> Response[Any]:
    return Response(msgspec.json.encode(as_document(booking, house.secrets.signing)), status_code=status, media_type=JSON)


def refused(request: Request[Any, Any, Any], answer: object) -> Response[Any]:
    assert isinstance(answer, Refusal)
    return problem(answer, asked_language(request.headers.get("accept-language")), request.app.state.house.settings.address)


ROUTES = [place, read, cancel]
