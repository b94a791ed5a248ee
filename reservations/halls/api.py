"""API under `/api/v1/sessions/{session_id}/seats`: the hall of a session, and which seats of it are free."""

from typing import Any
from uuid import UUID

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response
from msgspec import Struct

from reservations.booking.seating import read_seated_sessions
from reservations.booking.services import BookingServices
from reservations.errors import SessionUnknown
from reservations.halls.plan import organiser_of
from reservations.seats.facts import Seating
from reservations.seats.plan import SeatKind
from uit.identity.authentication import client_with
from uit.identity.visitor import Client
from uit.web.documented import documented
from uit.web.json_response import json_response, problem_response
from uit.web.public import BUDGETED


class SeatDocument(Struct, frozen=True):
    """`seat` is what a booking names; where it stands from the front on the left, `x` is two for a seat."""

    seat: str
    number: int
    kind: SeatKind
    free: bool
    x: int
    y: int


class SeatRowDocument(Struct, frozen=True):
    """A row, from left to right. Seats whose `x` differ by more than two are not beside each other."""

    row: str
    seats: list[SeatDocument]


class SeatsDocument(Struct, frozen=True):
    """The rows from front to back; none where seats are not `numbered`."""

    session_id: UUID
    numbered: bool
    rows: list[SeatRowDocument]


@get(
    "/api/v1/sessions/{session_id:uuid}/seats",
    opt={**client_with("read"), **BUDGETED},
    operation_id="getSeats",
    tags=["sessions"],
    **documented("Read the seats of a session", 404, 429, 503, security_scheme="client", scope="read"),
)
async def read_seats(
    session_id: FromPath[UUID],
    request: Request[Client, Any, Any],
    services: NamedDependency[BookingServices],
) -> Response[SeatsDocument]:
    """Which seats there are in a session of your organisers, and which are free now.

    A seat that is free here may be gone when you book it: then the refusal names the nearest that are.
    """
    client = request.user
    async with services.database.reading() as connection:
        organiser_id = await organiser_of(connection, client.region_id, session_id)
        if organiser_id not in client.organiser_ids:
            return problem_response(request, SessionUnknown(session_id))
        seating = await read_seated_sessions(connection, client.region_id, [session_id])
    return json_response(SeatsDocument(session_id, bool(seating), rows_of(seating)))


def rows_of(seating: Seating) -> list[SeatRowDocument]:
    return [
        SeatRowDocument(
            row.name,
            [
                SeatDocument(seat.key, seat.number, seat.kind, seat.key not in each.gone, seat.x, seat.y)
                for seat in row.seats
            ],
        )
        for each in seating.sessions
        for row in seating.plans[each.plan_id].rows
    ]


ROUTES = [read_seats]
