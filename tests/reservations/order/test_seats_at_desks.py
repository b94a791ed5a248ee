"""Seats are chosen at a counter and at a till as on one's own page: in the hall, without a script."""

import re
from typing import Any
from uuid import uuid4

from tests.builders import World
from tests.reservations.box_office.tills import address, at_the_till, selling
from tests.reservations.box_office.with_pass.test_desk import order_page as pass_page
from tests.reservations.box_office.with_pass.test_desk import sell_on
from tests.reservations.counter.helpers import at_the_counter, book_on, order_page
from tests.reservations.seats.world import block, seated, seats_taken
from tests.reservations.sessions.test_desk import text_of

TWO = {"plaatsen-base": "2"}


def path_of(page: Any) -> str:
    return str(page.url.path)


async def choose(world: World, page: Any, *seats: str) -> Any:
    """Press the button that leads to the hall, and tick these seats there."""
    hall = await world.post_form(path_of(page), **TWO, stap="stoelen")
    shown = await world.client.get(hall.headers["location"])
    assert "Kies 2 stoelen" in shown.text
    fields = dict(re.findall(r'type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"', shown.text))
    done = await world.client.get(path_of(page), params=fields | {"stoel": [*seats]}, follow_redirects=False)
    return await world.client.get(done.headers["location"]) if done.status_code == 303 else done


async def test_a_clerk_says_which_seats_are_best_and_books_them_in_one_go(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await seated(world, best_row="B")
    await at_the_counter(world, anna)

    page = await order_page(world, anna, session, **TWO)
    await book_on(world, page)

    assert "Stoelen: rij B, stoel 3 en 4" in text_of(page)
    assert await seats_taken(world, session) == ["B-3", "B-4"]


async def test_a_clerk_chooses_the_seats_that_somebody_points_out(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await seated(world, best_row="B")
    await at_the_counter(world, anna)

    page = await choose(world, await order_page(world, anna, session, **TWO), "A-1", "A-2")
    answers = [await book_on(world, page, stoelen="A-1,A-2") for _ in range(2)]

    assert "Stoelen: rij A, stoel 1 en 2" in text_of(page)
    assert len({each.headers["location"] for each in answers}) == 1
    assert await seats_taken(world, session) == ["A-1", "A-2"]


async def test_at_the_counter_too_few_seats_are_said_in_the_hall(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await seated(world)
    await at_the_counter(world, anna)

    answer = await choose(world, await order_page(world, anna, session, **TWO), "A-1")

    assert answer.status_code == 422
    assert "Kies 2 stoelen. Je koos er 1." in answer.text


async def test_a_clerk_asks_a_place_for_a_wheelchair_with_who_comes_along_beside_it(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await seated(world, best_row="A")
    await at_the_counter(world, anna)

    page = await order_page(world, anna, session, **TWO, rolstoel="1")
    await book_on(world, page, rolstoel="1")

    assert "Stoelen: rij C, stoel 1 en 2" in text_of(page)
    assert await seats_taken(world, session) == ["C-1", "C-2"]


async def test_a_till_sells_the_seats_that_a_customer_points_out(world: World) -> None:
    session = await seated(world, best_row="B", price_cents=500)
    drawer = await at_the_till(world, session)
    sale = address(drawer, "verkoop", session.id, uuid4())

    best = await world.client.get(sale, params=TWO)
    page = await choose(world, best, "C-5", "C-6")
    await world.post_form(path_of(page), **selling(2, 1000), stoelen="C-5,C-6")

    assert "Stoelen: rij B, stoel 3 en 4" in text_of(best)
    assert "Stoelen: rij C, stoel 5 en 6" in text_of(page)
    assert await seats_taken(world, session) == ["C-5", "C-6"]


async def test_a_till_says_before_it_takes_money_that_a_seat_is_gone(world: World) -> None:
    session = await seated(world, price_cents=500)
    drawer = await at_the_till(world, session)
    await block(world, session, "A-1")

    page = await world.client.get(
        address(drawer, "verkoop", session.id, uuid4()), params=TWO | {"stoelen": "A-1,A-2"}
    )

    assert page.status_code == 409
    assert "Intussen bezet: rij A, stoel 1." in page.text
    assert "Ontvangen" not in page.text


async def test_who_shows_a_pass_at_a_till_points_out_seats_too(world: World) -> None:
    anna, session = await world.resident(2000), await seated(world, price_cents=500)
    drawer = await at_the_till(world, session)

    page = await choose(world, await pass_page(world, drawer, anna, session, **TWO), "A-5", "A-6")
    await sell_on(world, page, stoelen="A-5,A-6")

    assert "Stoelen: rij A, stoel 5 en 6" in text_of(page)
    assert await seats_taken(world, session) == ["A-5", "A-6"]


async def test_where_seats_are_not_numbered_a_desk_says_nothing_of_them(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session()
    await at_the_counter(world, anna)

    page = await order_page(world, anna, session, **TWO)
    asked = await world.client.get(path_of(page), params=TWO | {"stap": "stoelen"})

    assert "stoel" not in text_of(page).lower()
    assert "Kies 2 stoelen" not in asked.text
