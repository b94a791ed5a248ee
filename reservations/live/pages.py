"""What is free on an open page, as events that the server sends."""

from collections.abc import AsyncIterator
from datetime import date
from functools import lru_cache
from typing import Final

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Stream

from reservations.booking.member import Member, read_member
from reservations.booking.services import BookingServices
from reservations.live.events import FIRST_EVENT, SILENCE, as_event
from reservations.live.live import MOST_SESSIONS, OpenPage
from reservations.live.places import Free, LivePlaces
from uit.identity.authentication import ANYBODY, AnyRequest, recognise, region_here
from uit.identity.visitor import Resident
from uit.services.region import Region
from uit.web.form import read_id
from uit.web.form_token import NO_FORM
from uit.web.public import BUDGETED
from uit.web.view import language_now, render, today

MOST_WORDS: Final = 1_000


@get("/{region:str}/live", opt={**ANYBODY, **BUDGETED, **NO_FORM}, include_in_schema=False)
async def look(
    request: AnyRequest, services: NamedDependency[BookingServices], sessies: FromQuery[str] = ""
) -> Stream:
    """Tell what is free of the sessions that a page shows, now and as it changes."""
    region = await region_here(request)
    found = [read_id(each) for each in sessies.split(",")[:MOST_SESSIONS]]
    page = OpenPage(
        region.id, tuple(dict.fromkeys(filter(None, found))), await member_here(request, services, region)
    )
    return Stream(events(request.app.state["live"], page), media_type="text/event-stream")


async def member_here(request: AnyRequest, services: BookingServices, region: Region) -> Member | None:
    """Who looks with a pass of the region, for whom other prices hold than for anybody."""
    visitor = await recognise(request)
    if not isinstance(visitor, Resident):
        return None
    async with services.public_database.reading() as connection:
        return await read_member(connection, region.id, visitor.person_id)


async def events(live: LivePlaces, page: OpenPage) -> AsyncIterator[str]:
    """Where there are too many pages it only says when to ask anew; else that comes with what is free."""
    yield FIRST_EVENT
    async for news in live.news(page):
        words = {each: words_of(free, language_now(), today()) for each, free in news.items()}
        yield as_event(words) if words else SILENCE


@lru_cache(maxsize=MOST_WORDS)
def words_of(free: Free, language: str, day: date | None) -> str:  # noqa: ARG001  words differ by these
    """What a card says of a session, made once for all pages that say the same."""
    return render("reservations/live/availability.html", card=free)


ROUTES = [look]
