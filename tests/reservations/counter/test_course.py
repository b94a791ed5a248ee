"""At the counter somebody is enrolled in a course, with their credit and what they pay there."""

from tests.builders import World
from tests.reservations.counter.helpers import at_the_counter, book_on, booking_of, of, order_page
from tests.reservations.counter.test_desk import a_clerks_till
from tests.reservations.enrolment.world import make_course
from tests.reservations.sessions.test_desk import text_of


async def test_a_date_that_is_sold_in_a_course_leads_to_all_of_it(world: World) -> None:
    course, anna = await make_course(world, 4), await world.resident(credit_cents=5000)
    await at_the_counter(world, anna)
    page = await order_page(world, anna, course.first)

    answer = await book_on(world, page, reeks=str(course.id))

    assert "Yoga" in text_of(page)
    assert "€ 40,00" in text_of(page)
    assert answer.headers["location"] == of(anna, "boekingen", booking_of(page))
    assert await world.available_cents(anna) == 1000
    assert await world.value("SELECT count(*) FROM reservations.enrolment") == 1


async def test_what_credit_does_not_pay_is_taken_at_the_till_and_the_receipt_names_each_date(
    world: World,
) -> None:
    course, anna = await make_course(world, 3, whole_cents=2500), await world.resident(credit_cents=1000)
    await a_clerks_till(world, anna, course.first)
    page = await order_page(world, anna, course.first, reeks=str(course.id))

    answer = await book_on(world, page, way="cash")

    assert "Ontvangen: € 15,00, en boek" in text_of(page)
    assert answer.headers["location"] == of(anna, "boekingen", booking_of(page))
    lines = await world.rows(
        "SELECT booking_line_no, amount_cents, words FROM credits.receipt_line ORDER BY no"
    )
    assert [(each[0], each[1]) for each in lines] == [(1, 833), (2, 833), (3, 834)]
    assert lines[0]["words"] == "Yoga · ma 9\N{NO-BREAK SPACE}mrt"


async def test_some_dates_are_chosen_at_the_counter_and_their_total_comes_first(world: World) -> None:
    course, anna = await make_course(world, 4, choice_least=2), await world.resident(credit_cents=5000)
    await at_the_counter(world, anna)
    page = await order_page(world, anna, course.first, reeks=str(course.id))
    two = {f"keer-{each.id.hex}": "true" for each in course.dates[:2]}

    first = await book_on(world, page, reeks=str(course.id), **{"kiest-keren": "ja"}, **two)
    chosen = {"reeks": str(course.id), "keren": ",".join(str(each.id) for each in course.dates[:2])}
    seen = await order_page(world, anna, course.first, **chosen)
    await book_on(world, seen, **chosen)

    assert first.status_code == 200
    assert "€ 20,00" in text_of(first)
    assert await world.available_cents(anna) == 3000
