"""What an organiser saves of a course while something else happens to it."""

from asyncio import create_task, sleep, wait_for
from uuid import UUID, uuid4

from reservations.courses.making import CourseRules, NewCourse, end_course, save_course
from reservations.enrolment.course import ALL, CoursePrice, Late, Leaving
from reservations.enrolment.errors import CourseDateGone, CourseUnknown
from tests.builders import Session, World
from tests.reservations.courses.dates import dates
from tests.reservations.enrolment.world import TestCourse
from uit.core.errors import Refusal
from uit.database.statements import Executor
from uit.services.audit import Author

WAITS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def author_in(world: World) -> Author:
    return Author(1, "staff", str(uuid4()), world.clock.now(), world.services.ids)


def wanted(course: TestCourse) -> NewCourse:
    rules = CourseRules(course.id, "Yoga", None, Late.SHARE, None, Leaving.TO_COME, "{}")
    return NewCourse(rules, [each.id for each in course.dates], [CoursePrice("base", ALL, 3500)])


async def save_in(
    tx: Executor, world: World, course: TestCourse, organiser_id: UUID | None = None
) -> Refusal | None:
    first = course.first
    return await save_course(
        tx, author_in(world), organiser_id or first.organiser_id, first.event_id, wanted(course)
    )


async def save(world: World, course: TestCourse, organiser_id: UUID | None = None) -> Refusal | None:
    async with world.services.database.transaction() as tx:
        return await save_in(tx, world, course, organiser_id)


async def end(world: World, course: TestCourse, organiser_id: UUID) -> Refusal | None:
    async with world.services.database.transaction() as tx:
        return await end_course(tx, author_in(world), organiser_id, course.first.event_id, course.id)


async def save_during_save(world: World, first: TestCourse, second: TestCourse) -> Refusal | None:
    """The second has begun before the first is there for others to see."""
    async with world.services.database.transaction() as tx:
        assert await save_in(tx, world, first) is None
        later = create_task(save(world, second))
        while not await world.value(WAITS):  # noqa: ASYNC110  until it stands at the lock
            await sleep(0.01)
    return await wait_for(later, 10)


async def number_of(world: World, act: str) -> int:
    return int(await world.value("SELECT count(*) FROM uit.audit WHERE act = $1", act))


async def other_activity(world: World, course: TestCourse) -> TestCourse:
    """Dates of another activity of the same organiser, under the id of this course."""
    own = [await world.session(organiser_id=course.first.organiser_id) for _ in range(2)]
    made = [Session(1, each.id, each.organiser_id, own[0].event_id, each.pool_id) for each in own]
    move = "UPDATE reservations.session SET event_id = $1 WHERE id = ANY ($2)"
    await world.execute(move, own[0].event_id, [each.id for each in own])
    return TestCourse(course.id, made)


async def test_a_course_that_stopped_is_not_saved_again(world: World) -> None:
    course = await dates(world)
    await save(world, course)
    await end(world, course, course.first.organiser_id)

    assert await save(world, course) == CourseUnknown(course.id)
    assert await world.value("SELECT count(*) FROM reservations.course_date") == 0


async def test_a_date_that_was_called_off_meanwhile_is_refused_as_gone(world: World) -> None:
    course = await dates(world)
    last = course.dates[-1].id
    await world.execute("UPDATE reservations.session SET status = 'cancelled' WHERE id = $1", last)

    assert await save(world, course) == CourseDateGone(last)


async def test_two_first_saves_at_once_are_made_once_and_changed_once(world: World) -> None:
    course = await dates(world)

    assert await save_during_save(world, course, course) is None

    assert (await number_of(world, "course.make"), await number_of(world, "course.change")) == (1, 1)


async def test_a_first_save_at_once_for_another_activity_takes_nothing_over(world: World) -> None:
    course = await dates(world)
    other = await other_activity(world, course)

    assert await save_during_save(world, course, other) == CourseUnknown(course.id)

    assert await world.value("SELECT count(*) FROM reservations.course_date") == len(course.dates)


async def test_another_organiser_neither_saves_a_course_nor_ends_it(world: World) -> None:
    course, stranger = await dates(world), uuid4()
    await save(world, course)

    assert await save(world, course, stranger) == CourseUnknown(course.id)
    assert await end(world, course, stranger) == CourseUnknown(course.id)
    assert await number_of(world, "course.end") == 0
