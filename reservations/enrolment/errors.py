"""What is refused about courses. The words stand in `templates/refusals/`."""

from uuid import UUID

from uit.core.errors import Refusal


class CourseUnknown(Refusal, code="reservations.course_unknown", status=404):
    """No such course, or not any more, or a date that is not of it. `course_id`: None where it is no id."""

    course_id: UUID | None


class OnlyInCourse(Refusal, code="reservations.only_in_course", status=409):
    """A date that is not sold by itself. `least`: so many dates at the least; None: only all of them."""

    session_id: UUID
    course_id: UUID
    least: int | None


class NotAllOfCourse(Refusal, code="reservations.not_all_of_course", status=422):
    """Some dates were chosen of a course of which only all are sold; `dates` are to come."""

    course_id: UUID
    dates: int


class TooFewDates(Refusal, code="reservations.too_few_dates", status=422):
    course_id: UUID
    dates: int
    least: int


class TooManyDates(Refusal, code="reservations.too_many_dates", status=422):
    """More lines than a booking has room for: each date of each who comes is one."""

    course_id: UUID
    lines: int
    most: int


class CourseBegun(Refusal, code="reservations.course_begun", status=409):
    """It has begun, and nobody is let in late, or not any more."""

    course_id: UUID


class CourseLinesDiffer(Refusal, code="reservations.course_lines_differ", status=422):
    """One enrols for as many places on each date, and for each date once."""

    course_id: UUID


class EnrolmentTogether(Refusal, code="reservations.enrolment_together", status=409):
    """Dates that were sold together are given up together, and are not changed one by one."""

    booking_id: UUID
    course_id: UUID


class CourseDateTaken(Refusal, code="reservations.course_date_taken", status=409):
    """A date that is of another course already."""

    session_id: UUID


class CourseDateGone(Refusal, code="reservations.course_date_gone", status=409):
    """A date that is not to come any more, or not of this activity."""

    session_id: UUID
