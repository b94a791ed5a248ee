"""Machines, under `/api/v1/waiting`: a client waits for who comes to it, takes an offer, and leaves."""

from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Response
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from reservations import api_examples
from reservations.booking.actor import client_actor
from reservations.booking.answers import Accepted, InWaitingList
from reservations.booking.commands import DeclineOffer, LeaveWaitingList, PayWith
from reservations.booking.described import RemainingSeen, Url, Ways
from reservations.booking.document import BookingDocument, as_document
from reservations.booking.services import BookingServices
from reservations.errors import ReturnUrlForeign
from reservations.guest.limit import client_guest_limit
from reservations.payment.opening import open_payment
from reservations.waiting.asked import WaitingRequest, as_command
from reservations.waiting.joining import as_if_booked
from reservations.waiting.offer_to_client import offer_to_client
from reservations.waiting.offered import Offered, accepting
from reservations.waiting.place import PlaceInLine, read_place
from reservations.waiting_line.entry import STANDS, State
from reservations.waiting_line.errors import OfferOver, WaitingIdTaken, WaitingUnknown
from uit.core.amount import Amount
from uit.core.errors import Refusal, TooOften
from uit.core.origin import origin_of
from uit.identity.authentication import client_with
from uit.identity.visitor import Client
from uit.web.documented import documented, response
from uit.web.json_response import json_response, problem_response

GivenServices = NamedDependency[BookingServices]
ApiRequest = Request[Client, Any, Any]


class OfferDocument(Struct, frozen=True):
    """Places that are held until `answer_by`: a booking of yours, under `booking_id`.

    `remaining_by` is what each way to pay leaves besides credit, in cents; empty where none is open. `seats`
    are held too, where they are numbered.
    """

    booking_id: UUID
    session_id: UUID
    answer_by: datetime
    price_cents: Amount
    credit_cents: Amount
    remaining_by: dict[PayWith, int]
    seats: list[str] | UnsetType = UNSET


class WaitingDocument(Struct, frozen=True):
    """A place in the line of an activity. `before` is how many stand before it, while it is `waiting`.

    `offered` has an `offer` to answer; the others are over: `accepted`, `declined`, `expired` when nobody
    answered in time, `left`, and `over` when the dates were.
    """

    entry_id: UUID
    state: State
    before: Annotated[int, Meta(ge=0)]
    places: Annotated[int, Meta(ge=1)]
    session_ids: list[UUID]
    joined_at: datetime
    offer: OfferDocument | UnsetType = UNSET


class AcceptanceRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """How what credit does not pay is paid. What is free needs nothing.

    With `remaining_seen_cents`, another amount is refused. The payment page leads back to `return_url`.
    """

    EXAMPLES: ClassVar = api_examples.ACCEPTANCE

    pay_with: Ways = PayWith.CREDIT
    remaining_seen_cents: RemainingSeen = None
    return_url: Url | None = None


@post(
    "/api/v1/waiting",
    opt=client_with("book"),
    operation_id="joinWaitingList",
    tags=["waiting"],
    status_code=200,
    **documented(
        "Wait for what is full",
        *(404, 409, 429, 503),
        security_scheme="client",
        scope="book",
        reads=WaitingRequest,
        also={201: response(WaitingDocument, "In the line. A repeat of the same is answered with 200.")},
    ),
)
async def join(
    data: JSONBody[WaitingRequest], request: ApiRequest, services: GivenServices
) -> Response[WaitingDocument]:
    """Stand in the line of an activity: first come, first served, for all of the places together or none.

    Only what is full has a line: where the places are free, book them. Who waits gets a message for each
    step, and may answer by its link as well. The same `entry_id` with the same content changes nothing more;
    other content is a conflict.
    """
    place = await find_place(services, request.user.region_id, data.entry_id)
    if place is not None:
        is_same = is_theirs(place, request.user) and place.digest == data.bound(request.user)
        return await place_response(request, services, place if is_same else WaitingIdTaken(data.entry_id))
    command = await as_command(data, request.user, services)
    if not isinstance(command, Refusal) and data.guest is not UNSET:
        device = None if data.guest.device is UNSET else data.guest.device
        too_often = await client_guest_limit(services, request.user, as_if_booked(command), device)
        command = too_often or command
    answer = command if isinstance(command, Refusal) else await services.turnstile.answer(command)
    if not isinstance(answer, InWaitingList):
        return problem_response(request, answer)
    place = await find_place(services, request.user.region_id, data.entry_id)
    return await place_response(request, services, place, 201 if answer.new else 200)


@get(
    "/api/v1/waiting/{entry_id:uuid}",
    opt=client_with("read"),
    operation_id="getWaiting",
    tags=["waiting"],
    **documented("Read a place in a line", 404, 429, 503, security_scheme="client", scope="read"),
)
async def read(
    entry_id: FromPath[UUID], request: ApiRequest, services: GivenServices
) -> Response[WaitingDocument]:
    """A place of yours as it stands now, with its offer where there is one.

    How often you may read an offer is limited, as it is for quotes: it says what credit pays.
    """
    return await place_response(request, services, await own_place(services, request.user, entry_id))


