"""A course of the example: the Saturdays of an activity, sold together and one by one."""

from typing import Final
from uuid import UUID

from reservations.booking.services import BookingServices
from reservations.courses.making import CourseRules, NewCourse, save_course
from reservations.enrolment.course import ALL, CoursePrice, Late, Leaving
from uit.example.season import upcoming
from uit.example.town import DENDER, stable_id
from uit.services.audit import Author

OF_COURSE: Final = "Leer je eigen spel maken"
"""An event of four Saturdays."""
PRICES: Final = (CoursePrice("base", ALL, 2400), CoursePrice("kansentarief", ALL, 480))
"""All of them cost less than each by itself."""

NAMES: Final = '{"fr": "Quatre samedis", "en": "Four Saturdays"}'


async def sell_course(services: BookingServices, organisers: dict[str, UUID]) -> None:
    """Sell the dates of an event as a course; a repeat changes nothing."""
    author = Author(DENDER.region_id, "system", "example", services.clock.now(), services.ids)
    sessions = await upcoming(services, organisers, OF_COURSE)
    first = sessions[0]
    rules = CourseRules(
        stable_id("course", OF_COURSE), "Vier zaterdagen", 1, Late.SHARE, None, Leaving.TO_COME, NAMES
    )
    course = NewCourse(rules, [each.session_id for each in sessions], PRICES)
    async with services.database.transaction() as tx:
        refusal = await save_course(tx, author, first.organiser_id, first.event.id, course)
    assert refusal is None, refusal
