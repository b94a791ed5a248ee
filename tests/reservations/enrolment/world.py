"""What the tests of courses share: a course of an activity, and who enrols in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from msgspec.structs import replace

from reservations.booking.answers import Answer, Booked
from reservations.booking.commands import Book
from tests.builders import Resident, Session, World
from uit.core.errors import Busy

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class TestCourse:
    """A course of weekly dates, the first in a week."""

    __test__ = False

    id: UUID
    dates: Sequence[Session]

    @property
    def first(self) -> Session:
        return self.dates[0]


async def make_course(
    world: World,
    count: int = 5,
    *,
    seats: int = 10,
    single_cents: int = 1000,
    whole_cents: int = 4000,
    **more: object,
) -> TestCourse:
    """`more` are columns, such as `choice_least` or `late`. A social place costs a fifth."""
    dates = [await world.session(seats, single_cents, starts_in=WEEK)]
    for no in range(1, count):
        own = await world.session(
            seats, single_cents, organiser_id=dates[0].organiser_id, starts_in=WEEK * (no + 1)
        )
        dates.append(Session(1, own.id, own.organiser_id, dates[0].event_id, own.pool_id))
    await world.execute(
        "UPDATE reservations.session SET event_id = $1 WHERE id = ANY ($2)",
        dates[0].event_id,
        [each.id for each in dates],
    )
    made = TestCourse(uuid4(), dates)
    await write_course(world, made, more)
    for tariff, cents in (("base", whole_cents), ("kansentarief", whole_cents // 5)):
        await price(world, made, tariff, cents)
    return made


async def write_course(world: World, made: TestCourse, more: dict[str, object]) -> None:
    row = {"late": "share", "leaving": "to_come", "made_at": world.clock.now(), "name": "Yoga", **more}
    await world.execute(
        f"INSERT INTO reservations.course (region_id, id, event_id, organiser_id, {', '.join(row)})"
        f" VALUES (1, $1, $2, $3, {', '.join(f'${n}' for n in range(4, 4 + len(row)))})",
        made.id, made.first.event_id, made.first.organiser_id, *row.values(),
    )  # fmt: skip
    await world.execute(
        "INSERT INTO reservations.course_date SELECT 1, unnest($1::uuid[]), $2",
        [each.id for each in made.dates],
        made.id,
    )


async def price(world: World, course: TestCourse, tariff: str, cents: int, dates: int = 0) -> None:
    await world.execute(
        "INSERT INTO reservations.course_price VALUES (1, $1, $2, $3, $4)", course.id, tariff, dates, cents
    )


def enrolment(
    world: World,
    who: Resident,
    course: TestCourse,
    dates: Sequence[Session] | None = None,
    *,
    tariff: str = "base",
    places: int = 1,
) -> Book:
    """What somebody enrols for: all dates unless told otherwise."""
    chosen = course.dates if dates is None else dates
    command = world.command(who, [(date, tariff, places) for date in chosen])
    return replace(command, lines=tuple(replace(line, course_id=course.id) for line in command.lines))


async def enrol(
    world: World, who: Resident, course: TestCourse, dates: Sequence[Session] | None = None
) -> Answer | Busy:
    return await world.services.turnstile.answer(enrolment(world, who, course, dates))


async def enrolled(
    world: World, who: Resident, course: TestCourse, dates: Sequence[Session] | None = None
) -> UUID:
    """The booking of who enrolled."""
    answer = await enrol(world, who, course, dates)
    assert isinstance(answer, Booked), answer
    return answer.booking.id
