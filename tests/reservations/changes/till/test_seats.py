"""At a till somebody who has no pass gets another numbered seat, at no other price."""

from uuid import uuid4

from tests.builders import World
from tests.reservations.booking.test_giving_up import words
from tests.reservations.box_office.tills import address, at_the_till, selling
from tests.reservations.changes.test_pages import said_yes
from tests.reservations.changes.till.test_desk import page_of
from tests.reservations.seats.world import seated, seats_taken


async def test_two_seats_that_a_till_sold_become_two_others_that_are_pointed_out(world: World) -> None:
    session, booking_id = await seated(world, price_cents=500), uuid4()
    drawer = await at_the_till(world, session)
    sale = address(drawer, "verkoop", session.id, booking_id)
    await world.post_form(sale, **selling(2, 1000), stoelen="A-1,A-2")
    own = page_of(drawer, booking_id)
    asked = {"stap": "stoelen", "aantal-base": "2"}

    hall = (await world.client.get(own, params=asked)).text
    ticked = {"stoelen-voor": str(session.id), "stoel-C-5": "C-5", "stoel-C-6": "C-6", "klaar": "ja"}
    shown = (await world.client.get(own, params=asked | ticked)).text
    await world.post_form(own, **said_yes(shown))

    assert "Je hebt nu rij A, stoel 1 en 2." in words(hall)
    assert "rij C, stoel 5 en 6" in words(shown)
    assert await seats_taken(world, session) == ["C-5", "C-6"]
