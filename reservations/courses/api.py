"""API under `/api/v1/sessions/{session_id}/course`: the course that a session is a date of."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response
from msgspec import Struct

from reservations.booking.course_facts import find_courses
from reservations.booking.services import BookingServices
from reservations.courses.making import organiser_of
from reservations.enrolment.course import Course, Leaving
from reservations.errors import SessionUnknown
from uit.core.amount import Amount
from uit.identity.authentication import client_with
from uit.identity.visitor import Client
from uit.web.documented import documented
from uit.web.json_response import json_response, problem_response
from uit.web.public import BUDGETED


class CourseDateDocument(Struct, frozen=True):
    session_id: UUID
    starts_at: datetime
    ends_at: datetime


class CoursePriceDocument(Struct, frozen=True):
    """What one place on all `dates` costs now, at a tariff of those dates."""

    tariff: str
    price_cents: Amount


class CourseDocument(Struct, frozen=True):
    """`dates` can be enrolled for now; `prices` are of all of them together, empty where that is not sold.

    Who chooses some of them takes `choice_least` at the least and pays for each; null where only all are
    sold, and 1 where each is sold by itself too. `leaving`: what comes back to who cancels is of each date
    `to_come` by its own limit, or of all of them `before_start`. `names` is by language, `nl` among them.
    """

    course_id: UUID
    name: str
    names: dict[str, str]
    choice_least: int | None
    leaving: Leaving
    dates: list[CourseDateDocument]
    prices: list[CoursePriceDocument]


class CourseOfSession(Struct, frozen=True):
    """`course` is null where the session is sold by itself alone."""

    course: CourseDocument | None


@get(
    "/api/v1/sessions/{session_id:uuid}/course",
    opt={**client_with("read"), **BUDGETED},
    operation_id="getCourse",
    tags=["sessions"],
    **documented("Read the course of a session", 404, 429, 503, security_scheme="client", scope="read"),
)
async def read_course(
    session_id: FromPath[UUID],
    request: Request[Client, Any, Any],
    services: NamedDependency[BookingServices],
) -> Response[CourseOfSession]:
    """The course that a session of your organisers is a date of, and what it costs now.

    Book it with a line for each date that names the `course_id`.
    """
    client = request.user
    async with services.database.reading() as connection:
        organiser_id = await organiser_of(connection, client.region_id, session_id)
        if organiser_id not in client.organiser_ids:
            return problem_response(request, SessionUnknown(session_id))
        found = await find_courses(connection, client.region_id, [session_id])
    course = found.courses[0] if found.courses else None
    return json_response(CourseOfSession(document_of(course, services.clock.now()) if course else None))


def document_of(course: Course, now: datetime) -> CourseDocument:
    prices = [(code, course.whole_cents(code, now)) for code in course.tariffs]
    return CourseDocument(
        course.id,
        course.name,
        {"nl": course.name, **course.names},
        course.choice_least,
        course.leaving,
        [CourseDateDocument(each.session_id, each.starts_at, each.ends_at) for each in course.to_come(now)],
        [CoursePriceDocument(code, cents) for code, cents in sorted(prices) if cents is not None],
    )


ROUTES = [read_course]
