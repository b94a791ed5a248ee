"""Enrolling in courses: what its lines cost together, and what of a booking belongs together. Pure.

An enrolment is lines of a booking, one for each of its dates, which name their course. So each date has
tickets of its own, and all that may happen to a date happens to them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.commands import Book, RequestedLine
from reservations.booking.facts import MOST_LINE_NO, Booking, Line, Session
from reservations.enrolment.course import Course, CourseFacts, Enrolment, Leaving, share_out
from reservations.enrolment.errors import CourseLinesDiffer, CourseUnknown, OnlyInCourse, TooManyDates
from uit.core.errors import Refusal


class EnrolledLines(Struct, frozen=True):
    """The lines of one enrolment: for one holder, at one tariff."""

    course: Course
    lines: Sequence[Line]

    @property
    def session_ids(self) -> list[UUID]:
        return [line.session_id for line in self.lines]


class Courses:
    """The courses of the dates that a batch is about, and what its bookings enrolled for."""

    def __init__(self, facts: CourseFacts) -> None:
        self.by_id = {each.id: each for each in facts.courses}
        self._of_session = {date: each for each in facts.courses for date in each.session_ids}
        self._enrolments = facts.enrolments

    def priced(
        self,
        wanted: Sequence[RequestedLine],
        lines: Sequence[Line],
        sessions: Mapping[UUID, Session],
        now: datetime,
        in_all: int | None = None,
    ) -> list[Line] | Refusal:
        """The lines as their courses sell them; a date that is not sold by itself is refused without.

        `in_all`: how many lines are asked for, where these are not all.
        """
        if not self.by_id and not any(each.course_id for each in wanted):
            return [*lines]
        enrolled = list(self._enrolled(wanted, lines, in_all or len(lines)))
        refusal = next((each for each in enrolled if isinstance(each, Refusal)), None)
        refusal = refusal or self._single_refusal(wanted)
        if refusal:
            return refusal
        by_no = {line.no: line for line in lines}
        for each in enrolled:
            found = sold_together(each, sessions, now) if isinstance(each, EnrolledLines) else []
            if isinstance(found, Refusal):
                return found
            by_no |= {line.no: line for line in found}
        return list(by_no.values())

    def quoted(
        self,
        wanted: Sequence[RequestedLine],
        answers: Sequence[Line | Refusal],
        sessions: Mapping[UUID, Session],
        now: datetime,
    ) -> list[Line | Refusal]:
        """The same for a quote: what is refused of lines that are sold together stands at each of them."""
        found = [*answers]
        for nos in sold_as_one(wanted):
            lines = [each for no in nos if isinstance(each := answers[no], Line)]
            refusal = next((each for no in nos if isinstance(each := answers[no], Refusal)), None)
            asked = [wanted[no] for no in nos]
            priced = refusal or self.priced(asked, lines, sessions, now, in_all=len(wanted))
            for at, no in enumerate(nos):
                found[no] = priced if isinstance(priced, Refusal) else priced[at]
        return found

    def made_by(self, command: Book, booking: Booking, sessions: Mapping[UUID, Session]) -> list[Enrolment]:
        """What a new booking enrols for, as far as it belongs together."""
        return self.made_of(booking.id, command.lines, booking.lines, sessions)

    def made_of(
        self,
        booking_id: UUID,
        wanted: Sequence[RequestedLine],
        lines: Sequence[Line],
        sessions: Mapping[UUID, Session],
    ) -> list[Enrolment]:
        """What new lines of a booking enrol for, numbered after what it enrolled for before."""
        first = max((each.no for each in self.of_booking(booking_id)), default=0) + 1
        enrolled = self._enrolled(wanted, lines, len(lines))
        bound = [
            each
            for each in enrolled
            if isinstance(each, EnrolledLines) and all(line.is_bound for line in each.lines)
        ]
        return [
            Enrolment(
                booking_id,
                no,
                each.course.id,
                tuple(line.no for line in each.lines),
                leave_until(each, sessions),
            )
            for no, each in enumerate(bound, start=first)
        ]

    def of_booking(self, booking_id: UUID) -> list[Enrolment]:
        return [each for each in self._enrolments if each.booking_id == booking_id]

    def of_line(self, booking_id: UUID, line_no: int) -> Enrolment | None:
        """The enrolment that a line is of; None where it is booked by itself."""
        return next((each for each in self.of_booking(booking_id) if line_no in each.line_nos), None)

    def as_left(self, booking: Booking, line: Line, session: Session) -> Session:
        """The date of a line with the limit by which it may be given up, which may be of its enrolment."""
        enrolment = self.of_line(booking.id, line.no)
        if enrolment is None or enrolment.leave_until is None:
            return session
        return replace(session, cancel_until=enrolment.leave_until)

    def _enrolled(
        self, wanted: Sequence[RequestedLine], lines: Sequence[Line], in_all: int
    ) -> Iterator[EnrolledLines | Refusal]:
        groups: dict[tuple[UUID, str, UUID | None], list[Line]] = {}
        for requested, line in zip(wanted, lines, strict=True):
            if requested.course_id:
                groups.setdefault((requested.course_id, line.tariff_code, line.holder_id), []).append(line)
        for (course_id, _tariff, _holder_id), of_one in groups.items():
            course = self.by_id.get(course_id)
            if course is None or not {each.session_id for each in of_one} <= {*course.session_ids}:
                yield CourseUnknown(course_id)
            elif has_twice(of_one) or len({each.places for each in of_one}) > 1:
                yield CourseLinesDiffer(course_id)
            elif in_all > MOST_LINE_NO:
                yield TooManyDates(course_id, in_all, MOST_LINE_NO)
            else:
                yield EnrolledLines(course, of_one)

    def _single_refusal(self, wanted: Iterable[RequestedLine]) -> OnlyInCourse | None:
        for requested in wanted:
            course = self._of_session.get(requested.session_id)
            if course and requested.course_id is None and not course.sells_single_dates:
                return OnlyInCourse(requested.session_id, course.id, course.choice_least)
        return None


def sold_as_one(wanted: Sequence[RequestedLine]) -> list[list[int]]:
    """Which lines are sold together, or by themselves, by where they stand."""
    found: dict[object, list[int]] = {}
    for no, each in enumerate(wanted):
        key = (each.course_id, each.tariff, each.holder) if each.course_id else no
        found.setdefault(key, []).append(no)
    return list(found.values())


def has_twice(lines: Sequence[Line]) -> bool:
    return len({each.session_id for each in lines}) < len(lines)


def sold_together(
    enrolled: EnrolledLines, sessions: Mapping[UUID, Session], now: datetime
) -> Sequence[Line] | Refusal:
    """The lines with equal parts of the price of all and of the fee of who leaves, in order of dates."""
    lines = sorted(enrolled.lines, key=lambda line: (sessions[line.session_id].starts_at, line.session_id))
    places = lines[0].places
    single_cents = sum(line.price_cents for line in lines) // places
    priced = enrolled.course.priced(lines[0].tariff_code, enrolled.session_ids, single_cents, now)
    if isinstance(priced, Refusal) or not priced.is_bound:
        return priced if isinstance(priced, Refusal) else lines
    fees = share_out(lines[0].cancel_fee_cents, len(lines))
    own = [line.price_cents // places for line in lines]
    parts = own if priced.cents is None else share_out(priced.cents, len(lines))
    return [
        replace(line, price_cents=cents * places, cancel_fee_cents=fee, is_bound=True)
        for line, cents, fee in zip(lines, parts, fees, strict=True)
    ]


def leave_until(enrolled: EnrolledLines, sessions: Mapping[UUID, Session]) -> datetime | None:
    """The limit of its first date, where nothing is given back once that has passed."""
    if enrolled.course.leaving is Leaving.TO_COME:
        return None
    return min(sessions[each].cancel_until for each in enrolled.session_ids)
