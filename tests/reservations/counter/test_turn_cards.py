"""At the counter a card of turns is sold for credit and cash, and a place is booked with a turn of it."""

import re

from reservations.order.turn_card_order import value_of
from tests.builders import World
from tests.reservations.counter.helpers import at_the_counter, book_on, booking_of, of, order_page
from tests.reservations.counter.test_desk import a_clerks_till
from tests.reservations.sessions.test_desk import text_of
from tests.reservations.turn_card.world import buy, card_date, take, turns_left


async def test_a_turn_pays_for_a_place_once_however_often_the_form_is_sent(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, session, turns=2))
    await at_the_counter(world, anna)
    page = await order_page(world, anna, session)
    shown = {"beurtenkaart": value_of(card), "beurtenkaart-getoond": value_of(card)}

    answer = await book_on(world, page, **shown)
    again = await book_on(world, page, **shown)

    assert "Met de beurtenkaart: nog 2 beurten" in text_of(page)
    assert answer.headers["location"] == of(anna, "boekingen", booking_of(page))
    assert again.headers["location"] == answer.headers["location"]
    assert await turns_left(world, card) == 1


async def test_a_date_leads_to_the_card_that_is_for_it(world: World) -> None:
    session, other, anna = await world.session(), await world.session(), await world.resident()
    sold = await card_date(world, session)
    await at_the_counter(world, anna)
    page, elsewhere = await order_page(world, anna, session), await order_page(world, anna, other)

    leads_to = re.search(rf'href="({of(anna, "boeken", sold.id)}/[^"]+)"', page.text)
    assert leads_to
    assert "Hoeveel kaarten?" in text_of(await world.client.get(leads_to[1]))
    assert str(sold.id) not in elsewhere.text


async def test_a_card_is_sold_for_credit_and_cash(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=1000)
    sold = await card_date(world, session)
    await a_clerks_till(world, anna, sold)
    page = await order_page(world, anna, sold)

    answer = await book_on(world, page, way="cash")

    assert "Ontvangen: € 30,00, en boek" in text_of(page)
    assert answer.headers["location"] == of(anna, "boekingen", booking_of(page))
    assert await world.value("SELECT sum(amount_cents) FROM credits.receipt_line") == 4000


async def test_the_receipt_of_who_comes_along_has_no_amount_for_the_turn(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, session))
    await world.tariff(session, "kind", 300)
    await a_clerks_till(world, anna, session)
    both = {"plaatsen-base": "1", "plaatsen-kind": "1"}
    page = await order_page(world, anna, session, **both)
    shown = {"beurtenkaart": value_of(card), "beurtenkaart-getoond": value_of(card)}

    answer = await book_on(world, page, way="cash", **both, **shown)

    assert answer.headers["location"] == of(anna, "boekingen", booking_of(page)), text_of(answer)
    assert "Ontvangen: € 3,00, en boek" in text_of(page)
    assert await world.value("SELECT sum(amount_cents) FROM credits.receipt_line") == 300
    assert await turns_left(world, card) == 9


async def test_a_clerk_sees_what_is_left_of_a_card_and_prints_no_ticket_of_it(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, session))
    await take(world, anna, session, card)
    await at_the_counter(world, anna)

    listed = text_of(await world.client.get(of(anna, "boekingen")))
    page = text_of(await world.client.get(of(anna, "boekingen", card.booking_id)))

    assert "nog 9 beurten" in listed
    assert "Beurten nog 9 beurten" in page
    assert "Geldig tot en met 2 maart 2027" in page
    assert "Druk af" not in page
    assert "Wijzigen" not in page
