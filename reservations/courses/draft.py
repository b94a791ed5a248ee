"""A draft that is published as a course: none of its dates is on sale by itself before."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from uuid import UUID, uuid5

from reservations.activities.activity import Activity
from reservations.activities.dates.planned import read_waiting
from reservations.activities.errors import NotYetSoldHere
from reservations.activities.publishing import missing_parts, publish
from reservations.activities.sale.sale import read_event_tariffs
from reservations.courses.form import CourseForm, date_field
from reservations.courses.making import (
    DateForCourse,
    NewCourse,
    PriceForCourse,
    read_dates,
    read_prices,
)
from uit.core.errors import RefusalError
from uit.database.statements import Executor
from uit.services.audit import Author


def is_draft(activity: Activity) -> bool:
    return activity.made_here and not activity.published


async def planned_dates(
    tx: Executor, region_id: int, event_id: UUID, now: datetime
) -> Sequence[DateForCourse]:
    """The dates that a draft will have, each under an id that only the form knows."""
    waiting = await read_waiting(tx, region_id, event_id, now)
    return [
        DateForCourse(form_id(event_id, each.starts_at), each.starts_at, each.ends_at, "draft", None)
        for each in waiting
    ]


def form_id(event_id: UUID, starts_at: datetime) -> UUID:
    return uuid5(event_id, starts_at.astimezone(UTC).isoformat())


def with_real_dates(
    typed: Mapping[str, str], event_id: UUID, dates: Sequence[DateForCourse]
) -> Mapping[str, str]:
    """What was typed in the form of a draft, under the ids that its dates got when it was published."""
    real = {date_field(form_id(event_id, each.starts_at)): date_field(each.id) for each in dates}
    return {real.get(name, name): value for name, value in typed.items()}


async def planned_prices(tx: Executor, region_id: int, event_id: UUID) -> Sequence[PriceForCourse]:
    """What its organiser asks; that of the region for who has the social tariff comes with the dates."""
    return [
        PriceForCourse(each.code, each.name, each.price_cents, each.eligibility == "social")
        for each in await read_event_tariffs(tx, region_id, event_id)
    ]


async def publish_for(
    tx: Executor, author: Author, activity: Activity, form: CourseForm, today: date
) -> NewCourse:
    """Publish a draft that is locked, and give the course of a form without errors its real dates.

    Raises NotYetSoldHere where something of the activity is still to be filled in.
    """
    region_id, event_id = author.region_id, activity.id
    if await missing_parts(tx, region_id, activity, author.now):
        raise RefusalError(NotYetSoldHere(event_id))
    await publish(tx, author, event_id)
    dates = await read_dates(tx, region_id, event_id, form.id, author.now)
    prices = await read_prices(tx, region_id, event_id, author.now)
    typed = with_real_dates(form.typed, event_id, dates)
    wanted = CourseForm(form.id, typed, dates, prices).read(today)
    assert isinstance(wanted, NewCourse), wanted
    return wanted
