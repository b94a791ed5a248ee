"""The desk of an organiser for a series: its dates, more of them, and one change for all that come."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.activities.activity_desk import ACTIVITIES, OWN, activity_facts, home_of
from reservations.activities.here import lock_to_complete
from reservations.activities.series.form import SeriesChange, SeriesForm, labels, scope_choices
from reservations.activities.series.naming import hours_of, name_of
from reservations.activities.series.series import (
    SeriesDate,
    count_bookings,
    read_one,
    read_series_dates,
    set_hours,
    set_sale_period,
)
from reservations.booking.commands import Resize
from reservations.booking.services import BookingServices
from reservations.sessions import changing
from reservations.sessions.organiser_desk import OrganiserDesk, desk_here
from uit.core.errors import Refusal
from uit.core.formats import moment
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here
from uit.services.audit import Author
from uit.web.view import UNPROCESSABLE, page, see_other

PAGE: Final = "reservations/activities/series/series.html"
ASK: Final = "reservations/activities/series/change.html"
GivenServices = NamedDependency[BookingServices]


@get("/{event_id:uuid}/wanneer/reeksen/{series_id:uuid}", opt=OWN)
async def show_series(
    request: StaffRequest,
    event_id: FromPath[UUID],
    series_id: FromPath[UUID],
    services: GivenServices,
    gedaan: FromQuery[str] = "",
) -> Template:
    facts = await series_facts(services, await desk_here(request), event_id, series_id)
    return page(PAGE, **facts, flash=_("De datums zijn veranderd.") if gedaan else None)


@post("/{event_id:uuid}/wanneer/reeksen/{series_id:uuid}", opt=OWN)
async def change_series(
    request: StaffRequest,
    event_id: FromPath[UUID],
    series_id: FromPath[UUID],
    data: URLEncodedBody[SeriesForm],
    services: GivenServices,
) -> Template | Redirect:
    """First say whom it touches; then change. Sent again, it is so already."""
    desk, author = await desk_here(request), await author_here(request)
    facts = await series_facts(services, desk, event_id, series_id)
    change = data.read(facts["dates"], author.now)
    if isinstance(change, dict):
        return page(PAGE, UNPROCESSABLE, **facts | {"errors": change, "typed": data})
    if data.stap != "ja":
        return await ask_page(services, desk, facts, data, change)
    async with services.database.transaction() as tx:
        activity = await lock_to_complete(tx, *desk.organiser_key, event_id)
        await apply(tx, author, change, sells_here=activity.made_here)
        hours = data.hours() if data.scope == "alle" else None
        if hours:
            said = (f"{each:%H:%M}" for each in (hours.starts, hours.ends))
            await set_hours(tx, desk.region.id, event_id, series_id, *said)
    refusal = await resize(services, desk, facts["dates"], change, request.user.staff_id)
    if refusal:
        return page(PAGE, refusal.status, **facts | {"refusal": refusal, "typed": data})
    return see_other(f"{home_of(desk)}/{event_id}/wanneer/reeksen/{series_id}?gedaan=veranderd")


async def apply(tx: Executor, author: Author, change: SeriesChange, *, sells_here: bool) -> None:
    """Move the dates that get another time, with all who booked; and set when one books.

    When one books an imported activity is said on its own page, for all its dates.
    """
    locked = await changing.lock_sessions(tx, author.region_id, change.dates)
    moved = {each.id for each in change.times}
    if moved:
        await changing.move(tx, author, [each for each in locked if each.id in moved], change.times)
    if change.changes_sale and sells_here:
        await set_sale_period(
            tx, author.region_id, change.dates, change.opens_at, change.closes_minutes, author.now
        )
        facts = {each: {"sale": "set"} for each in change.dates}
        await changing.note(tx, author, "session.sale", facts)


async def resize(
    services: BookingServices,
    desk: OrganiserDesk,
    dates: list[SeriesDate],
    change: SeriesChange,
    staff_id: UUID,
) -> Refusal | None:
    """Sell so many of each date: through the turnstile, since who waits gets what comes free."""
    if change.places is None:
        return None
    for date in dates:
        if date.id in change.dates:
            places = max(change.places, date.taken)
            answer = await services.turnstile.answer(
                Resize(desk.region.id, date.id, date.id, places, staff_id)
            )
            if isinstance(answer, Refusal):
                return answer
    return None


async def ask_page(
    services: BookingServices,
    desk: OrganiserDesk,
    facts: dict[str, Any],
    typed: SeriesForm,
    change: SeriesChange,
) -> Template:
    """What changes, and how many bookings it touches, before it does."""
    async with services.database.reading() as connection:
        touched = await count_bookings(connection, desk.region.id, [each.id for each in change.times])
    return page(ASK, **facts | {"typed": typed, "change": change, "touched": touched})


async def series_facts(
    services: BookingServices, desk: OrganiserDesk, event_id: UUID, series_id: UUID
) -> dict[str, Any]:
    now = services.clock.now()
    async with services.database.reading() as connection:
        facts = await activity_facts(connection, desk, event_id)
        series = await read_one(connection, desk.region.id, event_id, series_id)
        dates = await read_series_dates(connection, desk.region.id, event_id, series_id, now)
    return {
        **facts,
        "series": series,
        "course_id": services.ids.new(),
        "kind": series.fields.get("kind", "reeks"),
        "name": name_of(series.fields, series.dates),
        "hours": hours_of(series.fields),
        "dates": dates,
        "choices": [("", _("Kies")), *((str(each.id), moment(each.starts_at)) for each in dates)],
        "typed": SeriesForm(),
        "errors": {},
        "refusal": None,
        "labels": labels(),
        "scopes": scope_choices(),
    }


ROUTES: list[ControllerRouterHandler] = [
    Router(ACTIVITIES, route_handlers=[show_series, change_series], include_in_schema=False)
]
