"""The desk of an organiser: its sessions, their occupancy, and the capacity of their pools."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from reservations.booking.commands import Resize
from reservations.booking.services import BookingServices
from reservations.cursor import read_cursor
from reservations.errors import PoolUnknown
from reservations.sessions import occupancy
from reservations.sessions.organiser_desk import (
    ADDRESS,
    ORGANISER,
    OrganiserDesk,
    desk_facts,
    desk_here,
    read_session,
    session_facts,
)
from uit.core.clock import day_in_flanders, start_of_day
from uit.core.errors import Refusal, RefusalError
from uit.identity.authentication import StaffRequest
from uit.web.form import read_number
from uit.web.view import form_again, page, see_other

MOST_PLACES: Final = 999_999

GivenServices = NamedDependency[BookingServices]


class PlacesForm(Struct, frozen=True):
    places: str = ""


@get("/", opt=ORGANISER)
async def show_sessions(request: StaffRequest, services: GivenServices, na: FromQuery[str] = "") -> Template:
    desk, now = await desk_here(request), services.clock.now()
    async with services.database.reading() as connection:
        facts = await desk_facts(connection, desk)
        sessions, more = await occupancy.coming_sessions(connection, *desk.key[:2], now, read_cursor(na))
    tomorrow = start_of_day(day_in_flanders(now) + timedelta(days=1))
    return page(
        "reservations/sessions/sessions.html",
        **facts,
        now=now,
        today=[each for each in sessions if each.starts_at < tomorrow],
        later=[each for each in sessions if each.starts_at >= tomorrow],
        from_start=not na,
        next_page=f"{desk.home}?na={more.as_text()}" if more else None,
    )


@get("/sessies/{session_id:uuid}", opt=ORGANISER)
async def show_session(request: StaffRequest, services: GivenServices) -> Template:
    facts = await session_facts(services, await desk_here(request))
    return page("reservations/sessions/session.html", **facts)


@get("/sessies/{session_id:uuid}/plaatsen/{pool_id:uuid}", opt=ORGANISER)
async def show_places(request: StaffRequest, pool_id: FromPath[UUID], services: GivenServices) -> Template:
    facts = await places_facts(services, await desk_here(request), pool_id)
    return page("reservations/sessions/places.html", **facts, places=facts["pool"].capacity)


@post("/sessies/{session_id:uuid}/plaatsen/{pool_id:uuid}", opt=ORGANISER)
async def change_places(
    request: StaffRequest,
    pool_id: FromPath[UUID],
    data: URLEncodedBody[PlacesForm],
    services: GivenServices,
) -> Template | Redirect:
    desk, typed = await desk_here(request), data.places.strip()
    facts, places = await places_facts(services, desk, pool_id), read_number(typed, MOST_PLACES)
    if places is None:
        pool = facts["pool"]
        errors = {"places": f"Vul een getal in van {pool.taken + pool.held} tot {pool.licensed_capacity}."}
        return page("reservations/sessions/places.html", 422, **facts, errors=errors, places=typed)
    resize = Resize(desk.region.id, desk.session_id, pool_id, places, request.user.staff_id)
    answer = await services.turnstile.answer(resize)
    if isinstance(answer, Refusal):
        return form_again("reservations/sessions/places.html", answer, **facts, places=typed)
    return see_other(desk.address)


async def places_facts(services: BookingServices, desk: OrganiserDesk, pool_id: UUID) -> dict[str, Any]:
    async with services.database.reading() as connection:
        facts = await desk_facts(connection, desk)
        session = await read_session(connection, desk)
        pools = await occupancy.read_pools(connection, *desk.key)
    pool = next((each for each in pools if each.id == pool_id), None)
    if pool is None:
        raise RefusalError(PoolUnknown(pool_id))
    return {**facts, "session": session, "pool": pool}


ROUTES: list[ControllerRouterHandler] = [
    Router(
        ADDRESS,
        route_handlers=[show_sessions, show_session, show_places, change_places],
        include_in_schema=False,
    )
]
