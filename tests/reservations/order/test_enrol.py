"""Enrolling on pages: the activity shows its course first, and one form books all of its dates."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from reservations.enrolment.errors import CourseUnknown
from reservations.order.course_order import read_course_order
from tests.builders import Resident, World
from tests.reservations.catalogue.test_event import plain
from tests.reservations.enrolment.world import WEEK, TestCourse, enrolled, make_course
from uit.core.errors import RefusalError

HIDDEN = re.compile(r'<input type="hidden" name="(gezien|reeks|keren|kiest-keren)" value="([^"]*)"')
CHECKED = re.compile(r'name="(keer-[0-9a-f]{32})"[^>]*checked')


async def activity(world: World, course: TestCourse) -> str:
    return str((await world.client.get(f"/dender/evenementen/{course.first.event_id}")).text)


async def open_form(world: World, course: TestCourse, more: str = "", first: int = 0) -> tuple[str, str]:
    """The form to enrol, and where it is."""
    begin = f"/dender/sessies/{course.dates[first].id}/boeken?reeks={course.id}{more}"
    address = (await world.client.get(begin)).headers["location"]
    return str((await world.client.get(address)).text), address


def fields_in(page: str) -> dict[str, str]:
    ticked = dict.fromkeys(CHECKED.findall(page), "true")
    return {name: unescape(value) for name, value in HIDDEN.findall(page)} | ticked


async def send(world: World, page: str, address: str, **more: str) -> Any:
    fields = fields_in(page) | {"stap": "boek", "plaatsen-base": "1"} | more
    return await world.post_form(address.partition("?")[0], **fields)


async def bookings_of(world: World, who: Resident) -> list[tuple[int, int]]:
    """The numbers of dates and the price of each booking."""
    found = await world.rows(
        "SELECT count(*) AS dates, sum(price_cents) AS cents FROM reservations.line WHERE holder_id = $1"
        " GROUP BY booking_id",
        who.membership_id,
    )
    return [(each["dates"], each["cents"]) for each in found]


async def test_the_page_of_an_activity_shows_its_course_and_not_a_single_date(world: World) -> None:
    course = await make_course(world, 10, whole_cents=8000)

    page = await activity(world, course)

    assert "Yoga 10 keer" in plain(page)
    assert "€ 80,00" in plain(page)
    assert "Schrijf in voor alle 10 keer" in plain(page)
    assert "Kies zelf keren" not in page
    assert "Boek je plaats" not in page


async def test_the_page_of_an_activity_shows_each_of_its_courses(world: World) -> None:
    courses = [await make_course(world, 2) for _ in range(6)]
    for table in ("session", "course"):
        await world.execute(f"UPDATE reservations.{table} SET event_id = $1", courses[0].first.event_id)

    page = await activity(world, courses[0])

    assert page.count("?reeks=") == 6


async def test_where_dates_are_sold_too_one_can_choose(world: World) -> None:
    course = await make_course(world, 4, choice_least=1)

    page = await activity(world, course)

    assert "Kies zelf keren" in page
    assert "Boek je plaats" in page


async def test_a_course_that_is_full_on_one_date_says_so(world: World) -> None:
    course, anna = await make_course(world, 3, seats=1), await world.resident(5000)
    await enrolled(world, anna, course)

    page = await activity(world, course)

    assert "alle plaatsen weg" in page
    assert "Schrijf in voor" not in page


async def test_a_resident_enrols_for_all_dates_with_credit(world: World) -> None:
    course, anna = await make_course(world, 5), await world.resident(5000)
    await world.sign_in(anna)
    page, address = await open_form(world, course)

    answer = await send(world, page, address)

    assert "€ 40,00" in plain(page)
    assert answer.status_code == 303, plain(answer.text)
    assert await bookings_of(world, anna) == [(5, 4000)]


async def test_who_chooses_dates_sees_the_total_of_those_before_they_are_booked(world: World) -> None:
    course, anna = await make_course(world, 5, choice_least=1), await world.resident(5000)
    await world.sign_in(anna)
    page, address = await open_form(world, course)
    two = dict.fromkeys([f"keer-{each.id.hex}" for each in course.dates[2:]], "")

    unseen = await send(world, page, address, **two)
    total = str((await world.client.get(unseen.headers["location"])).text)
    answer = await send(world, total, address)

    assert unseen.status_code == 303
    assert await bookings_of(world, anna) == [(2, 2000)], plain(answer.text)


async def test_at_a_price_left_empty_all_dates_are_paid_one_by_one_and_the_page_says_so(world: World) -> None:
    """Who takes all of them so has single dates: each is given up by itself."""
    course = await make_course(world, 4, choice_least=1)
    await world.execute("DELETE FROM reservations.course_price WHERE tariff_code = 'base'")
    who = await world.resident(10_000)
    await world.sign_in(who)

    page, address = await open_form(world, course)
    await send(world, page, address)

    assert "€ 40,00 · elke keer aan haar eigen prijs" in plain(page)
    assert await bookings_of(world, who) == [(4, 4000)]
    assert not await world.rows("SELECT 1 FROM reservations.enrolment")


async def test_without_a_date_nothing_is_booked(world: World) -> None:
    course, anna = await make_course(world, 3, choice_least=1), await world.resident(5000)
    await world.sign_in(anna)
    page, address = await open_form(world, course)

    answer = await send(world, page, address, **{f"keer-{each.id.hex}": "" for each in course.dates})

    assert answer.status_code == 422
    assert "Kies minstens één keer." in plain(answer.text)
    assert await bookings_of(world, anna) == []


async def test_a_guest_enrols_and_pays_at_the_desk(world: World) -> None:
    course = await make_course(world, 3)
    await world.seller(course.first.organiser_id, desk_hours=48)
    page, address = await open_form(world, course)

    answer = await send(world, page, address, betaal="desk", naam="Lies", email="lies@example.org")

    assert answer.status_code == 303, plain(answer.text)
    assert await world.value("SELECT count(*) FROM reservations.ticket WHERE status = 'held'") == 3


async def test_once_it_has_begun_the_page_says_what_is_left_and_what_it_costs(world: World) -> None:
    course, anna = await make_course(world, 5), await world.resident(5000)
    world.clock.move(WEEK)
    await world.sign_in(anna)

    page = await activity(world, course)
    form, address = await open_form(world, course, first=1)
    answer = await send(world, form, address)

    assert "Schrijf in voor de 4 keer die nog komen" in plain(page)
    assert answer.status_code == 303, plain(answer.text)
    assert await bookings_of(world, anna) == [(4, 3200)]


@pytest.mark.parametrize("reeks", ["", "weg", "0198c0de-0000-7000-8000-000000000000"])
async def test_a_course_that_is_not_there_is_said_so(world: World, reeks: str) -> None:
    course = await make_course(world, 2)
    address = f"/dender/sessies/{course.first.id}/boeken/{course.id}?reeks={reeks}"

    answer = await world.client.get(address)

    assert answer.status_code == 404


async def test_a_course_that_is_no_id_is_unknown_and_not_another(world: World) -> None:
    course = await make_course(world, 2)

    async with world.services.database.reading() as tx:
        with pytest.raises(RefusalError) as refused:
            await read_course_order(tx, 1, course.first.id, {"reeks": "weg"}, world.clock.now())

    assert refused.value.refusal == CourseUnknown(None)


async def test_a_course_that_is_over_takes_nobody(world: World) -> None:
    course = await make_course(world, 2)
    world.clock.move(WEEK * 3 - timedelta(days=1))

    answer = await world.client.get(
        f"/dender/sessies/{course.dates[1].id}/boeken/{course.id}?reeks={course.id}"
    )

    assert answer.status_code == 409


async def test_the_agenda_says_no_price_of_a_date_that_is_not_sold_by_itself(world: World) -> None:
    course = await make_course(world, 2)
    await world.session(price_cents=700)

    page = plain((await world.client.get("/dender/agenda")).text)

    assert page.count("in een cursus") == len(course.dates)
    assert "€ 7,00" in page
    assert "€ 10,00" not in page
