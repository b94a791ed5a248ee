"""When an activity is: its dates, and adding more by a pattern that is shown before it is made."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.activities.activity_desk import ACTIVITIES, OWN, activity_facts, home_of
from reservations.activities.dates.form import (
    FORMER_KINDS,
    KINDS,
    DatesForm,
    box_of,
    first_form,
    labels,
    more_of,
    read_moment,
    weekday_names,
)
from reservations.activities.dates.pattern import MOST_DATES, Planned
from reservations.activities.dates.planned import delete_date, read_dates
from reservations.activities.dates.there import compare
from reservations.activities.publishing import add_dates, lock_own, may_add_dates
from reservations.activities.sale.source import lock_to_sell
from reservations.activities.series.naming import hours_of, name_of
from reservations.activities.series.series import NewSeries, pattern_of, read_one, series_of
from reservations.booking.services import BookingServices
from reservations.sessions.organiser_desk import OrganiserDesk, desk_here
from uit.core.errors import NotFound, RefusalError
from uit.core.translation import gettext as _
from uit.identity.authentication import StaffRequest, author_here
from uit.web.form import Errors, read_id, read_number, required_id
from uit.web.view import UNPROCESSABLE, page, see_other

SHOWN: Final = 400
MADE: Final = "gemaakt"
COUNTS: Final = ("nieuw", "anders", "al")
MAKE: Final = "maak"
BACK: Final = "terug"
GivenServices = NamedDependency[BookingServices]


def dates_notice(act: str) -> str | None:
    return {"gemaakt": _("De datums staan erbij."), "weg": _("De datum is weg.")}.get(act)


def came_of(query: Mapping[str, str]) -> dict[str, int] | None:
    """How many dates were new, got another end or were there already, as the address says after it."""
    if query.get("gedaan") != MADE or not any(name in query for name in COUNTS):
        return None
    return {name: read_number(query.get(name, ""), MOST_DATES) or 0 for name in COUNTS}


@get("/{event_id:uuid}/wanneer", opt=OWN)
async def show_dates(
    request: StaffRequest, event_id: FromPath[UUID], services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    desk, now = await desk_here(request), services.clock.now()
    async with services.database.reading() as connection:
        facts = await activity_facts(connection, desk, event_id)
        dates = await read_dates(connection, desk.region.id, event_id, now, SHOWN)
        may_add = await may_add_dates(connection, desk.region.id, facts["activity"], now)
        found = await series_of(connection, desk.region.id, event_id)
    series = [
        (each.id, name_of(each.fields, each.dates), hours_of(each.fields)) for each in found if each.dates
    ]
    shown = {**facts, "dates": dates, "may_add": may_add, "series": series, "flash": dates_notice(gedaan)}
    shown["came"] = came_of(request.query_params)
    return page("reservations/activities/dates/dates.html", **shown)


@post("/{event_id:uuid}/wanneer/weg", opt=OWN)
async def remove_date(
    request: StaffRequest,
    event_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Redirect:
    """Take a date out of a draft; one that is gone already stays so."""
    desk, author, starts_at = await desk_here(request), await author_here(request), read_moment(data)
    async with services.database.transaction() as tx:
        await lock_own(tx, *desk.organiser_key, event_id)
        if starts_at and await delete_date(tx, desk.region.id, event_id, starts_at):
            await author.note(tx, "activity.date_remove", "event", event_id)
    return see_other(f"{home_of(desk)}/{event_id}/wanneer?gedaan=weg")


@get("/{event_id:uuid}/wanneer/{kind:str}", opt=OWN)
async def show_form(
    request: StaffRequest,
    event_id: FromPath[UUID],
    kind: FromPath[str],
    services: GivenServices,
    reeks: FromQuery[str] = "",
) -> Template:
    """An empty form, or that of more dates of a series."""
    desk, series_id = await desk_here(request), read_id(reeks)
    if series_id is None:
        return await form_page(services, desk, event_id, first_form(known(kind)))
    async with services.database.reading() as connection:
        series = await read_one(connection, desk.region.id, event_id, series_id)
    return await form_page(services, desk, event_id, more_of(known(kind), series_id, series.fields))


@post("/{event_id:uuid}/wanneer/{kind:str}", opt=OWN)
async def plan(
    request: StaffRequest,
    event_id: FromPath[UUID],
    kind: FromPath[str],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Template | Redirect:
    """First show the dates that would come; then make those that stayed ticked.

    Made again, they are there already.
    """
    desk, author, typed = await desk_here(request), await author_here(request), DatesForm(known(kind), data)
    planned = typed.read(author.now)
    if isinstance(planned, dict):
        return await form_page(services, desk, event_id, typed, planned)
    if typed.get("stap") == BACK:
        return await form_page(services, desk, event_id, typed)
    chosen = typed.chosen(planned.slots)
    if typed.get("stap") != MAKE or not chosen:
        return await preview_page(services, desk, event_id, typed, planned)
    async with services.database.transaction() as tx:
        activity = await lock_to_sell(tx, *desk.organiser_key, event_id)
        came = await add_dates(tx, author, activity, chosen, series_in(typed))
    counts = f"nieuw={len(came.new)}&anders={len(came.changed)}&al={len(came.there)}"
    return see_other(f"{home_of(desk)}/{event_id}/wanneer?gedaan={MADE}&{counts}")


def series_in(typed: DatesForm) -> NewSeries | None:
    """The series that dates of a pattern come in."""
    if typed.kind == "eenmalig":
        return None
    return NewSeries(required_id(typed.fields, "reeks"), pattern_of(typed.kind, typed.fields))


def known(kind: str) -> str:
    found = FORMER_KINDS.get(kind, kind)
    if found not in KINDS:
        raise RefusalError(NotFound())
    return found


async def form_page(
    services: BookingServices,
    desk: OrganiserDesk,
    event_id: UUID,
    typed: DatesForm,
    errors: Errors | None = None,
) -> Template:
    async with services.database.reading() as connection:
        facts = await activity_facts(connection, desk, event_id)
    return page(
        "reservations/activities/dates/form.html",
        UNPROCESSABLE if errors else 200,
        **facts,
        typed=typed,
        errors=errors or {},
        labels=labels(),
        weekdays=weekday_names(),
    )


async def preview_page(
    services: BookingServices, desk: OrganiserDesk, event_id: UUID, typed: DatesForm, planned: Planned
) -> Template:
    """The dates with a box each; ticked, or as they came back where none was. Those there have none."""
    async with services.database.reading() as connection:
        facts = await activity_facts(connection, desk, event_id)
        compared = await compare(connection, desk.region.id, event_id, planned.slots)
    none_left = typed.get("stap") == MAKE and bool(compared.made)
    boxes = [(box_of(slot), slot, not none_left) for slot in compared.made]
    shown = {
        **facts,
        "typed": typed,
        "planned": planned,
        "there": compared.there,
        "changed": compared.changed,
        "boxes": boxes,
        "series_id": typed.get("reeks") or services.ids.new(),
        "errors": {boxes[0][0]: _("Kruis minstens één datum aan.")} if none_left else {},
        "labels": {boxes[0][0]: _("Datums")} if boxes else {},
    }
    status = UNPROCESSABLE if none_left else 200
    return page("reservations/activities/dates/preview.html", status, **shown)


DESK: Final = (show_dates, remove_date, show_form, plan)

ROUTES: list[ControllerRouterHandler] = [Router(ACTIVITIES, route_handlers=DESK, include_in_schema=False)]
