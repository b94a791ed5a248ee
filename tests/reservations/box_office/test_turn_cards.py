"""At a till of the organiser a turn pays for who shows a pass, and the till sees no price or status."""

from reservations.order.turn_card_order import value_of
from tests.builders import World
from tests.reservations.box_office.tills import at_the_till
from tests.reservations.box_office.with_pass.test_desk import order_page, sell_on
from tests.reservations.sessions.test_desk import text_of
from tests.reservations.turn_card.world import buy, card_date, turns_left


async def test_who_shows_a_pass_is_in_order_with_a_turn(world: World) -> None:
    session, anna = await world.session(), await world.resident(4000)
    card = await buy(world, anna, await card_date(world, session))
    drawer = await at_the_till(world, session)

    page = await order_page(world, drawer, anna, session)
    shown = {"beurtenkaart": value_of(card), "beurtenkaart-getoond": value_of(card)}
    await sell_on(world, page, **shown)
    again = await sell_on(world, page, **shown)

    assert "nog 10 beurten" in text_of(page)
    assert "In orde" in text_of(page)
    assert again.status_code == 303
    assert await turns_left(world, card) == 9


async def test_a_card_is_sold_to_who_shows_a_pass(world: World) -> None:
    session, anna = await world.session(), await world.resident(4000)
    sold = await card_date(world, session)
    drawer = await at_the_till(world, sold)

    page = await order_page(world, drawer, anna, sold)
    await sell_on(world, page)

    assert "In orde" in text_of(page)
    assert await world.value("SELECT count(*) FROM reservations.line WHERE session_id = $1", sold.id) == 1
