"""How many booked and who is in, on an open page of an organiser's desk, as events that the server sends."""

from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

from litestar import Router, get
from litestar.params import FromPath, FromQuery
from litestar.response import Stream
from litestar.types import ControllerRouterHandler

from reservations.live.evenings import LiveEvenings
from reservations.live.events import FIRST_EVENT, SILENCE, as_event
from reservations.live.live import MOST_SESSIONS, OpenPage
from reservations.sessions.organiser_desk import ADDRESS, ORGANISER
from uit.core.errors import NotFound, RefusalError
from uit.identity.authentication import StaffRequest, region_here
from uit.web.form import read_id
from uit.web.form_token import NO_FORM
from uit.web.view import render

PARTS: Final = {"avond": "reservations/live/evening.html", "binnen": "reservations/live/inside.html"}
"""What a page shows of a session: its places and who is in, or who is in alone."""


@get("/live/{part:str}", opt={**ORGANISER, **NO_FORM})
async def look(
    request: StaffRequest, organiser_id: FromPath[UUID], part: FromPath[str], sessies: FromQuery[str] = ""
) -> Stream:
    """Tell what changes of this organiser's sessions; of others nothing is told."""
    if part not in PARTS:
        raise RefusalError(NotFound())
    region = await region_here(request)
    found = filter(None, (read_id(each) for each in sessies.split(",")[:MOST_SESSIONS]))
    page = OpenPage(region.id, tuple(dict.fromkeys(found)), None)
    told = events(request.app.state["live_evenings"], page, organiser_id, PARTS[part])
    return Stream(told, media_type="text/event-stream")


async def events(live: LiveEvenings, page: OpenPage, organiser_id: UUID, template: str) -> AsyncIterator[str]:
    yield FIRST_EVENT
    async for news in live.news(page):
        own = {each: evening for each, evening in news.items() if evening.organiser_id == organiser_id}
        words = {each: render(template, session=evening) for each, evening in own.items()}
        yield as_event(words) if words else SILENCE


ROUTES: list[ControllerRouterHandler] = [Router(ADDRESS, route_handlers=[look], include_in_schema=False)]
