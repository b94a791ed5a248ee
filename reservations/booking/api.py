"""Machines, under `/api/v1/bookings`: a client books for its organisers, reads, pays and cancels."""

from typing import Annotated, Any, ClassVar
from uuid import UUID

import msgspec
from litestar import Request, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Response
from msgspec import UNSET, Meta

from credits.payments.payment import RefundWay
from reservations import api_examples
from reservations.booking.actor import client_actor
from reservations.booking.answers import Booked, Changed, Ended, Lengthened
from reservations.booking.change_stopping import stop_pending
from reservations.booking.commands import Book, CancellationKey, ChosenTickets, GiveUp, Lengthen, bound_to
from reservations.booking.document import BookingDocument, as_document
from reservations.booking.facts import MOST_LINE_NO, Booking
from reservations.booking.request import BookingRequest, ChangeRequest, as_change, as_command
from reservations.booking.services import BookingServices
from reservations.booking.turnstile import read_booking
from reservations.booking.where_to_wait import with_where_to_wait
from reservations.errors import BookingUnknown
from reservations.guest.limit import client_guest_limit
from reservations.payment.opening import open_payment
from uit.core.errors import Refusal
from uit.identity.authentication import client_with
from uit.identity.visitor import Client
from uit.web.documented import documented, response
from uit.web.fast_route import fast_route
from uit.web.json_response import json_response, problem_response

TicketNo = Annotated[int, Meta(ge=1, le=1000)]
# The framework describes no limits of what is in a list, unless they are said twice.
TICKET_NO_SCHEMA = {"items": {"type": "integer", "minimum": 1, "maximum": 1000}}
TicketNos = Annotated[
    list[TicketNo], Meta(min_length=1, max_length=1000, extra_json_schema={"extra": TICKET_NO_SCHEMA})
]


def services_of(request: Request[Client, Any, Any]) -> BookingServices:
    """The services, read from the application: injecting them takes a twentieth of a booking's time."""
    services: BookingServices = request.app.state["services"]
    return services


@put(
    "/api/v1/bookings/{booking_id:uuid}",
    opt=client_with("book"),
    middleware=[fast_route],
    operation_id="placeBooking",
    tags=["bookings"],
    **documented(
        "Place a booking",
        *(404, 409, 429, 503),
        security_scheme="client",
        scope="book",
        reads=BookingRequest,
        also={201: response(BookingDocument, "Booked. A repeat of the same is answered with 200.")},
    ),
)
async def place(
    booking_id: FromPath[UUID],
    data: JSONBody[BookingRequest],
    request: Request[Client, Any, Any],
) -> Response[BookingDocument]:
    """Book, all of it or nothing, under an id that you choose. Repeat it as you need: it happens once.

    What is to be paid by card or at the desk is `held` until `held_until`, and `confirmed` once it is paid.
    """
    services = services_of(request)
    command = await as_command(booking_id, data, request.user, services)
    if not isinstance(command, Refusal) and data.guest is not UNSET:
        device = None if data.guest.device is UNSET else data.guest.device
        command = await client_guest_limit(services, request.user, command, device) or command
    answer = command if isinstance(command, Refusal) else await services.turnstile.answer(command)
    if isinstance(answer, Booked):
        booking = await open_payment(services, answer.booking)
        return booking_response(booking, services, status=201 if answer.new else 200)
    if isinstance(command, Book):
        answer = await with_where_to_wait(services, command.region_id, answer)
    return problem_response(request, answer)


@get(
    "/api/v1/bookings/{booking_id:uuid}",
    opt=client_with("read"),
    operation_id="getBooking",
    tags=["bookings"],
    **documented("Read a booking", 404, 503, security_scheme="client", scope="read"),
)
async def read(
    booking_id: FromPath[UUID],
    request: Request[Client, Any, Any],
    services: NamedDependency[BookingServices],
) -> Response[BookingDocument]:
    """A booking of yours as it stands now."""
    client = request.user
    booking = await services.bookings.read(client.region_id, booking_id)
    if booking is None or booking.by != client_actor(client).as_stored():
        return problem_response(request, BookingUnknown(booking_id))
    return booking_response(booking, services)


@delete(
    "/api/v1/bookings/{booking_id:uuid}",
    opt=client_with("cancel"),
    operation_id="cancelBooking",
    tags=["bookings"],
    status_code=200,
    **documented("Cancel a booking", 404, 409, 503, security_scheme="client", scope="cancel"),
)
async def cancel(
    booking_id: FromPath[UUID],
    request: Request[Client, Any, Any],
    services: NamedDependency[BookingServices],
) -> Response[BookingDocument]:
    """End every live ticket of a booking of yours and give the credit back. A repeat changes nothing more.

    When one line is in the way, nothing ends, and the refusal names that line.
    """
    command = GiveUp(request.user.region_id, booking_id, client_actor(request.user))
    answer = await services.turnstile.answer(command)
    if isinstance(answer, Ended):
        return booking_response(await with_codes(answer.booking, services), services)
    return problem_response(request, answer)


class CancelledLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line by its `no`, and which of its `tickets`; without them every live one."""

    no: Annotated[int, Meta(ge=1, le=MOST_LINE_NO)]
    tickets: TicketNos | None = None


class CancellationRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which part of a booking to give up, under an id of yours by which a repeat is known."""

    EXAMPLES: ClassVar = api_examples.CANCELLATION

    cancellation_id: UUID
    lines: Annotated[list[CancelledLine], Meta(min_length=1, max_length=MOST_LINE_NO)]


