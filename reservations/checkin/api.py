"""Machines, under `/api/v1/checkins`: a client lets people in at the doors of its organisers."""

from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

import msgspec
from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.response import Response
from msgspec import UNSET, Meta, UnsetType

from reservations import api_examples
from reservations.booking.services import BookingServices
from reservations.checkin.checkin import CheckedIn, CheckinActor, Scope
from reservations.checkin.scan import Shown, scan_pass, scan_ticket
from reservations.most_places import MOST_OF_GROUP
from uit.identity.authentication import client_with
from uit.identity.visitor import Client
from uit.web.documented import documented, response
from uit.web.json_response import json_response, problem_response
from uit.web.misread import excluded_field, missing_field

Token = Annotated[str, Meta(min_length=1, max_length=200)]


class CheckinRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`ticket` is what its QR carries: of one ticket, or of a booking for all its tickets.

    `pass_token` is what the QR of a pass carries, or its number and the birth year of its holder, such as
    `0900100000104 1990`. It lets in whom its holder has tickets for at `session_id`, which goes with it.
    With a `session_id`, a ticket of another session is refused and stays unused.

    Without `places` all come in who are left; with it, so many people. With a `checkin_id` of your own, a
    repeat gets the same answer; something else under the same id is refused.
    """

    EXAMPLES: ClassVar = api_examples.CHECKIN
    EXACTLY_ONE: ClassVar = ("ticket", "pass_token")
    GOES_WITH: ClassVar = {"pass_token": ["session_id"]}

    ticket: Token | UnsetType = UNSET
    pass_token: Token | UnsetType = UNSET
    session_id: UUID | UnsetType = UNSET
    places: Annotated[int, Meta(ge=1, le=MOST_OF_GROUP)] | None = None
    checkin_id: UUID | None = None

    def __post_init__(self) -> None:
        if self.ticket is UNSET and self.pass_token is UNSET:
            raise missing_field("ticket")
        if self.ticket is not UNSET and self.pass_token is not UNSET:
            raise excluded_field("pass_token")
        if self.pass_token is not UNSET and self.session_id is UNSET:
            raise missing_field("session_id")


class CheckinTicketDocument(msgspec.Struct, frozen=True, omit_defaults=True):
    """A ticket by which `people` came in: `no` names it within its line.

    `seat` is where they sit, as `C-12`, and of several people `C-12,C-13`; left out where seats are not
    numbered.
    """

    booking_id: UUID
    line_no: int
    no: int
    people: int
    seat: str | None = None


class CheckinDocument(msgspec.Struct, frozen=True):
    """`people` come in, by these `tickets`; of the `party`, `party_inside` are in now.

    The party are all whom the booking brings; with a pass, all for whom its holder has tickets here.
    """

    checkin_id: UUID
    session_id: UUID
    event: str
    starts_at: datetime
    people: int
    party: int
    party_inside: int
    used_at: datetime
    tickets: list[CheckinTicketDocument]


@post(
    "/api/v1/checkins",
    opt=client_with("check_in"),
    operation_id="checkIn",
    tags=["check-ins"],
    **documented(
        "Check in",
        *(404, 409, 429, 503),
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
    """Let in who shows a ticket or a pass at a session of your organisers, from five hours before it starts.

    A second time is refused and says when the first was. Where a pass has nothing for the session, the answer
    names what its holder has with the same organiser, and when; a number with a birth year says no more than
    that there is nothing here. How often a number is tried is limited.
    """
    client, checkin_id = request.user, data.checkin_id or services.ids.new()
    session_id = None if data.session_id is UNSET else data.session_id
    scope = Scope(client.region_id, client.organiser_ids, session_id)
    by = CheckinActor("client", client.client_id)
    find, text = (scan_ticket, data.ticket) if data.pass_token is UNSET else (scan_pass, data.pass_token)
    assert text is not UNSET
    done = await find(services, Shown(text, scope, by, checkin_id, data.places))
    if isinstance(done.answer, CheckedIn):
        answer = msgspec.convert(done.answer, CheckinDocument, from_attributes=True)
        return json_response(answer, 201 if done.answer.new else 200)
    return problem_response(request, done.answer)


ROUTES = [enter]
