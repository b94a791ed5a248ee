"""At a till of the organiser somebody enrols in a course, with a pass or without."""

from uuid import uuid4

from tests.builders import World
from tests.reservations.box_office.tills import address, at_the_till, selling
from tests.reservations.box_office.with_pass.test_desk import order_page, sell_on
from tests.reservations.enrolment.world import make_course
from tests.reservations.sessions.test_desk import text_of

RECEIPT = "SELECT array_agg(amount_cents ORDER BY no) FROM credits.receipt_line"
ENROLLED = "SELECT cardinality(line_nos) FROM reservations.enrolment"


async def test_who_has_no_pass_enrols_for_cash(world: World) -> None:
    course = await make_course(world, 3, whole_cents=2500)
    drawer = await at_the_till(world, course.first)
    where, of_course = address(drawer, "verkoop", course.first.id, uuid4()), f"?reeks={course.id}"

    page = await world.client.get(where)
    answer = await world.post_form(where + of_course, **selling(1, 2500))

    assert "3 keer Yoga" in text_of(page)
    assert "€ 25,00" in text_of(page)
    assert answer.status_code == 303, text_of(answer)
    assert await world.value(RECEIPT) == [833, 833, 834]
    assert await world.value(ENROLLED) == 3


async def test_a_date_that_is_sold_by_itself_stays_so_unless_the_course_is_asked(world: World) -> None:
    course = await make_course(world, 3, choice_least=1, single_cents=1000, whole_cents=2500)
    drawer = await at_the_till(world, course.first)
    where = address(drawer, "verkoop", course.first.id, uuid4())

    single = await world.client.get(where)
    whole = await world.client.get(f"{where}?reeks={course.id}")

    assert "€ 10,00" in text_of(single)
    assert "€ 25,00" in text_of(whole)


async def test_who_shows_a_pass_is_in_order_for_all_dates(world: World) -> None:
    course, anna = await make_course(world, 3), await world.resident(5000)
    drawer = await at_the_till(world, course.first)

    page = await order_page(world, drawer, anna, course.first)
    await sell_on(world, page)
    again = await sell_on(world, page)

    assert "3 keer Yoga" in text_of(page)
    assert again.status_code == 303
    assert await world.value(ENROLLED) == 3
    assert await world.available_cents(anna) == 1000


async def test_who_changes_the_number_stays_at_the_sale_of_the_course(world: World) -> None:
    course = await make_course(world, 3, whole_cents=2500)
    drawer = await at_the_till(world, course.first)
    where, of_course = address(drawer, "verkoop", course.first.id, uuid4()), f"?reeks={course.id}"

    answer = await world.post_form(where + of_course, **{"plaatsen-base": "2"})
    page = await world.client.get(answer.headers["location"])

    assert "€ 50,00" in text_of(page)
