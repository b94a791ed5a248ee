"""What somebody enrolled for, as the page of their booking shows it: its dates, and a code for all."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import asdict, replace

from reservations.booking.facts import Booking
from reservations.booking.tickets import (
    MOST_TICKETS,
    TICKETS_SHOWN,
    CourseTicket,
    Outing,
    ShownTicket,
    Together,
    read_tickets,
)
from reservations.enrolment.course import CourseFacts, Enrolment
from uit.database.statements import Executor

T = TypeVar("T", ShownTicket, Together)


class EnrolledCourse(Struct, frozen=True):
    """A course of a booking, the lines that were sold in it, and its dates."""

    name: str
    line_nos: tuple[int, ...]
    outings: list[Outing]


def courses_of(booking: Booking, outings: Sequence[Outing], found: CourseFacts) -> list[EnrolledCourse]:
    """What a booking enrolled for, each course once, with its dates as whoever looks sees them."""
    names = {each.id: each.name for each in found.courses}
    lines: dict[UUID, list[int]] = {}
    for each in found.enrolments:
        lines.setdefault(each.course_id, []).extend(each.line_nos)
    courses = []
    for course_id, line_nos in lines.items():
        dates = {line.session_id for line in booking.lines if line.no in line_nos}
        seen = [each for each in outings if each.session_id in dates]
        if seen and course_id in names:
            courses.append(EnrolledCourse(names[course_id], tuple(line_nos), seen))
    return courses


async def read_opening(
    tx: Executor,
    booking: tuple[int, UUID],
    first: int,
    holders: Sequence[UUID] | None,
    enrolments: Sequence[Enrolment],
) -> list[ShownTicket]:
    """The tickets that open a door from the one at `first`: what a page shows, and one more where there is.

    `booking`: its region and id. Where it enrols, all are read: which of them opens for others is known then.
    """
    if not enrolments:
        return await read_tickets(tx, *booking, TICKETS_SHOWN + 1, first, holders)
    every = await read_tickets(tx, *booking, MOST_TICKETS, 0, holders)
    return one_of_each(every, enrolments)[first : first + TICKETS_SHOWN + 1]


def one_of_each(tickets: Sequence[ShownTicket], enrolments: Sequence[Enrolment]) -> list[ShownTicket]:
    """The tickets without those that the code of another, of an earlier date, opens; with their seats."""
    by_line = numbers_by_line(enrolments)
    seats: dict[tuple[int, int], dict[UUID, str]] = {}
    for each in tickets:
        if each.seat and each.line_no in by_line:
            seats.setdefault((by_line[each.line_no], each.no), {})[each.session_id] = each.seat
    return [
        CourseTicket(
            **asdict(replace(each, in_all=None)),
            seats_by_date=seats.get((by_line[each.line_no], each.no), {}),
        )
        if each.line_no in by_line
        else each
        for each in first_of_each(tickets, enrolments, lambda ticket: ticket.no)
    ]


def one_for_all(codes: Sequence[Together], enrolments: Sequence[Enrolment]) -> list[Together]:
    """The same of codes for all who come together."""
    return first_of_each(codes, enrolments, lambda _: None)


def first_of_each(
    shown: Sequence[T], enrolments: Sequence[Enrolment], key: Callable[[T], int | None]
) -> list[T]:
    """The first of each enrolment by its key, and all that are of none, in their order."""
    by_line = numbers_by_line(enrolments)
    found: dict[object, T] = {}
    for no, each in enumerate(shown):
        enrolment_no = by_line.get(each.line_no)
        found.setdefault(("alone", no) if enrolment_no is None else (enrolment_no, key(each)), each)
    return list(found.values())


def numbers_by_line(enrolments: Sequence[Enrolment]) -> dict[int, int]:
    """Of which enrolment each line is, by its number in the booking."""
    return {line_no: each.no for each in enrolments for line_no in each.line_nos}
