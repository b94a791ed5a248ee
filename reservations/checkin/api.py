"""Machines, under `/api/v1/checkins`: a client uses tickets at the doors of its organisers."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.response import Response
from msgspec import Meta

from reservations.booking.services import BookingServices
from reservations.checkin.checkin import CheckedIn, CheckinActor, Scan, Scope, check_in
from reservations.checkin.find_ticket import find_ticket
from uit.core.errors import Refusal
from uit.identity.authentication import client_with
from uit.identity.visitor import Client
from uit.web.documented import documented, response
from uit.web.json_response import json_response, problem_response


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
    opt=client_with("check_in"),
    operation_id="checkIn",
    tags=["check-ins"],
    **documented(
        "Check in",
        *(404, 409, 503),
        security_scheme="client",
        scope="check_in",
        reads=CheckinRequest,
        also={200: response(CheckinDocument, "A repeat of a check-in, by its `checkin_id`.")},
    ),
)
async def enter(
    data: JSONBody[CheckinRequest],
    request: Request[Client, Any, Any],
    services: NamedDependency[BookingServices],
) -> Response[CheckinDocument]:
    """Use a ticket for a session of your organisers, from five hours before it starts.

    A second time is refused and says when the first was.
    """
    client, checkin_id = request.user, data.checkin_id or services.ids.new()
    scope, by = Scope(client.region_id, client.organiser_ids), CheckinActor("client", client.client_id)
    async with services.database.transaction() as tx:
        seal = await find_ticket(tx, data.ticket, scope, checkin_id, services.secrets.signing)
        if isinstance(seal, Refusal):
            return problem_response(request, seal)
        answer = await check_in(tx, Scan(seal, scope, by, checkin_id), services.clock, services.ids)
    if isinstance(answer, CheckedIn):
        return json_response(
            msgspec.convert(answer, CheckinDocument, from_attributes=True), 201 if answer.new else 200
        )
    return problem_response(request, answer)


ROUTES = [enter]
