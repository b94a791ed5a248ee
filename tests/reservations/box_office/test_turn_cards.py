"""At a till of the organiser a turn pays for who shows a pass, and the till sees no price or status."""

from uuid import uuid4

from reservations.order.turn_card_order import value_of
from tests.builders import World
from tests.reservations.box_office.tills import address, at_the_till
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
    done = await world.client.get((await sell_on(world, page)).headers["location"])

    assert "Verkocht. De beurtenkaart staat op de UiTPAS." in text_of(done)
    assert "nog 10 beurten" in text_of(done)
    assert "Druk de tickets af" not in done.text
    assert "QR-code" not in done.text
    for words in ("10 beurten, 12 maanden geldig", "Hoeveel kaarten? Beurtenkaart", "In orde"):
        assert words in text_of(page)
    assert "mrt" not in text_of(page)
    assert await world.value("SELECT count(*) FROM reservations.line WHERE session_id = $1", sold.id) == 1


async def test_a_till_sells_a_card_to_a_pass_and_to_nobody_else(world: World) -> None:
    session, anna = await world.session(), await world.resident(4000)
    sold = await card_date(world, session)
    drawer = await at_the_till(world, sold)

    without = await world.client.get(address(drawer, "verkoop"))
    by_address = await world.client.get(address(drawer, "verkoop", sold.id, uuid4()))
    scanned = await world.post_form(address(drawer, "boeking"), nummer=anna.token)
    with_pass = await world.client.get(scanned.headers["location"])

    assert str(session.id) in without.text
    assert str(sold.id) not in without.text
    assert by_address.status_code == 404
    assert "10 beurten, 12 maanden geldig" in text_of(with_pass)
    assert f"/{sold.id}/" in with_pass.text


async def test_a_card_that_somebody_has_stands_at_a_till_with_its_turns_and_is_no_date(world: World) -> None:
    session, anna = await world.session(), await world.resident(4000)
    await buy(world, anna, await card_date(world, session))
    drawer = await at_the_till(world, session)

    scanned = await world.post_form(address(drawer, "boeking"), nummer=anna.token)
    page = text_of(await world.client.get(scanned.headers["location"]))

    assert "geldig tot en met 2 maart 2027 · nog 10 beurten" in page
    assert "Wijzig" not in page