@delete(
    "/api/v1/waiting/{entry_id:uuid}",
    opt=client_with("cancel"),
    operation_id="leaveWaitingList",
    tags=["waiting"],
    status_code=200,
    **documented(
        "Leave a line, or decline its offer", 404, 409, 429, 503, security_scheme="client", scope="cancel"
    ),
)
async def leave(
    entry_id: FromPath[UUID], request: ApiRequest, services: GivenServices
) -> Response[WaitingDocument]:
    """Wait no longer. What was offered goes to the next in the same moment. A repeat changes nothing more.

    What was accepted is a booking, and is cancelled as one.
    """
    place = await own_place(services, request.user, entry_id)
    if isinstance(place, Refusal) or place.state not in STANDS:
        return await place_response(request, services, place)
    command: LeaveWaitingList | DeclineOffer = LeaveWaitingList(
        request.user.region_id, place.id, place.event_id
    )
    if place.state == "offered" and place.booking_id:
        command = DeclineOffer(request.user.region_id, place.booking_id, client_actor(request.user))
    answer = await services.turnstile.answer(command)
    if isinstance(answer, Refusal):
        return problem_response(request, answer)
    return await place_response(request, services, await own_place(services, request.user, entry_id))


@post(
    "/api/v1/waiting/{entry_id:uuid}/acceptance",
    opt=client_with("book"),
    operation_id="acceptOffer",
    tags=["waiting"],
    status_code=200,
    **documented(
        "Take what was offered",
        *(404, 409, 429, 503),
        security_scheme="client",
        scope="book",
        reads=AcceptanceRequest,
    ),
)
async def accept(
    entry_id: FromPath[UUID],
    data: JSONBody[AcceptanceRequest],
    request: ApiRequest,
    services: GivenServices,
) -> Response[BookingDocument]:
    """Take the places that are held for who waited, and pay for them as for any booking: the answer is it.

    What is to be paid by card or at the desk stays `held` until it is paid. A repeat changes nothing more.
    """
    client = request.user
    if data.return_url is not None and origin_of(data.return_url) not in client.return_origins:
        return problem_response(request, ReturnUrlForeign(data.return_url))
    place = await own_place(services, client, entry_id)
    if isinstance(place, Refusal) or place.booking_id is None:
        return problem_response(request, place if isinstance(place, Refusal) else OfferOver(None))
    offered = await offer_to_client(services, client, place)
    if isinstance(offered, TooOften):
        return problem_response(request, offered)
    left_cents = offered.remaining_by.get(data.pay_with, 0) if offered else 0
    command = replace(
        accepting(client.region_id, place, services.ids.new()),
        by=client_actor(client),
        pay_with=data.pay_with,
        remaining_seen_cents=left_cents if data.remaining_seen_cents is None else data.remaining_seen_cents,
        return_url=data.return_url,
    )
    answer = await services.turnstile.answer(command)
    if not isinstance(answer, Accepted):
        return problem_response(request, answer)
    booking = await open_payment(services, answer.booking)
    return json_response(as_document(booking, services.secrets.signing))


def is_theirs(place: PlaceInLine, client: Client) -> bool:
    return place.client_id == client.client_id


async def find_place(services: BookingServices, region_id: int, entry_id: UUID) -> PlaceInLine | None:
    async with services.database.reading() as connection:
        return await read_place(connection, region_id, entry_id, None)


async def own_place(
    services: BookingServices, client: Client, entry_id: UUID
) -> PlaceInLine | WaitingUnknown:
    """The place in a line that this client asked."""
    place = await find_place(services, client.region_id, entry_id)
    return place if place and is_theirs(place, client) else WaitingUnknown()


async def place_response(
    request: ApiRequest, services: BookingServices, place: PlaceInLine | Refusal | None, status: int = 200
) -> Response[Any]:
    if place is None or isinstance(place, Refusal):
        return problem_response(request, place)
    offered = await offer_to_client(services, request.user, place)
    if isinstance(offered, TooOften):
        return problem_response(request, offered)
    return json_response(waiting_document(place, offered), status)


def waiting_document(place: PlaceInLine, offered: Offered | None) -> WaitingDocument:
    offer: OfferDocument | UnsetType = UNSET
    if offered and place.answer_by:
        amounts = offered.price_cents, offered.credit_cents, offered.remaining_by
        offer = OfferDocument(
            offered.booking.id, offered.session_id, place.answer_by, *amounts, offered.seats or UNSET
        )
    before = place.before if place.state == "waiting" else 0
    return WaitingDocument(
        place.id, place.state, before, place.places, place.session_ids, place.joined_at, offer
    )


ROUTES = [join, read, leave, accept]
