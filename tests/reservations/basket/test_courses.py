"""A course in a basket: one line for all of its dates, booked with what stands beside it, or not at all."""

from datetime import timedelta
from typing import Any

from reservations.booking.answers import Booked
from tests.builders import Resident, World
from tests.identity.person.helpers import a_child
from tests.reservations.basket.baskets import MANDJE, fields_of, look, press, put_in
from tests.reservations.enrolment.world import WEEK, TestCourse, make_course
from tests.reservations.order.test_enrol import bookings_of, open_form

HOUR = timedelta(hours=1)
SHOWN = ("reeks", "keren", "kiest-keren", "plaatsen-", "keer-", "voor")


async def put_course_in(world: World, course: TestCourse, more: str = "", **changed: str) -> Any:
    """Press *In mandje* on the page where one enrols, with some fields filled in otherwise."""
    page, address = await open_form(world, course, more)
    assert "In mandje" in page
    answer = await world.client.get(address)
    shown = {name: value for name, value in fields_of(answer).items() if name.startswith(SHOWN)}
    ticked = {
        name: value for name, value in shown.items() if not name.startswith("keer-") or is_ticked(page, name)
    }
    fields = {name: value for name, value in {**ticked, **changed}.items() if value}
    return await world.post_form(f"{MANDJE}/{course.first.id}", **fields)


def is_ticked(page: str, name: str) -> bool:
    return "checked" in page.split(f'name="{name}"', 1)[1].split(">", 1)[0]


async def signed_in(world: World, credit_cents: int = 20_000) -> Resident:
    anna = await world.resident(credit_cents)
    await world.sign_in(anna)
    return anna


async def in_course(world: World) -> int:
    return int(await world.value("SELECT count(*) FROM reservations.enrolment"))


async def test_a_course_is_one_line_and_is_booked_with_what_is_beside_it(world: World) -> None:
    anna, course, film = await signed_in(world), await make_course(world, 5), await world.session()

    answer = await put_course_in(world, course)
    await put_in(world, film, base=1)
    shown = await look(world)
    booked = await press(world, "boek")

    assert answer.headers["location"] == MANDJE
    assert "Yoga" in shown
    assert "5 keer" in shown
    assert "€ 40,00" in shown
    assert booked.status_code == 303
    assert await bookings_of(world, anna) == [(6, 4500)]
    assert await in_course(world) == 1
    assert "Er zit niets in je mandje" in await look(world)


async def test_chosen_dates_are_booked_alone_and_can_be_chosen_anew(world: World) -> None:
    anna, course = await signed_in(world), await make_course(world, 4, choice_least=1)
    two = {f"keer-{each.id.hex}": "" for each in course.dates[2:]}

    await put_course_in(world, course, **two)
    shown = await look(world)
    await put_course_in(world, course, **{next(iter(two)): ""})
    three = await look(world)
    await press(world, "boek")

    assert "2 keer" in shown
    assert "Kies andere keren" in shown
    assert "3 keer" in three
    assert await bookings_of(world, anna) == [(3, 3000)]


async def test_a_single_date_stands_beside_a_course_of_which_it_is(world: World) -> None:
    anna, course = await signed_in(world), await make_course(world, 3, choice_least=1)

    await put_course_in(world, course)
    await put_in(world, course.first, base=2)
    shown = fields_of(await world.client.get(MANDJE))
    await press(world, f"weg:{course.id}/base")
    await press(world, "boek")

    assert len([name for name in shown if name.startswith("plaatsen-")]) == 2
    assert await bookings_of(world, anna) == [(1, 2000)]


async def test_a_child_and_who_looks_enrol_together_each_at_their_price(world: World) -> None:
    mother = await world.resident(20_000)
    lotte, course = await a_child(world, mother, credit_cents=5000), await make_course(world, 3)
    await world.sign_in(mother)

    await put_course_in(world, course, f"&voor=ik,{lotte.membership_id}")
    shown = await look(world)
    booked = await press(world, "boek")

    assert "Yoga, voor Lotte" in shown
    assert booked.status_code == 303
    assert await bookings_of(world, mother) == await bookings_of(world, lotte) == [(3, 4000)]
    assert await in_course(world) == 2


async def test_a_course_of_which_a_date_is_full_is_refused_whole_and_the_rest_is_booked(world: World) -> None:
    anna, course = await signed_in(world), await make_course(world, 3, seats=1, choice_least=1)
    film = await world.session()
    await put_course_in(world, course)
    await put_in(world, film, base=1)
    assert isinstance(await world.book(await world.resident(5000), course.dates[1]), Booked)

    shown = await look(world)
    await press(world, "boek")

    assert "Dit kan je nu niet boeken" in shown
    assert "€ 5,00" in shown
    assert await bookings_of(world, anna) == [(1, 500)]
    assert "Yoga" in await look(world)


async def test_what_was_booked_although_no_answer_came_leaves_the_basket(world: World) -> None:
    anna, course = await signed_in(world), await make_course(world, 3)
    await put_course_in(world, course)
    before = dict(world.client.cookies)
    await press(world, "boek")
    for name, value in before.items():
        world.client.cookies.set(name, value)

    again = await look(world)

    assert "Er zit niets in je mandje" in again
    assert await bookings_of(world, anna) == [(3, 4000)]


async def test_once_a_date_is_behind_the_line_is_for_what_is_to_come(world: World) -> None:
    course = await make_course(world, 5)
    world.clock.move(WEEK - HOUR)
    anna = await signed_in(world)
    await put_course_in(world, course)
    world.clock.move(HOUR)

    shown = await look(world)
    await press(world, "boek")

    assert "nog 4 keer" in shown
    assert await bookings_of(world, anna) == [(4, 3200)]


async def test_a_course_that_is_not_sold_any_more_says_so(world: World) -> None:
    anna, course = await signed_in(world), await make_course(world, 2)
    await put_course_in(world, course)
    await world.execute("DELETE FROM reservations.course_date")

    shown = await look(world)
    answer = await press(world, "boek")

    assert "Dit kan je nu niet boeken" in shown
    assert answer.status_code == 200
    assert await bookings_of(world, anna) == []


async def test_more_dates_than_a_booking_has_room_for_do_not_go_in(world: World) -> None:
    await signed_in(world)
    courses = [await make_course(world, 34) for _ in range(3)]

    answers = [await put_course_in(world, each) for each in courses]

    assert [each.status_code for each in answers] == [303, 303, 422]
    assert "Dat past niet in één boeking" in answers[-1].text


async def test_without_a_date_one_is_asked_to_choose(world: World) -> None:
    await signed_in(world)
    course = await make_course(world, 2, choice_least=1)

    answer = await put_course_in(world, course, **{f"keer-{each.id.hex}": "" for each in course.dates})
    page = await world.client.get(answer.headers["location"])

    assert "Kies minstens één keer." in page.text
    assert "Er zit niets in je mandje" in await look(world)
