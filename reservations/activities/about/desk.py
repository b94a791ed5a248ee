"""What an activity is: its words in some languages, for whom it is, and what its place has."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from organisers.activity import set_about
from reservations.activities.about.form import (
    AboutForm,
    about_of,
    facilities,
    labels,
    language_names,
    typed_about,
)
from reservations.activities.about.here import ABOUT, said_in_form
from reservations.activities.activity_desk import ACTIVITIES, OWN, activity_facts, home_of, notice_after
from reservations.activities.form import domain_choices
from reservations.activities.here import (
    at_source,
    columns_said,
    lock_to_complete,
    names_of_groups,
    only,
    said_groups,
    set_here,
    without,
)
from reservations.activities.publishing import follow_event
from reservations.booking.services import BookingServices
from reservations.sessions.organiser_desk import OrganiserDesk, desk_here
from uit.identity.authentication import StaffRequest, author_here
from uit.web.form import Errors
from uit.web.view import UNPROCESSABLE, page, see_other

PAGE: Final = "reservations/activities/about/about.html"
GivenServices = NamedDependency[BookingServices]


@get("/{event_id:uuid}/wat", opt=OWN)
async def show_about(
    request: StaffRequest, event_id: FromPath[UUID], services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    facts = await about_facts(services, await desk_here(request), event_id)
    return page(PAGE, **facts | {"flash": notice_after(gedaan)})


@post("/{event_id:uuid}/wat", opt=OWN)
async def save_about(
    request: StaffRequest,
    event_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Template | Redirect:
    desk, author, typed = await desk_here(request), await author_here(request), typed_about(data)
    about = typed.read()
    if isinstance(about, dict):
        return page(PAGE, UNPROCESSABLE, **await about_facts(services, desk, event_id, typed, about))
    async with services.database.transaction() as tx:
        activity = await lock_to_complete(tx, *desk.organiser_key, event_id)
        if activity.made_here:
            await set_about(tx, author, event_id, about)
            await follow_event(tx, desk.region.id, event_id, author.now)
        else:
            said = only(columns_said(activity), ["place"]) | said_in_form(about, at_source(activity))
            await set_here(tx, author, activity, said)
    return see_other(f"{home_of(desk)}/{event_id}?gedaan=bewaard")


@post("/{event_id:uuid}/wat/terug", opt=OWN)
async def let_go(
    request: StaffRequest,
    event_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Redirect:
    """Take something over from its source again; what is not said here already stays as it is."""
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        activity = await lock_to_complete(tx, *desk.organiser_key, event_id)
        await set_here(tx, author, activity, without(columns_said(activity), data.get("veld", "")))
    return see_other(f"{home_of(desk)}/{event_id}/wat?gedaan=terug")


async def about_facts(
    services: BookingServices,
    desk: OrganiserDesk,
    event_id: UUID,
    typed: AboutForm | None = None,
    errors: Errors | None = None,
) -> dict[str, Any]:
    async with services.database.reading() as connection:
        facts = await activity_facts(connection, desk, event_id)
    activity = facts["activity"]
    here = said_groups(activity)
    return {
        **facts,
        "typed": typed or about_of(activity),
        "errors": errors or {},
        "labels": labels(),
        "languages": language_names(),
        "domains": domain_choices(),
        "facilities": facilities(),
        "said": [(group, names_of_groups()[group]) for group in ABOUT if group in here],
        "source": at_source(activity),
        "flash": None,
    }


ROUTES: list[ControllerRouterHandler] = [
    Router(ACTIVITIES, route_handlers=[show_about, save_about, let_go], include_in_schema=False)
]
