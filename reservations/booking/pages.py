"""What a resident has booked: the tickets that open the door, and giving them up again."""

from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Response, Template
from litestar.types import ControllerRouterHandler

from reservations.booking.calendar import HEADERS, calendar_of
from reservations.booking.done import Done, done_of
from reservations.booking.own_booking import (
    cancel_page,
    give_up_chosen,
    open_own_booking,
    own_booking,
    tickets_page,
)
from reservations.booking.services import BookingServices
from reservations.booking.tickets import coming_outings, names_of_outings, past_outings
from reservations.booking.to_pay import read_awaited
from reservations.booking.visit import next_page, open_visit, viewer_here
from reservations.cursor import read_cursor
from uit.core.icalendar import MEDIA_TYPE
from uit.identity.authentication import RESIDENT, AnyRequest, ResidentRequest
from uit.web.view import see_other


@get("/{region:str}/boekingen/{booking_id:uuid}", opt=RESIDENT)
async def tickets(
    request: AnyRequest,
    services: NamedDependency[BookingServices],
    booking_id: FromPath[UUID],
    vanaf: FromQuery[int] = 0,
    gedaan: FromQuery[str] = "",
) -> Template:
    """The tickets with their QR. The page holds all it needs: saved or printed, it works offline."""
    async with open_own_booking(request, services, booking_id) as (mine, tx):
        return await tickets_page(services, tx, mine, vanaf, gedaan)


@get("/{region:str}/boekingen/{booking_id:uuid}/annuleren", opt=RESIDENT)
async def ask_once(
    request: AnyRequest,
    services: NamedDependency[BookingServices],
    booking_id: FromPath[UUID],
    sessie: FromQuery[UUID | None] = None,
) -> Template:
    """Before giving up: which tickets go, and what comes back."""
    async with open_own_booking(request, services, booking_id) as (mine, tx):
        return await cancel_page(services, tx, mine, session_id=sessie)


@post("/{region:str}/boekingen/{booking_id:uuid}/annuleren", opt=RESIDENT)
async def give_up(
    request: AnyRequest,
    services: NamedDependency[BookingServices],
    booking_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
) -> Template | Redirect:
    mine = await own_booking(request, services, booking_id)
    return await give_up_chosen(services, mine, data) or see_other(mine.own + done_of(Done.GAVE_BACK))


@get("/{region:str}/boekingen/{booking_id:uuid}/agenda.ics", opt=RESIDENT)
async def calendar_file(
    request: AnyRequest, services: NamedDependency[BookingServices], booking_id: FromPath[UUID]
) -> Response[str]:
    """Its dates, for a calendar."""
    async with open_own_booking(request, services, booking_id) as (mine, tx):
        content = await calendar_of(services, tx, mine)
    return Response(content, media_type=MEDIA_TYPE, headers=HEADERS)


@get("/{region:str}/mijn-boekingen", opt=RESIDENT)
async def bookings(
    request: ResidentRequest, services: NamedDependency[BookingServices], na: FromQuery[str] = ""
) -> Template:
    """What is coming, and under it what was given up and what was: the latest first, a page at a time."""
    now, before = services.clock.now(), read_cursor(na)
    async with open_visit(request, services) as (here, connection):
        region_id, viewer = here.region.id, await viewer_here(connection, here, now)
        coming = (
            [] if before else await coming_outings(connection, region_id, viewer, now, language=here.language)
        )
        past, more = await past_outings(connection, region_id, viewer, now, before, language=here.language)
        names = await names_of_outings(connection, region_id, [*coming, *past], viewer)
        awaited = await read_awaited(connection, region_id, coming, viewer, now)
    further = next_page(here.address("mijn-boekingen"), {}, more)
    lists = {
        "coming": coming,
        "given_up": [outing for outing in past if outing.is_given_up(now)],
        "past": [outing for outing in past if not outing.is_given_up(now)],
    }
    return here.page(
        "booking/bookings",
        lists=lists,
        names=names,
        awaited=awaited,
        next=further,
        continued=before is not None,
    )


PAGES: Final = (tickets, ask_once, give_up, calendar_file, bookings)

ROUTES: list[ControllerRouterHandler] = [Router("/", route_handlers=PAGES, include_in_schema=False)]
