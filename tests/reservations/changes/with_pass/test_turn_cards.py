"""At a till a turn pays for what a change adds, where who shows the pass has a card and says so."""

from uuid import uuid4

from reservations.order.turn_card_order import value_of
from tests.builders import World
from tests.reservations.box_office.tills import at_the_till
from tests.reservations.changes.till.test_desk import next_day
from tests.reservations.changes.with_pass.test_desk import change_page_of, send
from tests.reservations.dates import faults
from tests.reservations.sessions.test_desk import text_of
from tests.reservations.turn_card.world import buy, card_date, turns_left, with_turn


async def test_a_turn_pays_for_another_date_where_the_till_chooses_the_card(world: World) -> None:
    anna, session = await world.resident(5000), await world.session(price_cents=500)
    other = await next_day(world, session, 500)
    card, booking_id = await buy(world, anna, await card_date(world, session)), uuid4()
    await world.book(anna, session, booking_id=booking_id)
    drawer, before = await at_the_till(world, session), await world.available_cents(anna)
    asked = {"stap": "bekijk", "naar": other.id, "plaatsen-1": 1}

    offered = await change_page_of(world, drawer, anna, booking_id, **asked)
    page = await change_page_of(world, drawer, anna, booking_id, **asked, beurtenkaart=value_of(card))
    answers = [await send(world, page) for _ in range(2)]

    assert "Zonder beurtenkaart" in text_of(offered)
    assert "van de beurtenkaart af" not in text_of(offered)
    assert "In orde" in text_of(page)
    assert "Er gaat 1 beurt van de beurtenkaart af." in text_of(page)
    assert [each.status_code for each in answers] == [303, 303]
    assert await turns_left(world, card) == 9
    assert await world.available_cents(anna) == before + 500
    assert await faults(world) == []


async def test_a_turn_goes_along_to_another_date_at_a_till(world: World) -> None:
    anna, session = await world.resident(5000), await world.session(price_cents=500)
    other = await next_day(world, session, 500)
    card = await buy(world, anna, await card_date(world, session))
    command = with_turn(world, anna, session, card)
    await world.services.turnstile.answer(command)
    drawer, before = await at_the_till(world, session), await world.available_cents(anna)
    asked = {"stap": "bekijk", "naar": other.id, "plaatsen-1": 1}

    page = await change_page_of(world, drawer, anna, command.booking_id, **asked)
    await send(world, page)

    assert "In orde" in text_of(page)
    assert await world.places_left(other) == 9
    assert await turns_left(world, card) == 9
    assert await world.available_cents(anna) == before
