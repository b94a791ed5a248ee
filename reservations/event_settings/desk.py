"""What an organiser says of an activity, whatever its source says: for all of its dates."""

from typing import Any, Final

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from organisers.event import set_settings
from reservations.booking.services import BookingServices
from reservations.event_settings.hiding import hide_in_letters
from reservations.event_settings.of_cards import follow_in_cards
from reservations.event_settings.settings import NameAsked, read_settings
from reservations.sessions.organiser_desk import ADDRESS, OrganiserDesk, desk_facts, desk_here, read_session
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here, staff
from uit.web.view import page, see_other

STAFF: Final = staff("organiser")
GivenServices = NamedDependency[BookingServices]


@get("/sessies/{session_id:uuid}/activiteit", opt=STAFF)
async def show_settings(
    request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        facts = await settings_facts(connection, desk)
    flash = _("Bewaard. Dit geldt voor alle datums van deze activiteit.") if gedaan else None
    return page("reservations/event_settings/settings.html", **facts, flash=flash)


@post("/sessies/{session_id:uuid}/activiteit", opt=STAFF)
async def save_settings(
    request: StaffRequest, services: GivenServices, data: URLEncodedBody[dict[str, str]]
) -> Redirect:
    """Keep what was ticked. A repeat changes nothing."""
    desk, author = await desk_here(request), await author_here(request)
    is_discreet, asks = data.get("discreet") == "true", name_asked(data.get("name", ""))
    names = asks is not NameAsked.NONE, asks is NameAsked.FULL
    async with services.database.transaction() as tx:
        await read_session(tx, desk)
        event = await read_settings(tx, desk.region.id, desk.session_id)
        if await set_settings(tx, desk.region.id, event.event_id, is_discreet, *names, author.now):
            ticked = {"discreet": is_discreet, "name": asks.value}
            cards = await follow_in_cards(tx, desk.region.id, event.event_id, author.now)
            for each in [event.event_id, *cards] if is_discreet else []:
                await hide_in_letters(tx, desk.region, each)
            await author.note(tx, "event.settings", "event", event.event_id, **ticked)
    return see_other(f"{desk.address}/activiteit?gedaan=ja")


def name_asked(typed: str) -> NameAsked:
    """What was chosen; anything that no page offers asks no name."""
    return NameAsked(typed) if typed in set(NameAsked) else NameAsked.NONE


async def settings_facts(tx: Executor, desk: OrganiserDesk) -> dict[str, Any]:
    """Raises SessionUnknown, also for a session of another organiser."""
    session = await read_session(tx, desk)
    settings = await read_settings(tx, desk.region.id, desk.session_id)
    return {**await desk_facts(tx, desk), "region": desk.region, "session": session, "settings": settings}


ROUTES: list[ControllerRouterHandler] = [
    Router(ADDRESS, route_handlers=[show_settings, save_settings], include_in_schema=False)
]
