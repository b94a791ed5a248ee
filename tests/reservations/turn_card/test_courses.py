"""A card of turns whose activity is sold in courses alone: nobody could use it, so nobody buys one."""

from uuid import uuid4

import pytest

from reservations.booking.answers import Booked
from reservations.turn_card.errors import NoDateForTurns
from tests.builders import World
from tests.reservations.enrolment.world import make_course
from tests.reservations.order.test_turn_cards import open_form
from tests.reservations.sessions.test_desk import text_of
from tests.reservations.turn_card.world import buy, card_date, take
from tests.reservations.turn_card_sales.test_desk import address_of, make, sold_as

NOT_SOLD = "Deze beurtenkaart is nu niet te koop"


@pytest.mark.parametrize("choice_least", [None, 2])
async def test_who_would_buy_a_card_for_a_course_alone_is_refused(
    world: World, choice_least: int | None
) -> None:
    course, anna = await make_course(world, choice_least=choice_least), await world.resident(5000)
    card = await card_date(world, course.first)

    assert await world.book(anna, card) == NoDateForTurns(card.id)
    assert await world.available_cents(anna) == 5000


async def test_where_each_date_is_sold_by_itself_a_turn_pays_for_it(world: World) -> None:
    course, anna = await make_course(world, choice_least=1), await world.resident(5000)

    card = await buy(world, anna, await card_date(world, course.first))

    assert isinstance(await take(world, anna, course.dates[2], card), Booked)


async def test_one_date_beside_the_course_is_enough_as_long_as_it_is_on_sale(world: World) -> None:
    course, anna = await make_course(world), await world.resident(9000)
    alone = await world.session(organiser_id=course.first.organiser_id)
    card = await card_date(world, course.first, alone)
    await buy(world, anna, card)
    bilal = await world.resident(5000)

    await world.execute("UPDATE reservations.session SET status = 'cancelled' WHERE id = $1", alone.id)

    assert await world.book(bilal, card) == NoDateForTurns(card.id)


async def test_a_card_is_sold_before_there_are_dates(world: World) -> None:
    session, anna = await world.session(), await world.resident(5000)
    card = await card_date(world, session)

    await world.execute("UPDATE reservations.session SET status = 'cancelled' WHERE id = $1", session.id)

    await buy(world, anna, card)


async def test_no_page_offers_a_card_that_nobody_can_use(world: World) -> None:
    course = await make_course(world)
    card = await card_date(world, course.first)
    await world.sign_in(await world.resident(5000))

    activity = (await world.client.get(f"/dender/evenementen/{course.first.event_id}")).text
    page, _ = await open_form(world, card)

    assert str(card.event_id) not in activity
    assert NOT_SOLD in page


async def test_an_organiser_makes_no_card_that_nobody_can_use(world: World) -> None:
    course, other = await make_course(world), await make_course(world)
    await world.execute(
        "UPDATE organisers.event SET organiser_id = $1 WHERE id = $2",
        course.first.organiser_id,
        other.first.event_id,
    )
    await world.sign_in_staff("organiser", organiser_id=course.first.organiser_id)

    answer = await make(world, course.first, uuid4())

    assert answer.status_code == 409
    assert "Met deze kaart kan niemand boeken" in text_of(answer)
    assert other.first.event_id.hex not in answer.text
    assert await world.value("SELECT count(*) FROM reservations.turn_card") == 0


async def test_an_organiser_reads_that_a_card_is_not_bought_since_there_is_a_course_alone(
    world: World,
) -> None:
    course = await make_course(world, choice_least=1)
    await world.sign_in_staff("organiser", organiser_id=course.first.organiser_id)
    await make(world, course.first, uuid4())
    before = text_of(await world.client.get(address_of(course.first)))

    await world.execute("UPDATE reservations.course SET choice_least = NULL")

    after = text_of(await world.client.get(address_of(course.first)))
    assert "Nu koopt niemand deze kaart" not in before
    assert "Nu koopt niemand deze kaart" in after
    assert (await sold_as(world)).organiser_id == course.first.organiser_id
