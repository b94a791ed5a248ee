"""Machines, under `/api/v1`: a client finds, books and checks in for its organisers."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.response import Response
from msgspec import Meta

from reservations.ask import Booked, ByCard, Cancel, Closed, Take, Wanted, bound_to
from reservations.booking import read_booking
from reservations.catalogue import EARLIEST, FIRST, LATEST, SessionPage, sessions
from reservations.catalogue import Wanted as WantedSessions
from reservations.checkin import By, CheckedIn, Scan, Scope, check_in
from reservations.document import BookingDocument, as_document
from reservations.errors import BookingUnknown, SessionUnknown
from reservations.facts import Booking
from reservations.find_ticket import find_ticket
from reservations.house import BookingHouse
from reservations.search import CURSOR, read_cursor
from uit.ground.clock import BRUSSELS
from uit.ground.errors import NotAllowed, NotUnderstood, Refusal
from uit.ground.seal import open_pass
from uit.ground.web.answer import Answer
from uit.ground.web.documented import documented, response
from uit.ground.web.header import header
from uit.ground.web.problem import asked_language, problem
from uit.ground.web.straight import straight
from uit.identity.entry import CLIENT
from uit.identity.visitor import Client
from uit.passes.errors import PassUnknown

MOST_LINES = 20
MOST_PLACES = 100
# The framework leaves a limit of zero out of the description, unless it is said twice.
Cents = Annotated[int, Meta(ge=0, le=100_000_000, extra_json_schema={"extra": {"minimum": 0}})]


class LineRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    session_id: UUID
    tariff: Annotated[str, Meta(min_length=1, max_length=40)]
    places: Annotated[int, Meta(ge=1, le=MOST_PLACES)]


class BookingRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What to book for whom. With `price_seen_cents`, another price is refused instead of charged."""

    lines: Annotated[list[LineRequest], Meta(min_length=1, max_length=MOST_LINES)]
    pass_token: Annotated[str, Meta(min_length=1, max_length=200)]
    pay_with: Literal["credit"] = "credit"
    price_seen_cents: Cents | None = None


def house_of(request: Request[Client, Any, Any]) -> BookingHouse:
    """Straight from the application: to have it injected costs a booking a twentieth of its time."""
    house: BookingHouse = request.app.state["house"]
    return house


async def as_take(
    booking_id: UUID, request: BookingRequest, client: Client, house: BookingHouse
) -> Take | Refusal:
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
        digest=bound_to("PUT", booking_id, client.client_id, request),
        holder=ByCard(seal.region_id, seal.card_id, seal.version),
        wanted=tuple(Wanted(line.session_id, line.tariff, line.places) for line in request.lines),
        channel="api",
        client_id=client.client_id,
        organiser_ids=client.organiser_ids,
        price_seen_cents=request.price_seen_cents,
    )


@put(
    "/api/v1/bookings/{booking_id:uuid}",
    opt=CLIENT,
    middleware=[straight],
    operation_id="placeBooking",
    tags=["bookings"],
    **documented(
        "Place a booking",
        *(404, 409, 503),
        door="client",
        reads=BookingRequest,
        also={201: response(BookingDocument, "Booked. A repeat of the same is answered with 200.")},
    ),
)
async def place(
    booking_id: FromPath[UUID],
    data: JSONBody[BookingRequest],
    request: Request[Client, Any, Any],
) -> Response[BookingDocument]:
    """Book, all of it or nothing, under an id that you choose. Repeat it as you need: it happens once."""
    house = house_of(request)
    take = await as_take(booking_id, data, request.user, house)
    answer = take if isinstance(take, Refusal) else await house.turnstile.ask(take)
    if isinstance(answer, Booked):
        return told(answer.booking, house, status=201 if answer.new else 200)
    return refused(request, answer)


@get(
    "/api/v1/bookings/{booking_id:uuid}",
    opt=CLIENT,
    operation_id="getBooking",
    tags=["bookings"],
    **documented("Read a booking", 404, 503, door="client"),
)
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
    **documented("Cancel a booking", 404, 409, 503, door="client"),
)
async def cancel(
    booking_id: FromPath[UUID],
    request: Request[Client, Any, Any],
    house: NamedDependency[BookingHouse],
) -> Response[BookingDocument]:
    """Cancel a booking of yours and give the credit back. Cancelling twice changes nothing more."""
    answer = await house.turnstile.ask(Cancel(booking_id, client_id=request.user.client_id))
    return told(answer.booking, house) if isinstance(answer, Closed) else refused(request, answer)


def moment(name: str) -> QueryParameter:
    about = "A date-time of RFC 3339; a date alone means its first moment in Brussels."
    return QueryParameter(name=name, max_length=40, description=about, schema_extra={"format": "date-time"})


