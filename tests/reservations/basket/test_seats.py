"""Numbered seats in a basket: the best that are free, or those that one chose, of several dates."""

import re
from html import unescape

from tests.builders import World
from tests.reservations.basket.baskets import MANDJE, look, press, put_in
from tests.reservations.seats.world import block, seated, seats_taken


async def test_a_basket_says_which_seats_are_best_of_each_date(world: World) -> None:
    first, second = await seated(world, best_row="A"), await seated(world, best_row="B")
    await put_in(world, first, second, base=2)

    page = await look(world)

    assert "De beste die vrij zijn: rij A, stoel 3 en 4." in page
    assert "De beste die vrij zijn: rij B, stoel 3 en 4." in page


async def test_seats_that_were_chosen_go_into_the_basket_and_are_booked(world: World) -> None:
    session, anna = await seated(world), await world.resident(credit_cents=5000)
    await world.sign_in(anna)
    await world.post_form(f"{MANDJE}/{session.id}", **{"plaatsen-base": 2, "stoelen": "C-5,C-6"})

    page = await look(world)
    await press(world, "boek")

    assert "Je koos rij C, stoel 5 en 6." in page
    assert await seats_taken(world, session) == ["C-5", "C-6"]


async def test_the_basket_leads_to_the_hall_with_the_numbers_of_its_lines(world: World) -> None:
    session, anna = await seated(world), await world.resident(credit_cents=5000)
    await world.sign_in(anna)
    await put_in(world, session, base=2)

    link = re.search(r'href="([^"]+stap=stoelen)"', (await world.client.get(MANDJE)).text)
    assert link
    hall = await world.client.get(unescape(link[1]), follow_redirects=True)

    assert "Kies 2 stoelen" in hall.text


async def test_another_number_of_places_lets_go_of_the_seats_that_were_chosen(world: World) -> None:
    session, anna = await seated(world, best_row="B"), await world.resident(credit_cents=5000)
    await world.sign_in(anna)
    await world.post_form(f"{MANDJE}/{session.id}", **{"plaatsen-base": 2, "stoelen": "C-5,C-6"})

    await press(world, "kijk", **{f"plaatsen-{session.id}-base": 3})

    assert "Je koos" not in await look(world)


async def test_a_chosen_seat_that_is_gone_is_said_beside_its_line(world: World) -> None:
    session, anna = await seated(world), await world.resident(credit_cents=5000)
    await world.sign_in(anna)
    await world.post_form(f"{MANDJE}/{session.id}", **{"plaatsen-base": 1, "stoelen": "A-1"})
    await block(world, session, "A-1")

    page = await look(world)

    assert "Intussen bezet: rij A, stoel 1." in page
