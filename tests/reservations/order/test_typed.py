"""What was typed on the page of an order is still there, whatever was pressed and whoever left meanwhile."""

import re
from html import unescape
from typing import Any
from uuid import uuid4

from tests.builders import World

NAMED = {"naam": "Mieke Wouters", "email": "mieke@example.org"}


def value_of(page: Any, name: str) -> str | None:
    """What a field holds; None where the page has no such field."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page.text)
    return unescape(found[1]) if found else None


async def address(world: World) -> str:
    session = await world.session()
    await world.seller(session.organiser_id, account="")
    return f"/dender/sessies/{session.id}/boeken/{uuid4()}"


async def test_a_guest_who_reckons_anew_need_not_type_their_name_again(world: World) -> None:
    page = await world.post_form(await address(world), stap="kijk", **{"plaatsen-base": "2"}, **NAMED)

    assert page.status_code == 200
    assert {name: value_of(page, name) for name in NAMED} == NAMED
    assert value_of(page, "plaatsen-base") == "2"


async def test_a_number_that_is_none_loses_nothing_of_a_guest(world: World) -> None:
    where = await address(world)

    page = await world.post_form(where, stap="boek", **{"plaatsen-base": "twee"}, **NAMED)

    assert page.status_code == 422
    assert value_of(page, "plaatsen-base") == "twee"
    assert {name: value_of(page, name) for name in NAMED} == NAMED


async def test_what_is_wrong_leads_to_fields_that_the_page_has(world: World) -> None:
    """Who books is asked below a total: without one, its fields are not there to go to."""
    page = await world.post_form(await address(world), stap="boek", **{"plaatsen-base": "twee"})

    asked = re.findall(r'<a href="#([^"]+)">', page.text)
    assert "plaatsen-base" in asked
    assert {each for each in asked if f'id="{each}"' not in page.text} == set()


async def test_who_signed_out_meanwhile_signs_in_and_finds_the_numbers_again(world: World) -> None:
    where, anna = await address(world), await world.resident(credit_cents=5000)
    await world.sign_in(anna)
    page = await world.client.get(where)
    world.client.cookies.clear()

    world.client.headers["Sec-Fetch-Site"] = "same-origin"
    typed = {"plaatsen-base": "3", "voor_lid": value_of(page, "voor_lid")}
    answer = await world.post_form(where, stap="boek", **typed)
    await world.sign_in(anna)
    again = await world.client.get(where)

    assert answer.headers["location"].startswith("/aanmelden?next=%2Fdender%2Fsessies%2F")
    assert value_of(again, "plaatsen-base") == "3"
    assert await world.value("SELECT count(*) FROM reservations.booking") == 0
