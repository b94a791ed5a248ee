"""Prices for several people, for a group and for an age, on the page where one books."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from tests.builders import Resident, Session, World
from tests.reservations.conditions import ask
from tests.reservations.sessions.test_desk import text_of

A_CHILD = date(2018, 6, 1)


async def order_page(world: World, session: Session, who: Resident | None = None) -> Any:
    if who:
        await world.sign_in(who)
    return await world.client.get(f"/dender/sessies/{session.id}/boeken/{uuid4()}")


def fields_in(page: Any) -> list[str]:
    """The names of the numbers that one fills in."""
    return re.findall(r'name="(plaatsen-[^"]+)"', page.text)


async def test_a_family_ticket_says_how_many_places_it_takes_and_takes_them(world: World) -> None:
    session, anna = await world.session(seats=10), await world.resident(credit_cents=5000)
    await world.tariff(session, "gezin", 2400, name="Gezin (2 volwassenen + 2 kinderen)", weight=4)
    page = await order_page(world, session, anna)
    typed = {"plaatsen-gezin": "1", "plaatsen-base": "0"}
    shown = await world.client.get(f"{page.url.path}?plaatsen-gezin=1")
    seen = re.findall(r'name="gezien"\s+value="([^"]+)"', shown.text)[0]

    await world.post_form(page.url.path, **typed, stap="boek", gezien=seen)

    assert "€ 24,00 · neemt 4 plaatsen" in text_of(page)
    assert await world.places_left(session) == 6


async def test_a_page_offers_no_more_families_than_fit(world: World) -> None:
    session = await world.session(seats=10)
    await world.tariff(session, "gezin", 2400, weight=4)

    page = await order_page(world, session, await world.resident(credit_cents=5000))
    two = await world.client.get(f"{page.url.path}?plaatsen-gezin=2")
    three = await world.client.get(f"{page.url.path}?plaatsen-gezin=3")

    assert "niet genoeg plaatsen" not in two.text
    assert "Er zijn nog 10 plaatsen. Je vroeg er 12." in three.text


async def test_a_price_for_a_group_starts_at_its_lowest_number_and_says_so(world: World) -> None:
    session, anna = await world.session(seats=60), await world.resident(credit_cents=5000)
    await world.execute("UPDATE reservations.tariff SET least = 25, name = 'Groep' WHERE code = 'base'")

    page = await order_page(world, session, anna)
    too_few = await world.client.get(f"{page.url.path}?plaatsen-base=24")

    assert re.search(r'name="plaatsen-base"[^>]*value="25"', page.text)
    assert "vanaf 25 plaatsen" in text_of(page)
    assert "Deze prijs geldt vanaf 25 plaatsen." in text_of(too_few)


async def test_a_group_may_be_larger_than_its_price_asks(world: World) -> None:
    session, anna = await world.session(seats=60), await world.resident(credit_cents=5000)
    await world.tariff(session, "groep", 100, name="Groep", least=25)
    page = await order_page(world, session, anna)
    shown = await world.client.get(f"{page.url.path}?plaatsen-groep=30")
    seen = re.findall(r'name="gezien"\s+value="([^"]+)"', shown.text)[0]

    await world.post_form(page.url.path, **{"plaatsen-groep": "30"}, stap="boek", gezien=seen)

    assert await world.places_left(session) == 30


async def test_a_mother_of_two_sees_what_the_price_for_children_asks(world: World) -> None:
    session = await world.session()
    await world.tariff(session, "kind", 300, name="Kind 3-12 jaar", age_from=3, age_to=12)

    page = await order_page(world, session, await world.resident(credit_cents=5000))

    alone = await world.client.get(f"{page.url.path}?plaatsen-base=0&plaatsen-kind=1")
    beside = await world.client.get(f"{page.url.path}?plaatsen-base=1&plaatsen-kind=1")

    assert fields_in(page) == ["plaatsen-base", "plaatsen-kind"]
    hint = "€ 3,00 · van 3 tot en met 12 jaar · voor wie meekomt: toon de leeftijd aan de deur"
    assert hint in text_of(page)
    assert re.search(r'name="plaatsen-kind"[^>]*value="0"', page.text)
    assert "Neem er dan ook een plaats bij voor jezelf" in text_of(alone)
    assert "Deze prijs is voor anderen" not in text_of(beside)
    assert "Bevestig" in text_of(beside)


async def test_a_child_has_the_price_for_children_with_its_own_pass(world: World) -> None:
    session = await world.session()
    await world.tariff(session, "kind", 300, name="Kind 3-12 jaar", age_from=3, age_to=12)

    page = await order_page(world, session, await world.resident(credit_cents=5000, born_on=A_CHILD))

    assert fields_in(page) == ["plaatsen-base", "plaatsen-kind"]
    assert re.search(r'name="plaatsen-kind"[^>]*value="1"', page.text)
    assert "van 3 tot en met 12 jaar · wie meekomt, toont de leeftijd aan de deur" in text_of(page)


async def test_a_guest_chooses_a_price_for_an_age_and_is_told_that_the_door_looks_at_it(world: World) -> None:
    session = await world.session()
    await world.tariff(session, "senior", 300, name="65+", age_from=65)

    page = await order_page(world, session)

    assert fields_in(page) == ["plaatsen-base", "plaatsen-senior"]
    assert "vanaf 65 jaar · toon je leeftijd aan de deur" in text_of(page)


@pytest.mark.parametrize("is_member", [True, False])
async def test_a_price_for_who_shows_a_card_is_chosen_by_nobody_else(world: World, is_member: bool) -> None:  # noqa: FBT001
    session = await world.session(price_cents=1000)
    await world.tariff(session, "lid", 300, name="Lid", rank=0)
    await ask(world, session, "lid", for_members=is_member, shows="Toon je lidkaart")
    who = await world.resident(credit_cents=5000) if is_member else None

    page = await order_page(world, session, who)

    assert "Toon je lidkaart" in text_of(page)
    assert re.search(r'name="plaatsen-base"[^>]*value="1"', page.text)
    assert re.search(r'name="plaatsen-lid"[^>]*value="0"', page.text)


async def test_where_there_is_no_other_price_than_for_who_shows_a_card_nothing_is_chosen(
    world: World,
) -> None:
    session = await world.session(price_cents=1000)
    await ask(world, session, "base", shows="Toon je lidkaart")

    page = await order_page(world, session)

    assert re.search(r'name="plaatsen-base"[^>]*value="0"', page.text)
    assert page.status_code == 200


async def test_where_all_prices_are_for_a_year_of_birth_a_parent_reads_which(world: World) -> None:
    session = await world.session()
    await world.execute("UPDATE reservations.tariff SET born_from = '2018-01-01', born_to = '2018-12-31'")

    page = await order_page(world, session, await world.resident(credit_cents=5000))

    assert "Hier is geen prijs voor jou" in text_of(page)
    assert "geboren in 2018 Dit vraagt de pas van je kind." in text_of(page)
