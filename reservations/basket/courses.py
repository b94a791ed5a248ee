"""The courses in a basket: which of their dates a line is for, as things stand now."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.course_facts import find_courses
from reservations.booking.facts import MOST_LINE_NO, Booking
from reservations.enrolment.course import Course
from reservations.enrolment.errors import TooManyDates
from reservations.kept_basket import ChosenPlaces, KeptBasket
from reservations.order.course_order import CourseOrder, order_of
from uit.core.translation import DUTCH
from uit.database.statements import Executor

PlacesKey = tuple[UUID, str, UUID | None]
"""Places of a booking: of a session, at a tariff, for who comes."""


class CoursesInBasket(Struct, frozen=True):
    """The courses that lines enrol in, by id, as far as they are sold."""

    by_id: Mapping[UUID, Course] = {}

    def order(self, line: ChosenPlaces, at: datetime) -> CourseOrder | None:
        """The dates that a line is for at a moment; None where it is of no course, or that is gone."""
        course = self.by_id.get(line.course_id) if line.course_id else None
        if course is None:
            return None
        whole = order_of(course, {}, at)
        return replace(whole, chosen=[each for each in whole.chosen if line.takes(each)])

    def session_ids(self, line: ChosenPlaces, at: datetime) -> Sequence[UUID]:
        """What a line books; where none of its dates can be booked any more the one that says why."""
        order = self.order(line, at)
        return order.chosen if order and order.chosen else [line.session_id]

    def are_booked(self, line: ChosenPlaces, booked: Container[PlacesKey], made_at: datetime) -> bool:
        """Whether all dates are booked that a line of a course was for at that moment."""
        order = self.order(line, made_at)
        dates = order.chosen if order else []
        return bool(dates) and all((each, line.tariff, line.holder_id) in booked for each in dates)

    def refuse_too_many(
        self, lines: Sequence[ChosenPlaces], added: ChosenPlaces, at: datetime
    ) -> TooManyDates | None:
        """Whether these lines are for more dates than a booking has room for, with the one that was added."""
        count = sum(len(self.session_ids(line, at)) for line in lines)
        if count <= MOST_LINE_NO or added.course_id is None:
            return None
        return TooManyDates(added.course_id, count, MOST_LINE_NO)


NO_COURSES = CoursesInBasket()


async def read_courses_in(
    tx: Executor, region_id: int, lines: Iterable[ChosenPlaces], *, language: str = DUTCH
) -> CoursesInBasket:
    """The courses of lines; nothing is read where there are none."""
    session_ids = [line.session_id for line in lines if line.course_id]
    if not session_ids:
        return NO_COURSES
    found = (await find_courses(tx, region_id, session_ids, language=language)).courses
    return CoursesInBasket({each.id: each for each in found})


def without_booked(basket: KeptBasket, booking: Booking, courses: CoursesInBasket) -> KeptBasket:
    """A basket without what a booking has: of a course all of its dates."""
    others = {line.holder_id for line in basket.lines}
    booked = {
        (line.session_id, line.tariff_code, line.holder_id if line.holder_id in others else None)
        for line in booking.lines
    }
    lines = tuple(
        line for line in basket.less(booked) if not courses.are_booked(line, booked, booking.made_at)
    )
    return replace(basket, lines=lines)
