"""The waiting room of a date, at the desk of its organiser: made ahead, watched, and closed.

An officer of the region does the same in the place of the organiser.
"""

from typing import Any, Final

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from credits.region_desk import region_facts
from reservations.booking.services import BookingServices
from reservations.sessions.organiser_desk import (
    ADDRESS,
    DECIDER,
    OrganiserDesk,
    desk_facts,
    desk_here,
    read_session,
)
from reservations.waiting_room.desk_form import first_form, labels, typed_in
from reservations.waiting_room.gate import rooms_of
from reservations.waiting_room.room import CLOSED, end, lock_room, make_room, read_room, read_state
from reservations.waiting_room.rush_dates import rush_dates
from uit.core.translation import gettext as _
from uit.identity.authentication import StaffRequest, author_here, region_here, staff
from uit.web.view import UNPROCESSABLE, form_again, page, see_other

OFFICER: Final = staff("programme_officer")
PAGE: Final = "reservations/waiting_room/desk.html"
GivenServices = NamedDependency[BookingServices]


def notice_after(done: str) -> str | None:
    return {
        "gemaakt": _("De wachtkamer is gemaakt. Ze staat vanaf nu bij de activiteit."),
        "gesloten": _("De wachtkamer is gesloten. Wie nog wachtte, krijgt een bericht."),
    }.get(done)


@get("/{region:str}/wachtkamers", opt=OFFICER, include_in_schema=False)
async def show_dates(request: StaffRequest, services: GivenServices) -> Template:
    """Where an officer finds the dates that many may want."""
    region = await region_here(request)
    async with services.database.reading() as connection:
        dates = await rush_dates(connection, region.id, services.clock.now())
    return page("reservations/waiting_room/dates.html", **await region_facts(request), dates=dates)


@get("/sessies/{session_id:uuid}/wachtkamer", opt=DECIDER)
async def show_room(request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = "") -> Template:
    facts = await room_facts(services, await desk_here(request))
    return page(PAGE, **facts, form=first_form(services.clock.now()), errors={}, flash=notice_after(gedaan))


@post("/sessies/{session_id:uuid}/wachtkamer", opt=DECIDER)
async def make(
    request: StaffRequest, services: GivenServices, data: URLEncodedBody[dict[str, str]]
) -> Template | Redirect:
    """Make it, with the promise of its draw. Sent twice it is made once."""
    desk, author, form = await desk_here(request), await author_here(request), typed_in(data)
    facts = await room_facts(services, desk)
    wanted = form.wanted(author.now, facts["session"].ends_at)
    if isinstance(wanted, dict):
        return page(PAGE, UNPROCESSABLE, **facts, form=form, errors=wanted)
    async with services.database.transaction() as tx:
        refusal = await make_room(tx, author, services.secrets, desk.session_id, wanted)
    if refusal:
        return form_again(PAGE, refusal, **facts, form=form, errors={})
    await rooms_of(request).read()
    return see_other(f"{desk.address}/wachtkamer?gedaan=gemaakt")


@post("/sessies/{session_id:uuid}/wachtkamer/sluiten", opt=DECIDER)
async def close(request: StaffRequest, services: GivenServices) -> Redirect:
    """Nobody needs to wait any more: who still did is told so."""
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        await read_session(tx, desk)
        room = await lock_room(tx, desk.region.id, desk.session_id)
        if room and room.ended_at is None:
            await end(tx, room, CLOSED, author.now)
            await author.note(tx, "waiting_room.close", "session", desk.session_id)
    await rooms_of(request).read()
    return see_other(f"{desk.address}/wachtkamer?gedaan=gesloten")


async def room_facts(services: BookingServices, desk: OrganiserDesk) -> dict[str, Any]:
    """Raises SessionUnknown, also for a session of another organiser."""
    key = desk.region.id, desk.session_id
    async with services.database.reading() as connection:
        session = await read_session(connection, desk)
        room = await read_room(connection, *key)
        facts = await desk_facts(connection, desk)
        state = await read_state(connection, *key, services.clock.now()) if room else None
    own = desk.keeps_books
    return {
        **facts,
        "home": desk.home if own else None,
        "back": desk.address if own else f"/{desk.region.slug}/wachtkamers",
        "back_to": None if own else _("Wachtkamers"),
        "region": desk.region,
        "session": session,
        "room": room,
        "state": state,
        "labels": labels(),
        "public": f"/{desk.region.slug}/sessies/{desk.session_id}/wachtkamer",
    }


ROUTES: list[ControllerRouterHandler] = [
    Router(ADDRESS, route_handlers=[show_room, make, close], include_in_schema=False),
    show_dates,
]
