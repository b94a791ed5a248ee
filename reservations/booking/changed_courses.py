"""What a change makes of courses: an enrolment stays as it is, or another comes in its place. Pure.

What is sold together changes together: where somebody wants other dates of a course, fewer of them or another
who comes, all of its dates that are to come make place for all of what is wanted, at the price of that.
"""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from reservations.booking.commands import ChangeBooking, RequestedLine
from reservations.booking.facts import LIVE, Booking, Line, Ticket
from reservations.booking.remaining import Remaining

Tickets = tuple[tuple[Line, tuple[Ticket, ...]], ...]
Asked = Sequence[tuple[RequestedLine, UUID | None]]
"""Lines that name a course, each with who comes."""


class CourseContent(Struct, frozen=True):
    """Of the courses in a change: the tickets that stay and that end, by line, and what is enrolled anew.

    `line_nos`: the lines of the booking that are of them.
    """

    kept: Tickets = ()
    ending: Tickets = ()
    new: tuple[RequestedLine, ...] = ()
    line_nos: frozenset[int] = frozenset()


def course_content(
    remaining: Remaining, command: ChangeBooking, lines: Sequence[Line], asked: Asked
) -> CourseContent:
    """What becomes of enrolments in the courses that are asked; dates that are behind stay as they are."""
    groups = asked_groups(asked)
    kept: list[tuple[Line, tuple[Ticket, ...]]] = []
    ending: list[tuple[Line, tuple[Ticket, ...]]] = []
    line_nos: set[int] = set()
    for enrolment in remaining.courses.of_booking(command.booking_id):
        course = remaining.courses.by_id.get(enrolment.course_id)
        of_one = [(line, live_in(line)) for line in lines if line.no in enrolment.line_nos]
        if (
            course is None
            or not any(tickets for _, tickets in of_one)
            or course.id not in asked_courses(asked)
        ):
            continue
        line_nos |= {line.no for line, _ in of_one}
        dates = {each.session_id for each in course.to_come(remaining.now)}
        to_come = [each for each in of_one if each[1] and each[0].session_id in dates]
        kept += [each for each in of_one if each[1] and each[0].session_id not in dates]
        same = next((group for group in groups if is_same(group, to_come)), None)
        if same:
            groups.remove(same)
        (kept if same else ending).extend(to_come)
    new = tuple(requested for group in groups for requested, _ in group)
    return CourseContent(tuple(kept), tuple(ending), new, frozenset(line_nos))


def asked_courses(asked: Asked) -> set[UUID | None]:
    return {requested.course_id for requested, _ in asked}


def asked_groups(asked: Asked) -> list[list[tuple[RequestedLine, UUID | None]]]:
    """The lines that are sold together."""
    groups: dict[object, list[tuple[RequestedLine, UUID | None]]] = {}
    for requested, holder_id in asked:
        groups.setdefault((requested.course_id, requested.tariff, holder_id), []).append(
            (requested, holder_id)
        )
    return list(groups.values())


def is_same(group: Asked, has: Sequence[tuple[Line, Sequence[Ticket]]]) -> bool:
    """Whether what is asked is what somebody has."""
    wanted = {(each.session_id, each.tariff, holder_id, each.places) for each, holder_id in group}
    return wanted == {
        (line.session_id, line.tariff_code, line.holder_id, len(tickets)) for line, tickets in has
    }


def live_in(line: Line) -> tuple[Ticket, ...]:
    return tuple(each for each in line.tickets if each.status in LIVE)


def may_enrol(remaining: Remaining, booking: Booking, requested: RequestedLine) -> bool:
    """Whether a line that names a course comes for what the booking has of it."""
    enrolments = remaining.courses.of_booking(booking.id)
    return requested.course_id in {None, *(each.course_id for each in enrolments)}