@post(
    "/api/v1/bookings/{booking_id:uuid}/cancellations",
    opt=client_with("cancel"),
    operation_id="cancelPart",
    tags=["bookings"],
    status_code=200,
    **documented(
        "Cancel a part of a booking",
        404,
        409,
        503,
        security_scheme="client",
        scope="cancel",
        reads=CancellationRequest,
    ),
)
async def cancel_part(
    booking_id: FromPath[UUID],
    data: JSONBody[CancellationRequest],
    request: Request[Client, Any, Any],
    services: NamedDependency[BookingServices],
) -> Response[BookingDocument]:
    """Give up some tickets of a booking of yours: all that you name, or none. The answer is the booking.

    Who stays of a group that booked at its price keeps that price, however few they are.

    The same `cancellation_id` with the same content changes nothing more; other content is a conflict.
    """
    client = request.user
    content = "POST", booking_id, client.client_id, data
    answer = await services.turnstile.answer(
        GiveUp(
            client.region_id,
            booking_id,
            client_actor(client),
            tuple(ChosenTickets(line.no, tuple(line.tickets or ())) for line in data.lines),
            CancellationKey(data.cancellation_id, bound_to(*content)),
        )
    )
    if isinstance(answer, Ended):
        return booking_response(await with_codes(answer.booking, services), services)
    return problem_response(request, answer)


@post(
    "/api/v1/bookings/{booking_id:uuid}/changes",
    opt=client_with("book"),
    middleware=[fast_route],
    operation_id="changeBooking",
    tags=["bookings"],
    status_code=200,
    **documented(
        "Change a booking",
        *(404, 409, 503),
        security_scheme="client",
        scope="book",
        reads=ChangeRequest,
    ),
)
async def change(
    booking_id: FromPath[UUID],
    data: JSONBody[ChangeRequest],
    request: Request[Client, Any, Any],
) -> Response[BookingDocument]:
    """Give a booking of yours other content: all of it, or the booking stands as it is.

    What is the same keeps its `no`, tickets and QR; new lines get the next `no`, old tickets end as
    `moved_away`. Fewer places than before: the last tickets are cancelled, as when you cancel them. What was
    paid stays with the booking as far as it is needed; the rest goes back. What is to be paid by card is held
    beside the old places, with `pending_change`, until it is paid. The same `change_id` with the same content
    changes nothing more; other content is a conflict, and a `pass_token` is part of it.
    """
    services = services_of(request)
    command = await as_change(booking_id, data, request.user, services)
    answer = command if isinstance(command, Refusal) else await services.turnstile.answer(command)
    if isinstance(answer, Changed):
        changed = await with_codes(await open_payment(services, answer.booking), services)
        return booking_response(changed, services)
    return problem_response(request, await with_where_to_wait(services, request.user.region_id, answer))


@delete(
    "/api/v1/bookings/{booking_id:uuid}/changes/{change_id:uuid}",
    opt=client_with("book"),
    operation_id="stopChange",
    tags=["bookings"],
    status_code=200,
    **documented("Let a change go that is not paid", 404, 409, 503, security_scheme="client", scope="book"),
)
async def stop_change(
    booking_id: FromPath[UUID],
    change_id: FromPath[UUID],
    request: Request[Client, Any, Any],
    services: NamedDependency[BookingServices],
) -> Response[BookingDocument]:
    """Let go of what a change of yours holds until it is paid: the booking stands as it was.

    A change that was done stays so, and a repeat changes nothing: the answer is the booking.
    """
    booking = await services.bookings.read(request.user.region_id, booking_id)
    if booking is None or booking.by != client_actor(request.user).as_stored():
        return problem_response(request, BookingUnknown(booking_id))
    answer = await stop_pending(services, booking, change_id)
    if isinstance(answer, Booking):
        return booking_response(answer, services)
    return problem_response(request, answer)


@post(
    "/api/v1/bookings/{booking_id:uuid}/extension",
    opt=client_with("book"),
    operation_id="extendHold",
    tags=["bookings"],
    status_code=200,
    **documented("Take longer to pay", 404, 409, 503, security_scheme="client", scope="book"),
)
async def lengthen(
    booking_id: FromPath[UUID],
    request: Request[Client, Any, Any],
    services: NamedDependency[BookingServices],
) -> Response[BookingDocument]:
    """Hold the places of a booking of yours for fourteen minutes more, once: a repeat changes nothing.

    Only while its page to pay by card is open. The answer is the booking, with its new `held_until`.
    """
    client = request.user
    answer = await services.turnstile.answer(Lengthen(client.region_id, booking_id, client_actor(client)))
    if isinstance(answer, Lengthened):
        return booking_response(answer.booking, services)
    return problem_response(request, answer)


async def with_codes(booking: Booking, services: BookingServices) -> Booking:
    """The booking as it is stored, where cash goes back: its codes are made when it is written."""
    if all(refund.way is not RefundWay.CASH or refund.code for refund in booking.refunds):
        return booking
    async with services.database.reading() as connection:
        return await read_booking(connection, booking.region_id, booking.id) or booking


def booking_response(booking: Booking, services: BookingServices, status: int = 200) -> Response[Any]:
    return json_response(as_document(booking, services.secrets.signing), status)


ROUTES = [place, read, cancel, cancel_part, change, stop_change, lengthen]
