"""API under `/api/v1/sessions`: the sessions that a client may sell."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter
from litestar.response import Response

from reservations.booking.services import BookingServices
from reservations.catalogue.cursor import SEARCH_CURSOR, read_search_cursor
from reservations.catalogue.listing import EARLIEST, LATEST, ListingQuery, SessionPage, sessions
from uit.core.clock import BRUSSELS
from uit.core.errors import NotAllowed, NotUnderstood, Refusal
from uit.identity.authentication import client_with
from uit.identity.visitor import Client
from uit.web.documented import documented
from uit.web.json_response import json_response, problem_response
from uit.web.public import BUDGETED

UNENCODED_ZONE: Final = re.compile(r"(T[0-9:.]+) ([0-9]{2}:?[0-9]{2})$")
WORDS = (
    "Words in the names of the event, its organiser and its place, its kind, or a postal code. Accents,"
    " capitals and signs do not count. Each word is the start of one; when nothing is found, a part of one,"
    " and then one with a typo."
)


def moment(name: str) -> QueryParameter:
    about = "A date-time of RFC 3339, in Brussels where it has no zone; a date alone means its first moment."
    return QueryParameter(name=name, max_length=40, description=about, schema_extra={"format": "date-time"})


@get(
    "/api/v1/sessions",
    opt={**client_with("read"), **BUDGETED},
    operation_id="searchSessions",
    tags=["sessions"],
    **documented("Find sessions", 422, 429, 503, security_scheme="client", scope="read"),
)
async def find(  # noqa: PLR0913, PLR0917  each is a parameter of the address
    request: Request[Client, Any, Any],
    services: NamedDependency[BookingServices],
    since: Annotated[str | None, moment("from")] = None,
    until: Annotated[str | None, moment("to")] = None,
    organiser_id: FromQuery[UUID | None] = None,
    q: Annotated[str, QueryParameter(max_length=100, pattern=r"^[^\x00]*$", description=WORDS)] = "",
    after: Annotated[
        str | None,
        QueryParameter(pattern=f"^{SEARCH_CURSOR.pattern}$", description="`next` of the page before."),
    ] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
) -> Response[SessionPage]:
    """Sessions of your organisers that are not over at `from` (now, unless you say so) and begin before `to`.

    What began before `from` and still runs is among them; what is sold as cards of turns is not. They come in
    the order of their start.
    """
    now = services.clock.now()
    from_at = now if since is None else read_moment("from", since)
    to_at = LATEST if until is None else read_moment("to", until)
    seen = None if after is None else read_search_cursor(after) or NotUnderstood("after", "malformed")
    if isinstance(from_at, Refusal) or isinstance(to_at, Refusal) or isinstance(seen, Refusal):
        return problem_response(
            request, next(each for each in (from_at, to_at, seen) if isinstance(each, Refusal))
        )
    client = request.user
    if organiser_id is not None and organiser_id not in client.organiser_ids:
        return problem_response(request, NotAllowed())
    organisers = tuple(client.organiser_ids) if organiser_id is None else (organiser_id,)
    async with services.public_database.reading() as connection:
        wanted = ListingQuery(
            client.region_id, organisers, now, from_at, to_at, q, seen, limit, client.client_id
        )
        return json_response(await sessions(connection, wanted))


def read_moment(name: str, text: str) -> datetime | NotUnderstood:
    """A date-time, in Brussels time when it has no zone, limited to EARLIEST and LATEST.

    The plus sign of a zone that was not encoded in the address arrives as a space.
    """
    try:
        at = datetime.fromisoformat(UNENCODED_ZONE.sub(r"\1+\2", text))
    except ValueError:
        return NotUnderstood(name, "malformed", "Expected a date-time of RFC 3339.")
    near = min(max(at.replace(tzinfo=None), EARLIEST.replace(tzinfo=None)), LATEST.replace(tzinfo=None))
    return near.replace(tzinfo=at.tzinfo or BRUSSELS).astimezone(UTC)


ROUTES = [find]
