"""The line of an activity at its organiser's desk: who stands where, why each offer went so, and the rule."""

from typing import Any, Final

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from organisers.event import set_waiting_rule
from reservations.booking.commands import ServeWaitingList
from reservations.booking.services import BookingServices
from reservations.event_settings.settings import read_settings
from reservations.sessions.organiser_desk import (
    ADDRESS,
    ORGANISER,
    OrganiserDesk,
    desk_facts,
    desk_here,
    read_session,
)
from reservations.waiting.lines import lines_of
from reservations.waiting.log import passes_of, read_standing
from reservations.waiting.place import read_line
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here, staff
from uit.web.form import Errors
from uit.web.view import UNPROCESSABLE, page, see_other

STAFF: Final = staff("organiser")
RULES: Final = ("pass_on", "keep")
GivenServices = NamedDependency[BookingServices]


@get("/sessies/{session_id:uuid}/wachtlijst", opt=ORGANISER)
async def show(request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = "") -> Template:
    """By numbers, without names: an organiser needs to know why, and not who."""
    desk = await desk_here(request)
    async with services.database.reading() as tx:
        facts = await line_facts(tx, desk)
    flash = _("Bewaard. De regel geldt vanaf nu, voor alle datums van deze activiteit.") if gedaan else None
    return page("reservations/waiting/line.html", **facts, flash=flash, errors={})


@post("/sessies/{session_id:uuid}/wachtlijst", opt=STAFF)
async def set_rule(
    request: StaffRequest, services: GivenServices, data: URLEncodedBody[dict[str, str]]
) -> Template | Redirect:
    """Choose what happens to places that are too few for the first, and go through the line by it."""
    desk, author, rule = await desk_here(request), await author_here(request), data.get("rule", "")
    async with services.database.transaction() as tx:
        facts = await line_facts(tx, desk)
        if rule not in RULES:
            errors: Errors = {"rule": _("Kies een van de twee.")}
            again = {**facts, "flash": None, "errors": errors}
            return page("reservations/waiting/line.html", UNPROCESSABLE, **again)
        event_id = facts["event_id"]
        if await set_waiting_rule(tx, desk.region.id, event_id, rule):
            await author.note(tx, "event.waiting_rule", "event", event_id, rule=rule)
    await services.turnstile.answer(ServeWaitingList(desk.region.id, event_id))
    return see_other(f"{desk.address}/wachtlijst?gedaan=ja")


@get("/wachtlijsten", opt=ORGANISER)
async def show_lines(request: StaffRequest, services: GivenServices) -> Template:
    """Where people wait, by their number."""
    desk, now = await desk_here(request), services.clock.now()
    async with services.database.reading() as tx:
        facts = await desk_facts(tx, desk)
        lines = await lines_of(tx, *desk.organiser_key, now)
    return page("reservations/waiting/lines.html", **facts, lines=lines)


async def line_facts(tx: Executor, desk: OrganiserDesk) -> dict[str, Any]:
    """Raises SessionUnknown, also for a session of another organiser."""
    session = await read_session(tx, desk)
    event_id = (await read_settings(tx, desk.region.id, desk.session_id)).event_id
    standing = await read_standing(tx, desk.region.id, event_id, desk.session_id)
    line = await read_line(tx, desk.region.id, event_id)
    facts = {"region": desk.region, "session": session, "event_id": event_id, "line": line}
    passes = await passes_of(tx, desk.region.id, event_id, standing)
    return {**await desk_facts(tx, desk), **facts, "standing": standing, "passes": passes}


ROUTES: list[ControllerRouterHandler] = [
    Router(ADDRESS, route_handlers=[show, set_rule, show_lines], include_in_schema=False)
]
