"""A program finds the course of a session, what it costs, and enrols in it."""

from typing import Any
from uuid import uuid4

import pytest

from tests.builders import Resident, World
from tests.reservations.enrolment.world import WEEK, TestCourse, make_course


def lines(course: TestCourse, dates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"session_id": each["session_id"], "tariff": "base", "places": 1, "course_id": str(course.id)}
        for each in dates
    ]


async def found(world: World, course: TestCourse, headers: dict[str, str]) -> Any:
    return await world.client.get(f"/api/v1/sessions/{course.first.id}/course", headers=headers)


async def put(world: World, anna: Resident, asked: list[dict[str, Any]], headers: dict[str, str]) -> Any:
    body = {"lines": asked, "pass_token": anna.token}
    return await world.client.put(f"/api/v1/bookings/{uuid4()}", json=body, headers=headers)


async def test_a_program_enrols_by_what_it_read(world: World) -> None:
    course, anna = await make_course(world, 4), await world.resident(5000)
    headers = await world.api_client(course.first.organiser_id)
    read = (await found(world, course, headers)).json()["course"]
    asked = lines(course, read["dates"])

    quoted = await world.client.post(
        "/api/v1/quotes", json={"lines": asked, "pass_token": anna.token}, headers=headers
    )
    made = await put(world, anna, asked, headers)

    assert (read["course_id"], read["choice_least"]) == (str(course.id), None)
    assert read["prices"][0] == {"tariff": "base", "price_cents": 4000}
    assert quoted.json()["price_cents"] == 4000
    assert made.status_code == 201, made.text
    assert [line["price_cents"] for line in made.json()["lines"]] == [1000] * 4


async def test_late_it_reads_what_is_left(world: World) -> None:
    course = await make_course(world, 4)
    world.clock.move(WEEK)
    headers = await world.api_client(course.first.organiser_id)

    read = (await found(world, course, headers)).json()["course"]

    assert len(read["dates"]) == 3
    assert read["prices"][0]["price_cents"] == 3000


async def test_a_quote_of_some_dates_says_what_a_booking_would(world: World) -> None:
    course, anna = await make_course(world, 4), await world.resident(5000)
    headers = await world.api_client(course.first.organiser_id)
    asked = lines(course, [{"session_id": str(each.id)} for each in course.dates[:2]])

    quoted = await world.client.post(
        "/api/v1/quotes", json={"lines": asked, "pass_token": anna.token}, headers=headers
    )
    made = await put(world, anna, asked, headers)
    single = await put(world, anna, lines_without(asked), headers)

    codes = {line["refusal"]["code"] for line in quoted.json()["lines"]}
    assert codes == {"reservations.not_all_of_course"}
    assert made.json()["code"] == "reservations.not_all_of_course"
    assert single.json()["code"] == "reservations.only_in_course"


def lines_without(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in line.items() if name != "course_id"} for line in asked]


async def test_a_session_by_itself_has_none_and_that_of_another_is_not_there(world: World) -> None:
    course, session = await make_course(world, 2), await world.session()
    headers = await world.api_client(session.organiser_id)

    own = await world.client.get(f"/api/v1/sessions/{session.id}/course", headers=headers)

    assert own.json() == {"course": None}
    assert (await found(world, course, headers)).status_code == 404


@pytest.mark.parametrize(("choice_least", "is_alone"), [(None, False), (2, False), (1, True)])
async def test_the_list_of_sessions_says_which_are_sold_in_a_course_alone(
    world: World, choice_least: int | None, *, is_alone: bool
) -> None:
    course = await make_course(world, 2, choice_least=choice_least)
    headers = await world.api_client(course.first.organiser_id)

    listed = (await world.client.get("/api/v1/sessions", headers=headers)).json()["sessions"]

    assert [each["only_in_course"] for each in listed] == [None if is_alone else str(course.id)] * 2
