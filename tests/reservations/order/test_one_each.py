"""Who has their place at a price that is one each, and opens the page of that date again."""

import re
from datetime import date
from typing import Any

from reservations.booking.answers import Booked
from tests.builders import Resident, Session, World
from tests.reservations.order.test_tariffs import fields_in, order_page
from tests.reservations.sessions.test_desk import text_of

SOCIAL = "kansentarief"
HAS_IT = "die plaats heb je al"


async def stage(world: World) -> tuple[Session, Resident]:
    return await world.session(), await world.resident(credit_cents=5000, social_until=date(2030, 1, 1))


def value_of(page: Any, field: str) -> str:
    return str(re.findall(rf'name="{field}"[^>]*value="([^"]*)"', page.text)[0])


async def test_the_page_begins_with_the_next_price_and_says_why(world: World) -> None:
    session, anna = await stage(world)
    before = await order_page(world, session, anna)
    await world.book(anna, session, tariff=SOCIAL)

    page = await order_page(world, session)

    assert value_of(before, f"plaatsen-{SOCIAL}") == "1"
    assert HAS_IT not in text_of(before)
    assert fields_in(page) == ["plaatsen-base"]
    assert value_of(page, "plaatsen-base") == "1"
    assert HAS_IT in text_of(page)
    assert "Eén plaats voor deze prijs" not in page.text
    assert 'value="boek"' in page.text


async def test_a_companion_can_be_booked_from_there(world: World) -> None:
    session, anna = await stage(world)
    await world.book(anna, session, tariff=SOCIAL)
    page = await order_page(world, session, anna)

    answer = await world.post_form(
        page.url.path, **{"plaatsen-base": "1"}, stap="boek", gezien=value_of(page, "gezien")
    )

    assert answer.status_code == 303
    assert await world.places_left(session) == 8


async def test_who_gave_it_up_begins_with_it_again(world: World) -> None:
    session, anna = await stage(world)
    made = await world.book(anna, session, tariff=SOCIAL)
    assert isinstance(made, Booked)
    await world.cancel(made.booking.id)

    page = await order_page(world, session, anna)

    assert value_of(page, f"plaatsen-{SOCIAL}") == "1"
    assert HAS_IT not in text_of(page)


async def test_where_there_is_no_other_price_the_page_says_only_that(world: World) -> None:
    session, anna = await stage(world)
    await world.book(anna, session, tariff=SOCIAL)
    await world.execute("UPDATE reservations.tariff SET active = false WHERE code = 'base'")

    page = await order_page(world, session, anna)

    assert fields_in(page) == []
    assert HAS_IT in text_of(page)
    assert "Hier is geen prijs voor jou" not in page.text


async def test_another_date_and_another_member_begin_with_it(world: World) -> None:
    session, anna = await stage(world)
    other, bilal = await stage(world)
    await world.book(anna, session, tariff=SOCIAL)

    pages = [await order_page(world, other, anna), await order_page(world, session, bilal)]

    assert [value_of(page, f"plaatsen-{SOCIAL}") for page in pages] == ["1", "1"]


async def test_a_basket_begins_with_the_next_price_too(world: World) -> None:
    session, anna = await stage(world)
    await world.book(anna, session, tariff=SOCIAL)
    await world.sign_in(anna)

    await world.post_form(f"/dender/mandje/{session.id}")
    basket = await world.client.get("/dender/mandje")

    assert f"{session.id}/base" in basket.text
    assert SOCIAL not in basket.text


async def test_a_page_of_before_is_refused_in_words_and_goes_on_without_it(world: World) -> None:
    session, anna = await stage(world)
    page = await order_page(world, session, anna)
    seen = value_of(page, "gezien")
    await world.book(anna, session, tariff=SOCIAL)

    again = await world.post_form(page.url.path, **{f"plaatsen-{SOCIAL}": "1"}, stap="boek", gezien=seen)

    assert again.status_code == 409
    assert "Eén plaats voor deze prijs" in again.text
    assert fields_in(again) == ["plaatsen-base"]
