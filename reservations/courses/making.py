"""Courses of an activity: made, changed and taken off sale by its organiser.

Who changes what a course is holds the locks of the pools of its dates, as whoever books them does, so that
nobody is charged by what is half changed. Who is enrolled keeps what they booked.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from reservations.enrolment.course import CoursePrice, Late, Leaving
from reservations.enrolment.errors import CourseDateGone, CourseDateTaken, CourseUnknown
from reservations.places.pool import lock_pools
from uit.database.statements import Executor, Statements, as_json
from uit.services.audit import Author

SQL = Statements(__name__)


class DateForCourse(Struct, frozen=True):
    """A date of an activity, and the course that it is of, if any."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    status: str
    course_id: UUID | None


class PriceForCourse(Struct, frozen=True):
    """What single dates of an activity cost."""

    code: str
    name: str
    price_cents: int
    is_social: bool


class CourseRules(Struct, frozen=True):
    """What an organiser says of a course; see `enrolment.course`. `names` is JSON by language."""

    id: UUID
    name: str
    choice_least: int | None
    late: Late
    late_until: date | None
    leaving: Leaving
    names: str


class CourseOnSale(CourseRules, frozen=True):
    """`enrolled`: how many places in it stand."""

    enrolled: int


class OwnCourse(Struct, frozen=True):
    """A course of an organiser with so many `dates` to come, the first at `starts_at`; see `CourseOnSale`."""

    id: UUID
    event_id: UUID
    name: str
    event: str
    dates: int
    starts_at: datetime
    enrolled: int


class StoredCoursePrice(CoursePrice, frozen=True):
    course_id: UUID


class NewCourse(Struct, frozen=True):
    """A course as its organiser wants it."""

    rules: CourseRules
    session_ids: Sequence[UUID]
    prices: Sequence[CoursePrice]


class LockedCourse(Struct, frozen=True):
    event_id: UUID
    ended_at: datetime | None


class SavedCourse(Struct, frozen=True):
    is_new: bool


organiser_of = SQL.value("organiser_of", UUID)
lock_course = SQL.maybe("lock_course", LockedCourse)
find_course = SQL.value("find_course", UUID)
read_dates = SQL.many("read_dates", DateForCourse)
read_prices = SQL.many("read_prices", PriceForCourse)
read_courses = SQL.many("read_courses", CourseOnSale)
read_courses_of = SQL.many("read_courses_of", OwnCourse)
read_course_prices = SQL.many("read_course_prices", StoredCoursePrice)
put_course = SQL.maybe("put_course", SavedCourse)
take_dates_out = SQL.command("take_dates_out")
put_dates = SQL.command("put_dates")
take_prices_out = SQL.command("take_prices_out")
put_prices = SQL.command("put_prices")
mark_ended = SQL.value("end_course", UUID)


async def save_course(
    tx: Executor, author: Author, organiser_id: UUID, event_id: UUID, wanted: NewCourse
) -> CourseUnknown | CourseDateGone | CourseDateTaken | None:
    """Make a course of an activity of this organiser, or change it, as long as it is sold."""
    region_id, rules = author.region_id, wanted.rules
    before = await lock_course(tx, region_id, rules.id, organiser_id)
    if before and (before.event_id != event_id or before.ended_at):
        return CourseUnknown(rules.id)
    own = [each.id for each in await read_dates(tx, region_id, event_id, rules.id, author.now)]
    await lock_pools(tx, region_id, own, [])
    dates = {each.id: each for each in await read_dates(tx, region_id, event_id, rules.id, author.now)}
    for session_id in wanted.session_ids:
        if session_id not in dates:
            return CourseDateGone(session_id)
        if dates[session_id].course_id not in {None, rules.id}:
            return CourseDateTaken(session_id)
    saved = await put_course(
        tx, region_id, rules.id, event_id, organiser_id, rules.name, rules.choice_least, rules.late,
        rules.late_until, rules.leaving, author.now, rules.names,
    )  # fmt: skip
    if saved is None:
        return CourseUnknown(rules.id)
    await take_dates_out(tx, region_id, rules.id)
    await put_dates(tx, region_id, rules.id, wanted.session_ids)
    await take_prices_out(tx, region_id, rules.id)
    await put_prices(tx, region_id, rules.id, as_json(wanted.prices))
    act = "course.make" if saved.is_new else "course.change"
    await author.note(tx, act, "course", rules.id, dates=len(wanted.session_ids))
    return None


async def end_course(
    tx: Executor, author: Author, organiser_id: UUID, event_id: UUID, course_id: UUID
) -> CourseUnknown | None:
    """Take a course off sale: its dates are sold by themselves from then on. Who is enrolled stays so."""
    before = await lock_course(tx, author.region_id, course_id, organiser_id)
    if before is None or before.event_id != event_id:
        return CourseUnknown(course_id)
    own = [each.id for each in await read_dates(tx, author.region_id, event_id, course_id, author.now)]
    await lock_pools(tx, author.region_id, own, [])
    if await mark_ended(tx, author.region_id, course_id, author.now) is not None:
        await take_dates_out(tx, author.region_id, course_id)
        await author.note(tx, "course.end", "course", course_id)
    return None
