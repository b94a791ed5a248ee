"""The desk of an organiser for its activities: the list, a new one, and the page of one with its parts."""

from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from organisers.activity import add_activity, lock_activity
from reservations.activities.about.form import labels as about_labels
from reservations.activities.about.form import language_names
from reservations.activities.activity import Activity, activities_of, read_activity
from reservations.activities.activity_desk import (
    ACTIVITIES,
    OWN,
    activity_facts,
    home_of,
    may_not_publish,
    notice_after,
    ways_of,
)
from reservations.activities.copying import NewCopy, copy
from reservations.activities.dates.planned import read_dates
from reservations.activities.form import CopyForm, NewForm, domain_choices, labels
from reservations.activities.here import said_groups
from reservations.activities.publishing import hide, lock_own, missing_parts, publish
from reservations.activities.sale.sale import following_social_cents, read_sale
from reservations.activities.sale.source import own_tariffs, shown_sale
from reservations.booking.services import BookingServices
from reservations.courses.making import read_courses
from reservations.cursor import read_cursor
from reservations.sessions.organiser_desk import OrganiserDesk, desk_facts, desk_here
from reservations.tariffs.conditions import read_conditions
from uit.core.errors import Refusal
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here
from uit.web.form import Errors, required_id
from uit.web.view import UNPROCESSABLE, page, see_other

SHOWN_DATES = 12
GivenServices = NamedDependency[BookingServices]


@get("/", opt=OWN)
async def show_activities(
    request: StaffRequest, services: GivenServices, na: FromQuery[str] = ""
) -> Template:
    desk, now = await desk_here(request), services.clock.now()
    async with services.database.reading() as connection:
        facts = await desk_facts(connection, desk)
        shown, more = await activities_of(connection, *desk.organiser_key, now, read_cursor(na))
    return page(
        "reservations/activities/activities.html",
        **facts,
        own=home_of(desk),
        activities=shown,
        from_start=not na,
        next_page=f"{home_of(desk)}?na={more.as_text()}" if more else None,
    )


@get("/nieuw", opt=OWN)
async def show_new(request: StaffRequest, services: GivenServices) -> Template:
    return await new_page(services, await desk_here(request), NewForm(str(services.ids.new())))


@post("/nieuw", opt=OWN)
async def make_new(
    request: StaffRequest, data: URLEncodedBody[NewForm], services: GivenServices
) -> Template | Redirect:
    """Begin a draft; sent again, it is the same one."""
    desk, author = await desk_here(request), await author_here(request)
    event_id = required_id({"event_id": data.event_id}, "event_id")
    wanted = data.read(event_id, desk.organiser_id)
    if isinstance(wanted, dict):
        return await new_page(services, desk, data, wanted)
    async with services.database.transaction() as tx:
        await add_activity(tx, author, wanted)
    return see_other(f"{home_of(desk)}/{event_id}")


async def new_page(
    services: BookingServices, desk: OrganiserDesk, typed: NewForm, errors: Errors | None = None
) -> Template:
    async with services.database.reading() as connection:
        facts = await desk_facts(connection, desk)
    return page(
        "reservations/activities/new.html",
        UNPROCESSABLE if errors else 200,
        **facts,
        own=home_of(desk),
        typed=typed,
        errors=errors or {},
        labels=labels(),
        domains=domain_choices(),
    )


