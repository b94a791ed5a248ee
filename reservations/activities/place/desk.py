"""Where an activity is. One looks for a place that the region knows, or adds one with its address.

That of an imported activity goes before its source, until it is let go.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec.structs import replace

from organisers.activity import (
    FoundVenue,
    Whereabouts,
    add_venue,
    find_venues,
    own_venues,
    read_venue,
    set_whereabouts,
)
from reservations.activities.activity import Activity, read_activity
from reservations.activities.activity_desk import ACTIVITIES, OWN, activity_facts, home_of, notice_after
from reservations.activities.here import (
    at_source,
    columns_said,
    lock_to_complete,
    said_groups,
    set_here,
    without,
)
from reservations.activities.place.form import PlaceForm, labels, place_of
from reservations.activities.place.here import said_of
from reservations.activities.publishing import follow_event
from reservations.booking.services import BookingServices
from reservations.sessions.changing import booked_dates, relocate
from reservations.sessions.organiser_desk import OrganiserDesk, desk_here
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here
from uit.services.audit import Author
from uit.web.form import Errors, form_id, read_id
from uit.web.view import UNPROCESSABLE, page, see_other

PAGE: Final = "reservations/activities/place/place.html"
MOST_FOUND: Final = 12
MOST_TYPED: Final = 60
GivenServices = NamedDependency[BookingServices]


@get("/{event_id:uuid}/waar", opt=OWN)
async def show_place(
    request: StaffRequest,
    event_id: FromPath[UUID],
    services: GivenServices,
    zoek: FromQuery[str] = "",
    gedaan: FromQuery[str] = "",
) -> Template:
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        activity = await read_activity(connection, *desk.organiser_key, event_id)
    typed = replace(place_of(activity, services.ids.new()), zoek=one_line(zoek)[:MOST_TYPED])
    return page(PAGE, **await place_facts(services, desk, event_id, typed), flash=notice_after(gedaan))


@post("/{event_id:uuid}/waar", opt=OWN)
async def save_place(
    request: StaffRequest, event_id: FromPath[UUID], data: URLEncodedBody[PlaceForm], services: GivenServices
) -> Template | Redirect:
    """Keep where it is. A new place gets the id that its form has, so that a repeat adds no second one."""
    desk, author, errors = await desk_here(request), await author_here(request), data.errors()
    new_id = form_id(data.venue_id, services.ids)
    async with services.database.transaction() as tx:
        activity = await lock_to_complete(tx, *desk.organiser_key, event_id)
        errors = errors or await unknown_venue(tx, desk, data)
        if not errors:
            if data.new_venue:
                await add_venue(tx, author, new_id, data.new_venue)
            await put_at(tx, author, activity, data.whereabouts(new_id))
            await tell_if_elsewhere(tx, author, desk, activity)
    if errors:
        facts = await place_facts(services, desk, event_id, data)
        return page(PAGE, UNPROCESSABLE, **facts | {"errors": errors}, flash=None)
    return see_other(f"{home_of(desk)}/{event_id}?gedaan=bewaard")


@post("/{event_id:uuid}/waar/terug", opt=OWN)
async def let_go(request: StaffRequest, event_id: FromPath[UUID], services: GivenServices) -> Redirect:
    """Take its place over from its source again; where nothing is said of it here, it stays as it is."""
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        activity = await lock_to_complete(tx, *desk.organiser_key, event_id)
        await set_here(tx, author, activity, without(columns_said(activity), "place"))
        await follow_event(tx, desk.region.id, event_id, author.now)
        await tell_if_elsewhere(tx, author, desk, activity)
    return see_other(f"{home_of(desk)}/{event_id}/waar?gedaan=terug")


async def put_at(tx: Executor, author: Author, activity: Activity, where: Whereabouts) -> None:
    """Let the activity be there, on all its dates to come."""
    if activity.made_here:
        await set_whereabouts(tx, author, activity.id, where)
    else:
        said = without(columns_said(activity), "place") | said_of(where, at_source(activity))
        await set_here(tx, author, activity, said)
    await follow_event(tx, author.region_id, activity.id, author.now)


async def tell_if_elsewhere(tx: Executor, author: Author, desk: OrganiserDesk, before: Activity) -> None:
    """Tell who booked where it is now; another link to follow it by stands at their ticket anyway."""
    now = await read_activity(tx, *desk.organiser_key, before.id)
    if (before.attendance, before.venue_id) != (now.attendance, now.venue_id):
        await relocate(tx, author, [before.id])


async def unknown_venue(tx: Executor, desk: OrganiserDesk, typed: PlaceForm) -> Errors:
    venue_id = read_id(typed.venue)
    if not typed.has_venue or venue_id is None or await read_venue(tx, desk.region.id, venue_id):
        return {}
    return {"venue": _("Kies een plaats, of voeg er een toe.")}


async def place_facts(
    services: BookingServices, desk: OrganiserDesk, event_id: UUID, typed: PlaceForm
) -> dict[str, Any]:
    async with services.database.reading() as connection:
        facts = await activity_facts(connection, desk, event_id)
        venues = await venues_to_choose(connection, desk, typed)
        source = await place_at_source(connection, desk, facts["activity"])
        booked = await booked_dates(connection, desk.region.id, [event_id], services.clock.now())
    return {
        **facts,
        **source,
        "booked": len(booked),
        "wanted": typed.zoek,
        "venues": venues,
        "choices": [(str(each.id), each.name, address_of(each)) for each in venues],
        "typed": typed,
        "errors": {},
        "labels": labels(),
    }


async def place_at_source(tx: Executor, desk: OrganiserDesk, activity: Activity) -> dict[str, Any]:
    """Where the source of an activity has it, for as long as something else is said here."""
    if "place" not in said_groups(activity):
        return {"is_said": False, "source": None, "source_venue": None}
    source = at_source(activity)
    venue = await read_venue(tx, desk.region.id, source.venue_id) if source.venue_id else None
    return {"is_said": True, "source": source, "source_venue": venue}


async def venues_to_choose(tx: Executor, desk: OrganiserDesk, typed: PlaceForm) -> Sequence[FoundVenue]:
    """The place that was chosen before, and those that one looks for, or where this organiser was last."""
    chosen = read_id(typed.venue)
    here = await read_venue(tx, desk.region.id, chosen) if chosen else None
    if typed.zoek:
        found = await find_venues(tx, desk.region.id, typed.zoek, MOST_FOUND)
    else:
        found = await own_venues(tx, *desk.organiser_key, MOST_FOUND)
    return [*([here] if here else []), *(each for each in found if each != here)]


def address_of(venue: FoundVenue) -> str:
    town = f"{venue.postal_code} {venue.locality}".strip()
    return ", ".join(part for part in (venue.street, town) if part)


ROUTES: list[ControllerRouterHandler] = [
    Router(ACTIVITIES, route_handlers=[show_place, save_place, let_go], include_in_schema=False)
]
