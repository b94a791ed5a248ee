"""The courses of an activity: what its organiser sells together."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from organisers.activity import lock_activity
from reservations.activities.about.form import language_names
from reservations.activities.activity import Activity
from reservations.activities.activity_desk import ACTIVITIES, OWN, activity_facts
from reservations.activities.publishing import missing_parts
from reservations.activities.series.series import read_slots_of
from reservations.booking.services import BookingServices
from reservations.courses.draft import is_draft, planned_dates, planned_prices, publish_for, with_real_dates
from reservations.courses.form import CourseForm, date_field, first_form, form_of, labels, price_field
from reservations.courses.making import (
    DateForCourse,
    PriceForCourse,
    end_course,
    find_course,
    read_course_prices,
    read_courses,
    read_courses_of,
    read_dates,
    read_prices,
    save_course,
)
from reservations.courses.stranded import StrandedCard, stranded_by
from reservations.enrolment.errors import CourseUnknown
from reservations.sessions.occupancy import FIRST
from reservations.sessions.organiser_desk import ADDRESS, OrganiserDesk, desk_facts, desk_here
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here
from uit.web.form import Errors, read_id
from uit.web.view import form_status, page, see_other

GivenServices = NamedDependency[BookingServices]
STRANDS: Final = "kaarten"
"""The field by which an organiser agrees that nobody can use a card of turns any more."""
COURSES: Final = "/{event_id:uuid}/cursussen"
COURSE: Final = f"{COURSES}/{{course_id:uuid}}"


def notice_after(act: str) -> str | None:
    return {
        "bewaard": _("Bewaard. Wie al ingeschreven is, houdt wat hij boekte."),
        "gestopt": _("De cursus is niet meer te koop. De datums zijn los te boeken."),
    }.get(act)


@get("/cursussen", opt=OWN)
async def show_all(request: StaffRequest, services: GivenServices) -> Template:
    """All that the organiser sells together and of which dates are to come."""
    desk, now = await desk_here(request), services.clock.now()
    async with services.database.reading() as connection:
        facts = await desk_facts(connection, desk)
        courses = await read_courses_of(connection, *desk.organiser_key, now)
    return page("reservations/courses/all.html", **facts, courses=courses)


@get(COURSES, opt=OWN)
async def show_courses(
    request: StaffRequest, event_id: FromPath[UUID], services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    desk, now = await desk_here(request), services.clock.now()
    async with services.database.reading() as connection:
        facts = await activity_facts(connection, desk, event_id)
        courses = await read_courses(connection, desk.region.id, event_id)
        prices = await read_course_prices(connection, desk.region.id, [each.id for each in courses])
        activity: Activity = facts["activity"]
        dates, known = await dates_and_prices(connection, desk.region.id, activity, FIRST, now)
        missing = is_draft(activity) and await missing_parts(connection, desk.region.id, activity, now)
        names = {each.code: each.name for each in known}
    facts |= {"courses": courses, "prices": prices, "dates": dates, "names": names, "missing": missing}
    facts |= {"new_id": services.ids.new(), "flash": notice_after(gedaan)}
    return page("reservations/courses/courses.html", **facts)


@get(COURSE, opt=OWN)
async def show_course(
    request: StaffRequest,
    event_id: FromPath[UUID],
    course_id: FromPath[UUID],
    services: GivenServices,
    reeks: FromQuery[str] = "",
) -> Template:
    """The form of a course; under an id that is not there yet, that of a new one.

    `reeks`: the dates of this series are ticked, and no others.
    """
    desk, series_id = await desk_here(request), read_id(reeks)
    async with services.database.reading() as connection:
        facts = await activity_facts(connection, desk, event_id)
        form = await read_form(connection, services, desk, facts["activity"], course_id)
        if series_id:
            form = form.of_slots(await read_slots_of(connection, desk.region.id, event_id, series_id))
    return course_page(facts, form)


@post(COURSE, opt=OWN)
async def save(
    request: StaffRequest,
    event_id: FromPath[UUID],
    course_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Template | Redirect:
    """Sent twice, it is one course. A draft is published by it, so that its dates are sold together only.

    Where nobody could use a card of turns any more by it, that is said first, and nothing changes.
    """
    desk, author = await desk_here(request), await author_here(request)
    today = day_in_flanders(author.now)
    async with services.database.transaction() as tx:
        await lock_activity(tx, *desk.organiser_key, event_id)
        facts = await activity_facts(tx, desk, event_id)
        activity: Activity = facts["activity"]
        known = await read_form(tx, services, desk, activity, course_id)
        typed = with_real_dates(data, event_id, known.dates)
        form = CourseForm(course_id, typed, known.dates, known.prices)
        wanted = form.read(today)
        if isinstance(wanted, dict):
            return course_page(facts, form, errors=wanted)
        if not is_draft(activity) and data.get(STRANDS) != "true":
            stranded = await stranded_by(tx, desk.region.id, event_id, wanted, author.now)
            if stranded:
                return course_page(facts, form, stranded=stranded)
        if is_draft(activity):
            wanted = await publish_for(tx, author, activity, form, today)
        refusal = await save_course(tx, author, desk.organiser_id, event_id, wanted)
        if refusal and is_draft(activity):
            raise RefusalError(refusal)
    if refusal:
        return course_page(facts, form, refusal)
    after = "?gedaan=cursus" if is_draft(activity) else "/cursussen?gedaan=bewaard"
    return see_other(f"{facts['this']}{after}")


@post(f"{COURSE}/stoppen", opt=OWN)
async def stop(
    request: StaffRequest, event_id: FromPath[UUID], course_id: FromPath[UUID], services: GivenServices
) -> Redirect:
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        facts = await activity_facts(tx, desk, event_id)
        refusal = await end_course(tx, author, desk.organiser_id, event_id, course_id)
    if refusal:
        raise RefusalError(refusal)
    return see_other(f"{facts['this']}/cursussen?gedaan=gestopt")


async def read_form(
    tx: Executor,
    services: BookingServices,
    desk: OrganiserDesk,
    activity: Activity,
    course_id: UUID,
) -> CourseForm:
    """The form of a course as it is, or of one that is to be made of the dates that are to come.

    Raises CourseUnknown for one that is not sold any more, or of another activity.
    """
    region_id, event_id, now = desk.region.id, activity.id, services.clock.now()
    dates, prices = await dates_and_prices(tx, region_id, activity, course_id, now)
    found = next((each for each in await read_courses(tx, region_id, event_id) if each.id == course_id), None)
    if found is None and await find_course(tx, region_id, course_id) is not None:
        raise RefusalError(CourseUnknown(course_id))
    if found is None:
        return first_form(course_id, dates, prices)
    return form_of(found, await read_course_prices(tx, region_id, [course_id]), dates, prices)


async def dates_and_prices(
    tx: Executor, region_id: int, activity: Activity, course_id: UUID, now: datetime
) -> tuple[Sequence[DateForCourse], Sequence[PriceForCourse]]:
    """What a course can be made of: dates and prices that are on sale, and of a draft those that will be."""
    dates = await read_dates(tx, region_id, activity.id, course_id, now)
    if not is_draft(activity):
        return dates, await read_prices(tx, region_id, activity.id, now)
    planned = await planned_dates(tx, region_id, activity.id, now)
    both = sorted([*dates, *planned], key=lambda each: each.starts_at)
    return both, await planned_prices(tx, region_id, activity.id)


def course_page(
    facts: dict[str, Any],
    form: CourseForm,
    refusal: Refusal | None = None,
    errors: Errors | None = None,
    stranded: Sequence[StrandedCard] = (),
) -> Template:
    """The form; with `stranded`, cards that nobody could use any more, which it asks to agree to."""
    if isinstance(refusal, CourseUnknown):
        raise RefusalError(refusal)
    status = form_status(refusal, errors)
    names = {"date_field": date_field, "price_field": price_field, "labels": labels(form.prices)}
    return page(
        "reservations/courses/course.html", status, **facts, **names,
        typed=form, languages=language_names(), errors=errors or {}, refusal=refusal,
        stranded=stranded,
    )  # fmt: skip


DESK: Final = (show_courses, show_course, save, stop)

ROUTES: list[ControllerRouterHandler] = [
    Router(ADDRESS, route_handlers=[show_all], include_in_schema=False),
    Router(ACTIVITIES, route_handlers=DESK, include_in_schema=False),
]