@get(
    "/api/v1/sessions",
    opt=CLIENT,
    operation_id="searchSessions",
    tags=["sessions"],
    **documented("Find sessions", 422, 503, door="client"),
)
async def find(  # noqa: PLR0913, PLR0917  each is a parameter of the address
    request: Request[Client, Any, Any],
    house: NamedDependency[BookingHouse],
    starts_from: Annotated[str | None, moment("from")] = None,
    starts_to: Annotated[str | None, moment("to")] = None,
    organiser_id: FromQuery[UUID | None] = None,
    q: Annotated[str, QueryParameter(max_length=100, pattern=r"^[^\x00]*$", description="In the name.")] = "",
    after: Annotated[
        str | None, QueryParameter(pattern=f"^{CURSOR.pattern}$", description="`next` of the page before.")
    ] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
) -> Response[SessionPage]:
    """Sessions of your organisers by their start: from now on, unless you say `from`, and before `to`."""
    since = house.clock.now() if starts_from is None else read_moment("from", starts_from)
    until = LATEST if starts_to is None else read_moment("to", starts_to)
    seen = FIRST if after is None else read_cursor(after) or NotUnderstood("after", "malformed")
    if isinstance(since, Refusal) or isinstance(until, Refusal) or isinstance(seen, Refusal):
        return refused(request, next(each for each in (since, until, seen) if isinstance(each, Refusal)))
    client = request.user
    if organiser_id is not None and organiser_id not in client.organiser_ids:
        return refused(request, NotAllowed())
    organisers = tuple(client.organiser_ids) if organiser_id is None else (organiser_id,)
    async with house.database.reading() as connection:
        wanted = WantedSessions(client.region_id, organisers, since, until, q, seen, limit)
        return answered(await sessions(connection, wanted))


def read_moment(name: str, text: str) -> datetime | NotUnderstood:
    """Without a zone it is Brussels time; what no calendar in UTC reaches, is its nearest end."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return NotUnderstood(name, "malformed", "Expected a date-time of RFC 3339.")
    near = min(max(at.replace(tzinfo=None), EARLIEST.replace(tzinfo=None)), LATEST.replace(tzinfo=None))
    return near.replace(tzinfo=at.tzinfo or BRUSSELS).astimezone(UTC)


class CheckinRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`ticket` is what its QR carries. With a `checkin_id` of your own, a repeat gets the same answer."""

    ticket: Annotated[str, Meta(min_length=1, max_length=200)]
    checkin_id: UUID | None = None


class CheckinDocument(msgspec.Struct, frozen=True):
    """`people` come in with this ticket; of the `party` of the booking, `party_inside` are in now."""

    checkin_id: UUID
    session_id: UUID
    event: str
    starts_at: datetime
    people: int
    party: int
    party_inside: int
    used_at: datetime


@post(
    "/api/v1/checkins",
    opt=CLIENT,
    operation_id="checkIn",
    tags=["check-ins"],
    **documented(
        "Check in",
        *(404, 409, 503),
        door="client",
        reads=CheckinRequest,
        also={200: response(CheckinDocument, "A repeat of a check-in, by its `checkin_id`.")},
    ),
)
async def enter(
    data: JSONBody[CheckinRequest], request: Request[Client, Any, Any], house: NamedDependency[BookingHouse]
) -> Response[CheckinDocument]:
    """Use a ticket for a session of your organisers, from five hours before it starts.

    A second time is refused and says when the first was.
    """
    client, checkin_id = request.user, data.checkin_id or house.ids.new()
    scope, by = Scope(client.region_id, client.organiser_ids), By("client", client.client_id)
    async with house.database.transaction() as tx:
        seal = await find_ticket(tx, data.ticket, scope, checkin_id, house.secrets.signing)
        if isinstance(seal, Refusal):
            return refused(request, seal)
        answer = await check_in(tx, Scan(seal, scope, by, checkin_id), house.clock, house.ids)
    if isinstance(answer, CheckedIn):
        return answered(
            msgspec.convert(answer, CheckinDocument, from_attributes=True), 201 if answer.new else 200
        )
    return refused(request, answer)


def told(booking: Booking, house: BookingHouse, status: int = 200) -> Response[Any]:
    return answered(as_document(booking, house.secrets.signing), status)


def answered(document: object, status: int = 200) -> Response[Any]:
    return Answer(msgspec.json.encode(document), status)


def refused(request: Request[Any, Any, Any], answer: object) -> Response[Any]:
    assert isinstance(answer, Refusal)
    return problem(
        answer,
        asked_language(header(request, b"accept-language")),
        house_of(request).settings.address,
    )


ROUTES = [place, read, cancel, find, enter]
