"""Tickets that are handed in at a till, and their money."""

import re
from uuid import uuid4

from credits.check import check_ledger
from reservations.check import check_bookings
from tests.builders import World
from tests.reservations.box_office.tills import address, at_the_till, paying, stored, waiting


async def test_a_ticket_that_was_paid_here_goes_back_and_its_cash_out_of_the_drawer(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident(credit_cents=200)
    drawer = await at_the_till(world, session)
    booking = await waiting(world, anna, session, places=2)
    await world.post_form(address(drawer, "boeking", booking.id), **paying(800))

    page = address(drawer, "terugnemen", booking.id)
    await world.post_form(page, **{"ticket-1.2": "true", "cancellation_id": uuid4()})
    shown = (await world.client.get(page)).text
    code = re.search(r'name="code" value="(\w+)"', shown)
    assert code
    await world.post_form(address(drawer, "terugbetalen"), code=code[1], payout_id=uuid4())

    assert "4,00 wacht in cash" in shown.replace("\N{NO-BREAK SPACE}", " ")
    assert await world.value("SELECT status::text FROM credits.refund") == "done"
    assert await world.available_cents(anna) == 100
    async with world.services.database.reading() as connection:
        assert await check_ledger(connection) == []
        assert await check_bookings(connection) == []


async def test_what_was_paid_on_the_terminal_is_said_to_go_back_in_cash_too(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident()
    drawer = await at_the_till(world, session)
    booking = await waiting(world, anna, session)
    form = paying(500, "both", terminal="3", slip="AUT 123456")
    await world.post_form(address(drawer, "boeking", booking.id), **form)

    shown = (await world.client.get(address(drawer, "terugnemen", booking.id))).text

    assert "geef je terug in cash" in shown
    assert "Ook de \u20ac 3,00 die met de kaart" in shown.replace("\N{NO-BREAK SPACE}", " ")


async def test_a_booking_is_found_by_the_number_of_its_receipt(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident()
    drawer = await at_the_till(world, session)
    booking = await waiting(world, anna, session)
    await world.post_form(address(drawer, "boeking", booking.id), **paying(500))

    answer = await world.post_form(address(drawer, "terugnemen"), nummer="2026-000001")

    assert answer.headers["location"] == address(drawer, "terugnemen", booking.id)


async def test_handing_in_twice_gives_back_once(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident()
    drawer = await at_the_till(world, session)
    booking = await waiting(world, anna, session)
    await world.post_form(address(drawer, "boeking", booking.id), **paying(500))

    form = {"ticket-1.1": "true", "cancellation_id": uuid4()}
    for _ in range(2):
        await world.post_form(address(drawer, "terugnemen", booking.id), **form)

    assert await world.value("SELECT count(*) FROM credits.refund") == 1
    assert (await stored(world, booking)).status == "cancelled"


async def test_a_booking_of_another_organiser_cannot_be_taken_back(world: World) -> None:
    theirs, anna = await world.session(price_cents=0), await world.resident()
    booking_id = uuid4()
    await world.book(anna, theirs, booking_id=booking_id)
    drawer = await at_the_till(world, await world.session())

    page = address(drawer, "terugnemen", booking_id)

    assert (await world.client.get(page)).status_code == 404
    assert (await world.post_form(page, **{"ticket-1.1": "true"})).status_code == 404
