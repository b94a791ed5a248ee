"""Courses in a batch: those of its dates, what its bookings enrolled for, and what it writes of that."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.answers import Answer, Booked, Changed, Swapped
from reservations.booking.commands import Book, Command, Swap
from reservations.booking.enrolling import Courses
from reservations.booking.facts import Booking, Facts
from reservations.enrolment.course import CourseFacts, Enrolment
from uit.core.translation import DUTCH
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class FoundCourses(Struct, frozen=True):
    """Courses as JSON; None where there are none."""

    courses: str | None


read_courses = SQL.one("read_courses", FoundCourses)
read_courses_of_event = SQL.one("read_courses_of_event", FoundCourses)
write_enrolments = SQL.command("write_enrolments")


async def with_courses(tx: Executor, facts: Facts, region_id: int, courses: str | None) -> Facts:
    """The facts of a batch with its courses; where somebody waits, also those of what they wait for."""
    if facts.waiting:
        return await with_courses_of(tx, facts, region_id)
    return replace(facts, courses=msgspec.json.decode(courses, type=CourseFacts)) if courses else facts


async def with_courses_of(tx: Executor, facts: Facts, region_id: int) -> Facts:
    """The facts with the courses of all their sessions and bookings, by a statement of their own."""
    sessions, bookings = [each.id for each in facts.sessions], [each.id for each in facts.bookings]
    return replace(facts, courses=await find_courses(tx, region_id, sessions, bookings))


async def find_courses(
    tx: Executor,
    region_id: int,
    session_ids: Sequence[UUID],
    booking_ids: Sequence[UUID] = (),
    *,
    language: str = DUTCH,
) -> CourseFacts:
    """The courses of these dates and bookings, without a lock, by their names in a language."""
    return as_facts(await read_courses(tx, region_id, session_ids, booking_ids)).named_in(language)


async def find_courses_of_event(tx: Executor, region_id: int, event_id: UUID) -> CourseFacts:
    """The courses of an activity that are sold."""
    return as_facts(await read_courses_of_event(tx, region_id, event_id))


def as_facts(found: FoundCourses) -> CourseFacts:
    return msgspec.json.decode(found.courses, type=CourseFacts) if found.courses else CourseFacts()


def enrolments_of(
    facts: Facts,
    commands: Sequence[Command],
    answers: Sequence[Answer],
    offers: Iterable[tuple[Book, Booked]] = (),
) -> list[Enrolment]:
    """What the new bookings of a batch enrol for, and what it offers to who waits."""
    if not facts.courses.courses:
        return []
    courses, sessions = Courses(facts.courses), {each.id: each for each in facts.sessions}
    changed = [each for answer in answers if isinstance(answer, Changed) for each in answer.enrolments]
    return changed + [
        each
        for book, made in (*new_bookings(commands, answers), *((book, each.booking) for book, each in offers))
        for each in courses.made_by(book, made, sessions)
    ]


def new_bookings(commands: Iterable[Command], answers: Iterable[Answer]) -> Iterator[tuple[Book, Booking]]:
    """The bookings that a batch made, with what was asked."""
    for command, answer in zip(commands, answers, strict=True):
        match command, answer:
            case Book(), Booked(new=True):
                yield command, answer.booking
            case Swap(), Swapped():
                yield command.book, answer.booked.booking
            case _:
                continue
