"""What a resident has booked: the tickets that open the door, and giving them up again."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.booking.answers import Ended
from reservations.booking.giving_up import as_command, chosen_in, read_givable
from reservations.booking.services import BookingServices
from reservations.booking.tickets import (
    TICKETS_SHOWN,
    as_pass,
    coming_outings,
    described,
    past_outings,
    read_tickets,
)
from reservations.booking.visit import Visit, next_page, own_outings, read_visit
from reservations.cursor import read_cursor
from reservations.errors import BookingUnknown
from uit.core.errors import Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.identity.authentication import RESIDENT, AnyRequest, ResidentRequest
from uit.web.form import form_id
from uit.web.view import see_other

MOST_TICKETS: Final = 10_000


async def own_booking(
    request: AnyRequest, services: BookingServices, booking_id: UUID
) -> tuple[Visit, dict[str, Any]]:
    here, now = await read_visit(request, services), services.clock.now()
    outings = await own_outings(services, here, booking_id)
    if not outings or here.member is None:
        raise RefusalError(BookingUnknown(booking_id))
    async with services.database.reading() as connection:
        givable = await read_givable(connection, here.region.id, booking_id, here.member.id, now)
    return here, described(booking_id, outings, givable)


@get("/{region:str}/boekingen/{booking_id:uuid}", opt=RESIDENT)
async def tickets(
    request: AnyRequest,
    services: NamedDependency[BookingServices],
    booking_id: FromPath[UUID],
    vanaf: FromQuery[int] = 0,
) -> Template:
    """The tickets with their QR. The page holds all it needs: saved or printed, it works offline."""
    here, facts = await own_booking(request, services, booking_id)
    first = max(0, min(vanaf, MOST_TICKETS))
    async with services.database.reading() as connection:
        found = await read_tickets(connection, here.region.id, booking_id, TICKETS_SHOWN, first)
    key = services.secrets.signing
    passes = [as_pass(key, here.region.id, booking_id, ticket) for ticket in found]
    in_all = sum(outing.places for outing in facts["outings"])
    live = sum(outing.live_places for outing in facts["outings"])
    further = first + TICKETS_SHOWN if first + TICKETS_SHOWN < live else None
    earlier = max(first - TICKETS_SHOWN, 0) if first else None
    return here.page(
        "booking/tickets", passes=passes, in_all=in_all, earlier=earlier, further=further, **facts
    )


async def cancel_page(
    services: BookingServices, here: Visit, facts: dict[str, Any], status: int = 200, **more: object
) -> Template:
    """What can be given up, ticket by ticket, and what comes back."""
    booking_id = facts["booking_id"]
    async with services.database.reading() as connection:
        found = await read_tickets(connection, here.region.id, booking_id, MOST_TICKETS, 0)
    shown = {(each.line_no, each.no): (each.position, each.label) for each in found}
    form: dict[str, Any] = {"cancellation_id": services.ids.new(), "shown": shown, "typed": {}}
    return here.page("booking/cancel", status, **{"refusal": None, "errors": {}, **form, **facts, **more})


@get("/{region:str}/boekingen/{booking_id:uuid}/annuleren", opt=RESIDENT)
async def ask_once(
    request: AnyRequest, services: NamedDependency[BookingServices], booking_id: FromPath[UUID]
) -> Template:
    """Before giving up: which tickets go, and what comes back."""
    here, facts = await own_booking(request, services, booking_id)
    return await cancel_page(services, here, facts)


@post("/{region:str}/boekingen/{booking_id:uuid}/annuleren", opt=RESIDENT)
async def give_up(
    request: AnyRequest,
    services: NamedDependency[BookingServices],
    booking_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
) -> Template | Redirect:
    here, facts = await own_booking(request, services, booking_id)
    assert here.member is not None
    own = here.address("boekingen", booking_id)
    chosen = chosen_in(data)
    if not chosen:
        fields = [each.field for each in facts["givable"][:1]]
        errors = dict.fromkeys(fields, _("Kies minstens één ticket."))
        return await cancel_page(services, here, facts, 422 if fields else 409, errors=errors, typed=data)
    cancellation_id = form_id(data.get("cancellation_id", ""), services.ids)
    command = as_command(here.region.id, booking_id, here.member.id, cancellation_id, chosen)
    answer = await services.turnstile.answer(command)
    if isinstance(answer, Ended):
        return see_other(own)
    assert isinstance(answer, Refusal)
    here, facts = await own_booking(request, services, booking_id)
    return await cancel_page(services, here, facts, answer.status, refusal=answer)


@get("/{region:str}/mijn-boekingen", opt=RESIDENT)
async def bookings(
    request: ResidentRequest, services: NamedDependency[BookingServices], na: FromQuery[str] = ""
) -> Template:
    """What is coming, and under it what was given up and what was: the latest first, a page at a time."""
    here, now = await read_visit(request, services), services.clock.now()
    region_id, person_id = here.region.id, request.user.person_id
    before = read_cursor(na)
    async with services.database.reading() as connection:
        coming = [] if before else await coming_outings(connection, region_id, person_id, now)
        past, more = await past_outings(connection, region_id, person_id, now, before)
    further = next_page(here.address("mijn-boekingen"), {}, more)
    lists = {
        "coming": coming,
        "given_up": [outing for outing in past if outing.is_given_up(now)],
        "past": [outing for outing in past if not outing.is_given_up(now)],
    }
    return here.page("booking/bookings", lists=lists, next=further, continued=before is not None)


PAGES: Final = (tickets, ask_once, give_up, bookings)

ROUTES: list[ControllerRouterHandler] = [Router("/", route_handlers=PAGES, include_in_schema=False)]