@get("/{event_id:uuid}", opt=OWN)
async def show_activity(
    request: StaffRequest, event_id: FromPath[UUID], services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        facts = await overview_facts(connection, services, desk, event_id)
    shown = facts | {"flash": notice_after(gedaan)}
    return page("reservations/activities/activity.html", **shown)


@post("/{event_id:uuid}/publiceren", opt=OWN)
async def publish_activity(
    request: StaffRequest, event_id: FromPath[UUID], services: GivenServices
) -> Template | Redirect:
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        await lock_own(tx, *desk.organiser_key, event_id)
        activity = await read_activity(tx, *desk.organiser_key, event_id)
        missing = await missing_parts(tx, desk.region.id, activity, author.now)
        if not missing:
            await publish(tx, author, event_id)
    if missing:
        return await overview_again(services, desk, event_id, errors=may_not_publish(missing))
    return see_other(f"{home_of(desk)}/{event_id}?gedaan=gepubliceerd")


@post("/{event_id:uuid}/verbergen", opt=OWN)
async def hide_activity(
    request: StaffRequest, event_id: FromPath[UUID], services: GivenServices
) -> Template | Redirect:
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        await lock_own(tx, *desk.organiser_key, event_id)
        refusal = await hide(tx, author, event_id)
    if refusal:
        return await overview_again(services, desk, event_id, refusal=refusal)
    return see_other(f"{home_of(desk)}/{event_id}?gedaan=verborgen")


@get("/{event_id:uuid}/kopieren", opt=OWN)
async def show_copy(request: StaffRequest, event_id: FromPath[UUID], services: GivenServices) -> Template:
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        activity = await read_activity(connection, *desk.organiser_key, event_id)
    return await copy_page(services, desk, event_id, first_copy(services, activity))


@post("/{event_id:uuid}/kopieren", opt=OWN)
async def make_copy(
    request: StaffRequest, event_id: FromPath[UUID], data: URLEncodedBody[CopyForm], services: GivenServices
) -> Template | Redirect:
    """Make a draft of it; sent again, it is the same one."""
    desk, author = await desk_here(request), await author_here(request)
    new_id = required_id({"event_id": data.event_id}, "event_id")
    async with services.database.transaction() as tx:
        activity = await read_activity(tx, *desk.organiser_key, event_id)
        errors = data.errors(activity.texts)
        if not errors and await lock_activity(tx, *desk.organiser_key, new_id) is None:
            wanted = NewCopy(new_id, data.titles(activity.names), data.shifted_by)
            await copy(tx, author, activity.id, wanted)
    if errors:
        return await copy_page(services, desk, event_id, data, errors)
    return see_other(f"{home_of(desk)}/{new_id}?gedaan=gekopieerd")


def first_copy(services: BookingServices, activity: Activity) -> CopyForm:
    """The form with the titles that an activity has, under the id of a new one."""
    others = {f"title_{code}": activity.names.get(code, "") for code in language_names()}
    return CopyForm(str(services.ids.new()), activity.name, **others)


async def copy_page(
    services: BookingServices,
    desk: OrganiserDesk,
    event_id: UUID,
    typed: CopyForm,
    errors: Errors | None = None,
) -> Template:
    async with services.database.reading() as connection:
        facts = await activity_facts(connection, desk, event_id)
        sale = await read_sale(connection, desk.region.id, event_id)
    shown = {**facts, "sale": sale, "typed": typed, "errors": errors or {}}
    shown |= {"labels": {**about_labels(), **labels()}, "languages": language_names()}
    return page("reservations/activities/copy.html", UNPROCESSABLE if errors else 200, **shown)


async def overview_again(
    services: BookingServices,
    desk: OrganiserDesk,
    event_id: UUID,
    errors: Errors | None = None,
    refusal: Refusal | None = None,
) -> Template:
    async with services.database.reading() as connection:
        facts = await overview_facts(connection, services, desk, event_id)
    shown = facts | {"errors": errors or {}, "refusal": refusal}
    return page(
        "reservations/activities/activity.html", refusal.status if refusal else UNPROCESSABLE, **shown
    )


async def overview_facts(
    tx: Executor, services: BookingServices, desk: OrganiserDesk, event_id: UUID
) -> dict[str, Any]:
    now = services.clock.now()
    activity = await read_activity(tx, *desk.organiser_key, event_id)
    return {
        **await desk_facts(tx, desk),
        **ways_of(desk, activity),
        **await parts_of(tx, desk, activity, services),
        "region": desk.region,
        "said": said_groups(activity),
        "translated": [name for code, name in language_names().items() if code in activity.names],
        "missing": await missing_parts(tx, desk.region.id, activity, now) if activity.made_here else [],
        "labels": {},
        "errors": {},
        "refusal": None,
        "flash": None,
    }


async def parts_of(
    tx: Executor, desk: OrganiserDesk, activity: Activity, services: BookingServices
) -> dict[str, Any]:
    now = services.clock.now()
    dates = await read_dates(tx, desk.region.id, activity.id, now, SHOWN_DATES + 1)
    tariffs = await own_tariffs(tx, desk.region.id, activity.id, now)
    return {
        "dates": dates[:SHOWN_DATES],
        "more_dates": len(dates) > SHOWN_DATES,
        "sale": await shown_sale(tx, desk.region.id, activity.id, now),
        "conditions": await read_conditions(tx, desk.region.id, activity.id),
        "courses": await read_courses(tx, desk.region.id, activity.id),
        "tariffs": tariffs,
        "social_cents": await following_social_cents(tx, desk.region.id, activity.id, tariffs, now),
    }


DESK = (
    show_activities,
    show_new,
    make_new,
    show_activity,
    publish_activity,
    hide_activity,
    show_copy,
    make_copy,
)

ROUTES: list[ControllerRouterHandler] = [Router(ACTIVITIES, route_handlers=DESK, include_in_schema=False)]
