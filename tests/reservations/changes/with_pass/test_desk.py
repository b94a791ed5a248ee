"""At a till who shows a pass changes a booking: the till hears *in orde*, or what is still to be paid."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from reservations.booking.answers import Booked
from tests.builders import Resident, Session, World
from tests.credits.till.drawers import Drawer, account_cents
from tests.reservations.booking.test_giving_up import words
from tests.reservations.box_office.tills import address, at_the_till
from tests.reservations.changes.till.test_desk import next_day
from tests.reservations.changes.town import pressed
from tests.reservations.dates import faults, statuses
from tests.reservations.sessions.test_desk import text_of

LATER = date(2027, 1, 1)


async def booked(
    world: World, credit_cents: int, social_until: date | None = None
) -> tuple[Resident, Session, Drawer, UUID]:
    """Who has a place, at their own price if they have one, and shows their pass at the organiser's till."""
    anna = await world.resident(credit_cents, social_until=social_until)
    session = await world.session(price_cents=500)
    tariff = "kansentarief" if social_until else "base"
    made = await world.services.turnstile.answer(world.command(anna, [(session, tariff, 1)]))
    assert isinstance(made, Booked)
    return anna, session, await at_the_till(world, session), made.booking.id


async def change_page_of(
    world: World, drawer: Drawer, who: Resident, booking_id: UUID, **asked: object
) -> Any:
    """The pass is scanned in the box of the till, and the booking chosen that they have."""
    scanned = await world.post_form(address(drawer, "boeking"), nummer=who.token)
    there = scanned.headers["location"]
    dates = await world.client.get(there)
    own = f"{there}/boekingen/{booking_id}/wijzigen"
    assert own in dates.text
    return await world.client.get(own, params={name: str(value) for name, value in asked.items()})


async def send(world: World, page: Any, **more: object) -> Any:
    return await world.post_form(page.url.path, **pressed(page.text), **more)


@pytest.mark.parametrize("social_until", [None, LATER])
async def test_who_has_enough_credit_is_in_order_whatever_their_price(
    world: World, social_until: date | None
) -> None:
    anna, session, drawer, booking_id = await booked(world, 2000, social_until)
    other = await next_day(world, session, 700)
    asked = {"stap": "bekijk", "naar": other.id, "plaatsen-1": 2}

    page = await change_page_of(world, drawer, anna, booking_id, **asked)
    answers = [await send(world, page) for _ in range(2)]

    said = text_of(page)
    assert "Yasmine Peeters" in said
    assert "In orde" in said
    for hidden in ("€", "krediet", "kansentarief", "tarief", "Wat je al had"):
        assert hidden not in said.partition("Yasmine Peeters")[2].partition("Laat alles")[0]
    assert "kansentarief" not in page.text
    tickets = f"{address(drawer, 'tickets', booking_id)}?gedaan=gewijzigd"
    assert {each.headers.get("location") for each in answers} == {tickets}
    assert await world.available_cents(anna) == 2000 - (840 if social_until else 1400)
    assert await faults(world) == []


async def test_what_is_sent_twice_is_done_once_also_where_the_booking_has_another_date(world: World) -> None:
    anna, session = await world.resident(2000), await world.session(price_cents=500)
    between = await world.session(price_cents=500, organiser_id=session.organiser_id)
    other = await next_day(world, session, 500)
    command = world.command(anna, [(session, "base", 1), (between, "base", 1)])
    await world.services.turnstile.answer(command)
    drawer = await at_the_till(world, session)
    asked = {"sessie": session.id, "naar": other.id, "stap": "bekijk", "plaatsen-1": 1}
    page = await change_page_of(world, drawer, anna, command.booking_id, **asked)

    answers = [await send(world, page) for _ in range(2)]

    assert [each.status_code for each in answers] == [303, 303]
    assert await statuses(world, command.booking_id) == ["cancelled", "confirmed", "confirmed"]


async def test_what_credit_does_not_pay_is_taken_and_what_is_left_of_it_never_shown(world: World) -> None:
    anna, session, drawer, booking_id = await booked(world, 700)
    page = await change_page_of(world, drawer, anna, booking_id, **{"stap": "bekijk", "plaatsen-1": 2})

    await send(world, page, way="cash")

    assert "Nog te betalen: € 3,00" in words(page.text)
    assert "€ 2,00" not in words(page.text)
    assert "€ 5,00" not in words(page.text)
    assert await account_cents(world, session.organiser_id, "till") == 10_000 + 300
    assert await statuses(world, booking_id) == ["confirmed", "confirmed"]
    assert await faults(world) == []


async def test_what_was_taken_at_a_till_is_given_back_there(world: World) -> None:
    anna, session, drawer, booking_id = await booked(world, 500)
    page = await change_page_of(world, drawer, anna, booking_id, **{"stap": "bekijk", "plaatsen-1": 3})
    await send(world, page, way="cash")
    page = await change_page_of(world, drawer, anna, booking_id, **{"stap": "bekijk", "plaatsen-1": 2})

    await send(world, page)

    assert "Geef € 5,00 terug, en wijzig" in words(page.text)
    assert await account_cents(world, session.organiser_id, "till") == 10_000 + 500
    assert await faults(world) == []


async def test_a_number_that_is_none_comes_back_with_what_is_wrong(world: World) -> None:
    anna, _, drawer, booking_id = await booked(world, 500)

    page = await change_page_of(world, drawer, anna, booking_id, **{"stap": "bekijk", "plaatsen-1": "veel"})
    none = await change_page_of(world, drawer, anna, booking_id, **{"stap": "bekijk", "plaatsen-1": 0})

    assert (page.status_code, none.status_code) == (422, 422)
    assert 'value="veel"' in page.text
    assert "Kies minstens één plaats." in words(none.text)


async def test_a_booking_of_somebody_else_or_of_elsewhere_is_not_there(world: World) -> None:
    anna, _, drawer, booking_id = await booked(world, 500)
    bilal = await world.resident(credit_cents=5000)
    elsewhere = await world.book(bilal, await world.session())
    theirs = (await world.post_form(address(drawer, "boeking"), nummer=bilal.token)).headers["location"]

    assert isinstance(elsewhere, Booked)
    for there in (booking_id, elsewhere.booking.id):
        assert (await world.client.get(f"{theirs}/boekingen/{there}/wijzigen")).status_code == 404
    assert str(elsewhere.booking.id) not in (await world.client.get(theirs)).text
    assert anna.token not in theirs
