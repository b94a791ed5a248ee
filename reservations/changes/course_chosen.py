"""What is chosen of an enrolment that changes: which dates of its course, how many places, and who comes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.actor import Actor, ByGroup
from reservations.booking.commands import RequestedLine
from reservations.booking.course_facts import find_courses
from reservations.booking.facts import LIVE, Booking, Line
from reservations.changes.change_form import Row
from reservations.changes.change_seats import Key
from reservations.changes.offered import as_proof
from reservations.enrolment.course import Course, Enrolment
from reservations.order.course_order import ASKED, CourseOrder, order_of
from uit.database.statements import Executor


class EnrolledOrder(Struct, frozen=True):
    """The dates that are wanted of a course, and the lines of a booking that enrol in it on the same dates.

    `beside` enrol in it as well, on others: they stay. `session_id`: the first of its dates to come.
    """

    order: CourseOrder
    lines: Sequence[Line]
    beside: Sequence[Line]
    session_id: UUID

    @property
    def line_nos(self) -> set[int]:
        return {line.no for line in (*self.lines, *self.beside)}

    def requested(
        self, by: Actor, rows: Sequence[tuple[Row, int]], wheelchairs: Mapping[Key, int]
    ) -> list[RequestedLine]:
        """All that is wanted of the course: so many places of each row, on each date.

        `wheelchairs`: for how many of them one has a place now.
        """
        course_id, to_come = self.order.course.id, {each.session_id for each in self.order.to_come}
        stay = [
            RequestedLine(
                line.session_id,
                line.tariff_code,
                standing(line),
                as_proof(by, line.holder_id),
                course_id=course_id,
            )
            for line in self.beside
            if line.session_id in to_come
        ]
        return stay + [
            RequestedLine(
                each,
                row.code,
                places,
                as_proof(by, row.holder_id),
                wheelchairs=min(wheelchairs.get(row.key, 0), places * row.weight),
                course_id=course_id,
            )
            for row, places in rows
            if places
            for each in self.order.chosen
        ]


async def read_enrolled(  # noqa: PLR0913, PLR0917  who changes which date of what, and what was typed
    tx: Executor,
    booking: Booking,
    by: Actor,
    enrolments: Sequence[Enrolment],
    session_id: UUID,
    typed: Mapping[str, str],
    now: datetime,
) -> EnrolledOrder | None:
    """What may be changed of the course of a date; None where it is of none that is sold and to come."""
    of_date = [
        each
        for each in enrolments
        for line in booking.lines
        if line.no in each.line_nos and line.session_id == session_id and standing(line)
    ]
    if not of_date or isinstance(by, ByGroup):
        return None
    found = (await find_courses(tx, booking.region_id, [session_id], [booking.id])).courses
    course = next((each for each in found if each.id == of_date[0].course_id), None)
    return enrolled_order(booking, course, enrolments, of_date[0], typed, now) if course else None


def enrolled_order(  # noqa: PLR0913, PLR0917  which date of what course, and what was typed
    booking: Booking,
    course: Course,
    enrolments: Sequence[Enrolment],
    asked: Enrolment,
    typed: Mapping[str, str],
    now: datetime,
) -> EnrolledOrder | None:
    """The dates as they are, until others are ticked; of a course that is sold whole all that are to come."""
    order = order_of(course, typed if ASKED in typed else {}, now)
    dates = dates_of(booking, asked, order)
    if not dates:
        return None
    if ASKED not in typed and order.may_choose:
        order = replace(order, chosen=[each for each in order.chosen if each in dates])
    of_course = [each for each in enrolments if each.course_id == course.id]
    same = {no for each in of_course if dates_of(booking, each, order) == dates for no in each.line_nos}
    beside = {no for each in of_course for no in each.line_nos} - same
    lines = [line for line in booking.lines if standing(line)]
    return EnrolledOrder(
        order,
        [line for line in lines if line.no in same],
        [line for line in lines if line.no in beside],
        next(each.session_id for each in order.to_come if each.session_id in dates),
    )


def dates_of(booking: Booking, enrolment: Enrolment, order: CourseOrder) -> set[UUID]:
    """The dates to come of which something stands."""
    to_come = {each.session_id for each in order.to_come}
    lines = (line for line in booking.lines if line.no in enrolment.line_nos and standing(line))
    return {line.session_id for line in lines} & to_come


def standing(line: Line) -> int:
    return sum(ticket.status in LIVE for ticket in line.tickets)
