"""What a resident has booked: the tickets that open the door, and giving them up again."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.booking.commands import Cancel, Closed
from reservations.booking.services import BookingServices
from reservations.booking.tickets import (
    TICKETS_SHOWN,
    as_pass,
    coming_outings,
    described,
    past_outings,
    read_tickets,
)
from reservations.booking.visit import Visit, greet, next_page, own_outings
from reservations.cursor import read_cursor
from reservations.errors import BookingUnknown
from uit.core.errors import Refusal, RefusalError
from uit.identity.authentication import RESIDENT, AnyRequest, ResidentRequest
from uit.web.view import see_other

MOST_TICKETS: Final = 10_000


async def own_booking(
    request: AnyRequest, services: BookingServices, booking_id: UUID
) -> tuple[Visit, dict[str, Any]]:
    here, now = await greet(request, services), services.clock.now()
    outings = await own_outings(services, here, booking_id)
    if not outings:
        raise RefusalError(BookingUnknown(booking_id))
    return here, described(booking_id, outings, now)


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
    return here.page(
        "booking/tickets", passes=passes, first=first, shown=TICKETS_SHOWN, in_all=in_all, **facts
    )


@get("/{region:str}/boekingen/{booking_id:uuid}/annuleren", opt=RESIDENT)
async def ask_once(
    request: AnyRequest, services: NamedDependency[BookingServices], booking_id: FromPath[UUID]
) -> Template:
    """Before giving up: what goes, and what comes back."""
    here, facts = await own_booking(request, services, booking_id)
    return here.page("booking/cancel", refusal=None, **facts)


@post("/{region:str}/boekingen/{booking_id:uuid}/annuleren", opt=RESIDENT)
async def give_up(
    request: AnyRequest, services: NamedDependency[BookingServices], booking_id: FromPath[UUID]
) -> Template | Redirect:
    here, _ = await own_booking(request, services, booking_id)
    assert here.member is not None
    answer = await services.turnstile.answer(Cancel(booking_id, holder_id=here.member.id))
    if isinstance(answer, Closed):
        return see_other(here.address("boekingen", booking_id))
    assert isinstance(answer, Refusal)
    _, facts = await own_booking(request, services, booking_id)
    return here.page("booking/cancel", answer.status, refusal=answer, **facts)


@get("/{region:str}/mijn-boekingen", opt=RESIDENT)
async def bookings(
    request: ResidentRequest, services: NamedDependency[BookingServices], na: FromQuery[str] = ""
) -> Template:
    """What is coming, and under it what was given up and what was: the latest first, a page at a time."""
    here, now = await greet(request, services), services.clock.now()
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
