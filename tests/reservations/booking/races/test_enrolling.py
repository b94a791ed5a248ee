"""Many who enrol and many who book a date, at the same moment, over real connections to four apps."""

from asyncio import gather
from itertools import cycle
from typing import Any
from uuid import uuid4

import msgspec

from tests.builders import Resident, Session
from tests.reservations.booking.fleet import App, Fleet
from tests.reservations.enrolment.world import TestCourse, make_course

BY_LINES = """
SELECT count(*) AS dates, count(DISTINCT status) AS statuses FROM reservations.ticket
WHERE booking_id IN (SELECT booking_id FROM reservations.enrolment) GROUP BY booking_id
"""


def asked(who: Resident, dates: tuple[Session, ...], course: TestCourse | None) -> bytes:
    own: dict[str, Any] = {"course_id": str(course.id)} if course else {}
    lines = [{"session_id": str(each.id), "tariff": "base", "places": 1, **own} for each in dates]
    return msgspec.json.encode({"lines": lines, "pass_token": who.token})


async def put(fleet: Fleet, app: App, body: bytes) -> int:
    return (await app.wire.send(fleet.written("PUT", uuid4(), body))).status_code


async def test_who_enrols_has_every_date_or_none_however_many_book_single_ones(fleet: Fleet) -> None:
    course = await make_course(fleet.world, 5, seats=12, choice_least=1, single_cents=100, whole_cents=400)
    people = [await fleet.world.resident(credit_cents=9000) for _ in range(8)]
    await fleet.admit(course.first.organiser_id)
    turning = tuple(course.dates)
    bodies = [
        asked(people[no % 8], turning, course)
        if no % 3 == 0
        else asked(people[no % 8], (turning[no % 5], turning[(no + 2) % 5]), None)
        for no in range(72)
    ]

    statuses = await gather(
        *(put(fleet, app, body) for app, body in zip(cycle(fleet.apps), bodies, strict=False))
    )

    assert set(statuses) == {201, 409}
    left = [await fleet.world.places_left(each) for each in course.dates]
    assert min(left) >= 0
    assert 0 in left
    assert {tuple(each) for each in await fleet.world.rows(BY_LINES)} == {(5, 1)}
    assert await fleet.broken() == []
