"""Tickets that are handed in at a till, and their money."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from httpx import Response

from credits.check import check_ledger
from reservations.booking.facts import Booking
from reservations.booking.tickets import number_of
from reservations.check import check_bookings
from tests.builders import Session, World
from tests.credits.till.drawers import Drawer, read_page
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
    given = await world.post_form(address(drawer, "terugbetalen"), code=code[1], payout_id=uuid4())
    paper = await read_page(world, given.headers["location"])
    receipt = re.search(r'href="([^"]+/bonnen/[^"]+)"', paper)
    assert receipt
    sold = await read_page(world, receipt[1])

    assert await world.value("SELECT words FROM credits.receipt_line") in paper
    assert "Van bonnetje 2026-000001" in paper
    assert "€ 4,00" in paper
    assert "Van dit bonnetje is € 4,00 teruggegeven." in sold
    assert given.headers["location"].partition("?")[0] in sold
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


@pytest.mark.parametrize("after", ["", " · 1.1", " 1.1", "-1.12", " · 2.1 "])
async def test_a_booking_is_found_by_what_is_printed_under_the_code_of_a_ticket(
    world: World, after: str
) -> None:
    session = await world.session(price_cents=500)
    drawer = await at_the_till(world, session)
    booking = await paid_here(world, drawer, session)

    for number in (number_of(booking.id), number_of(booking.id).replace("-", "").lower()):
        answer = await world.post_form(address(drawer, "terugnemen"), nummer=number + after)
        assert answer.headers["location"] == address(drawer, "terugnemen", booking.id)


async def test_the_number_of_a_ticket_of_another_organiser_is_not_known(world: World) -> None:
    theirs, booking_id = await world.session(price_cents=0), uuid4()
    await world.book(await world.resident(), theirs, booking_id=booking_id)
    drawer = await at_the_till(world, await world.session())

    answer = await world.post_form(address(drawer, "terugnemen"), nummer=f"{number_of(booking_id)} · 1.1")

    assert answer.status_code == 404


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


async def handed_in(world: World, drawer: Drawer, booking: Booking, **more: object) -> Response:
    form = {"ticket-1.1": "true", "cancellation_id": uuid4()} | more
    response: Response = await world.post_form(address(drawer, "terugnemen", booking.id), **form)
    return response


async def paid_here(world: World, drawer: Drawer, session: Session) -> Booking:
    booking = await waiting(world, await world.resident(), session)
    await world.post_form(address(drawer, "boeking", booking.id), **paying(500))
    return booking


async def test_a_ticket_that_is_handed_in_keeps_the_fee_of_its_organiser(world: World) -> None:
    session = await world.session(price_cents=500)
    drawer = await at_the_till(world, session)
    await world.execute("UPDATE credits.seller SET cancel_fee_cents = 100")
    booking = await paid_here(world, drawer, session)
    world.clock.move(timedelta(minutes=5))

    page = (await world.client.get(address(drawer, "terugnemen", booking.id))).text
    await handed_in(world, drawer, booking)

    assert "€ 4,00 terug, € 1,00 blijft bij de organisator." in page.replace("\N{NO-BREAK SPACE}", " ")
    assert await world.value("SELECT amount_cents FROM credits.refund") == 400
    async with world.services.database.reading() as connection:
        assert await check_ledger(connection) == []
        assert await check_bookings(connection) == []


async def test_after_its_term_a_ticket_is_taken_back_by_a_waiver_alone(world: World) -> None:
    session = await world.session(price_cents=500)
    drawer = await at_the_till(world, session)
    booking = await paid_here(world, drawer, session)
    await world.execute(
        "UPDATE reservations.session SET cancel_until = $1", world.clock.now() - timedelta(hours=1)
    )

    page = await world.client.get(address(drawer, "terugnemen", booking.id))
    refused = await handed_in(world, drawer, booking)
    unknown = await handed_in(world, drawer, booking, uitzondering="omdat het kan")
    no_swap = await handed_in(world, drawer, booking, stap="ruil")
    assert (await stored(world, booking)).status == "confirmed"
    waived = await handed_in(world, drawer, booking, uitzondering="our_fault")

    assert "Te laat volgens de voorwaarden" in page.text
    assert (refused.status_code, unknown.status_code, waived.status_code) == (422, 422, 303)
    assert "kies dan waarom" in refused.text
    assert "kies dan waarom" in no_swap.text
    assert "checked" in refused.text
    assert await world.value("SELECT amount_cents FROM credits.refund") == 500
    assert (await stored(world, booking)).status == "cancelled"


async def test_a_waiver_names_in_the_audit_trail_who_and_why(world: World) -> None:
    session = await world.session(price_cents=500)
    drawer = await at_the_till(world, session)
    booking = await paid_here(world, drawer, session)

    await handed_in(world, drawer, booking, uitzondering="goodwill")

    act = "SELECT actor_id || ' ' || (facts ->> 'waiver') FROM uit.audit WHERE act = 'booking.take_back'"
    assert await world.value(act) == f"{drawer.worker.staff_id} goodwill"
