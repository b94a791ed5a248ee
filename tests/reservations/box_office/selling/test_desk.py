"""Selling places at a till to who has no pass."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from credits.check import check_ledger
from reservations.booking.tickets import number_of
from reservations.check import check_bookings
from reservations.order.form import SeenTotal, encode_seen_total
from tests.builders import World
from tests.reservations.box_office.tills import address, at_the_till, selling
from tests.reservations.seats.world import seated


async def test_places_are_sold_and_paid_in_one_and_the_tickets_are_there(world: World) -> None:
    session, booking_id = await world.session(10, price_cents=500), uuid4()
    drawer = await at_the_till(world, session)

    chosen = await world.client.get(address(drawer, "verkoop"))
    page = address(drawer, "verkoop", session.id, booking_id)
    shown = await world.client.get(page, params={"plaatsen-base": 2})
    answer = await world.post_form(page, **selling(2, 1000))
    tickets = await world.client.get(answer.headers["location"])

    assert str(session.id) in chosen.text
    assert "10,00" in shown.text
    assert tickets.text.count("<svg") >= 2
    assert await world.value("SELECT taken FROM reservations.pool") == 2
    assert await world.value("SELECT amount_cents FROM credits.tender") == 1000
    async with world.services.database.reading() as connection:
        assert await check_ledger(connection) == []
        assert await check_bookings(connection) == []


async def test_the_tickets_that_were_sold_are_printed_each_with_its_code_and_date(world: World) -> None:
    session, booking_id = await world.session(10, price_cents=500), uuid4()
    drawer = await at_the_till(world, session)
    sold = await world.post_form(address(drawer, "verkoop", session.id, booking_id), **selling(2, 1000))

    shown = (await world.client.get(sold.headers["location"])).text
    link = re.search(r'href="([^"]+afdruk=ja)"', shown)
    assert link
    printed = (await world.client.get(link[1])).text

    name = await world.value("SELECT name FROM organisers.event")
    tickets = printed.split('<section class="pass"')[1:]
    assert "data-print" not in shown
    assert "data-print" in printed
    assert len(tickets) == 3
    assert all(name in each and "<svg" in each for each in tickets)
    assert "Voor iedereen samen" in tickets[0]
    assert f"{number_of(booking_id)} · 0" in tickets[0]


async def test_the_tickets_that_were_sold_say_their_seats_on_the_screen_and_on_paper(world: World) -> None:
    session, booking_id = await seated(world, price_cents=500), uuid4()
    drawer = await at_the_till(world, session)
    page = address(drawer, "verkoop", session.id, booking_id)
    sold = await world.post_form(page, **selling(2, 1000), stoelen="A-1,A-2")

    for asked in ({}, {"afdruk": "ja"}):
        shown = await world.client.get(sold.headers["location"], params=asked)
        together, *tickets = shown.text.split('<section class="pass"')[1:]
        assert "rij A, stoel 1 en 2" in together.replace("\N{NO-BREAK SPACE}", " ")
        assert ["rij A, stoel 1<" in tickets[0], "rij A, stoel 2<" in tickets[1]] == [True, True]


@pytest.mark.parametrize("step", ["boek", ""])
async def test_a_sale_says_what_goes_back_before_it_is_made(world: World, step: str) -> None:
    session = await world.session(10, price_cents=500)
    drawer, form = await at_the_till(world, session), selling(2, 1000, given="20")
    page = address(drawer, "verkoop", session.id, uuid4())

    said = await world.post_form(page, **form | {"stap": step})
    assert await world.value("SELECT count(*) FROM reservations.booking") == 0
    sold = await world.post_form(page, **form | {"change": "1000"})

    assert said.status_code == 200
    assert "Geef € 10,00 terug" in said.text.replace("\N{NO-BREAK SPACE}", " ")
    assert sold.status_code == 303
    assert await world.value("SELECT amount_cents FROM credits.tender") == 1000


async def test_enter_never_sells_what_was_said_to_go_back(world: World) -> None:
    session = await world.session(10, price_cents=500)
    drawer, form = await at_the_till(world, session), selling(1, 500, given="5", change="0")
    page = address(drawer, "verkoop", session.id, uuid4())

    answer = await world.post_form(page, **form | {"stap": ""})

    assert answer.status_code == 200
    assert await world.value("SELECT count(*) FROM reservations.booking") == 0


async def test_a_browser_that_dies_in_the_middle_sells_once(world: World) -> None:
    session, booking_id = await world.session(10, price_cents=500), uuid4()
    drawer, form = await at_the_till(world, session), selling(1, 500)
    page = address(drawer, "verkoop", session.id, booking_id)

    answers = [await world.post_form(page, **form) for _ in range(2)]

    assert len({answer.headers["location"] for answer in answers}) == 1
    assert await world.value("SELECT count(*) FROM credits.receipt") == 1
    assert await world.value("SELECT taken FROM reservations.pool") == 1


async def test_another_sum_than_the_page_showed_sells_nothing(world: World) -> None:
    session = await world.session(10, price_cents=500)
    drawer = await at_the_till(world, session)
    page = address(drawer, "verkoop", session.id, uuid4())

    answer = await world.post_form(page, **selling(2, 500))

    assert answer.status_code == 409
    assert await world.value("SELECT count(*) FROM reservations.booking") == 0


async def test_a_form_without_its_ids_sells_nothing(world: World) -> None:
    session = await world.session(10, price_cents=500)
    drawer = await at_the_till(world, session)
    page = address(drawer, "verkoop", session.id, uuid4())

    answer = await world.post_form(page, **selling(1, 500) | {"receipt_id": "weg"})

    assert answer.status_code == 422
    assert await world.value("SELECT count(*) FROM reservations.booking") == 0


async def test_more_places_than_there_are_are_not_sold(world: World) -> None:
    session = await world.session(1, price_cents=500)
    drawer = await at_the_till(world, session)
    page = address(drawer, "verkoop", session.id, uuid4())

    answer = await world.post_form(page, **selling(2, 1000))

    assert answer.status_code == 409
    assert await world.value("SELECT count(*) FROM credits.receipt") == 0


async def test_what_is_free_has_tickets_and_no_receipt(world: World) -> None:
    session = await world.session(5, price_cents=0)
    drawer = await at_the_till(world, session)
    page = address(drawer, "verkoop", session.id, uuid4())

    answer = await world.post_form(page, **selling(1, 0))

    assert answer.status_code == 303
    assert await world.value("SELECT count(*) FROM credits.receipt") == 0
    assert await world.value("SELECT taken FROM reservations.pool") == 1


async def test_a_date_of_another_organiser_is_not_for_sale_here(world: World) -> None:
    theirs = await world.session(5, price_cents=500)
    drawer = await at_the_till(world, await world.session())

    page = await world.client.get(address(drawer, "verkoop", theirs.id, uuid4()))

    assert page.status_code == 404


async def test_other_places_than_the_sum_was_for_are_not_sold(world: World) -> None:
    session = await world.session(10, price_cents=500)
    drawer = await at_the_till(world, session)
    page = address(drawer, "verkoop", session.id, uuid4())

    typed = await world.post_form(page, **selling(1, 500) | {"plaatsen-base": 2})
    reckoned = await world.post_form(page, **selling(1, 500) | {"plaatsen-base": 2, "stap": ""})

    assert typed.status_code == 422
    assert "10,00" in typed.text
    assert reckoned.headers["location"] == f"{page}?plaatsen-base=2"
    assert await world.value("SELECT count(*) FROM reservations.booking") == 0


async def test_what_would_be_refused_is_said_before_any_money_is_taken(world: World) -> None:
    session = await world.session(3, price_cents=500)
    drawer = await at_the_till(world, session)
    page = address(drawer, "verkoop", session.id, uuid4())

    there = await world.client.get(page, params={"plaatsen-base": 3})
    too_many = await world.client.get(page, params={"plaatsen-base": 4})
    await world.execute("UPDATE reservations.session SET status = 'cancelled'")
    called_off = await world.client.get(page)

    assert "Ontvangen" in there.text
    assert (too_many.status_code, called_off.status_code) == (409, 409)
    assert "Ontvangen" not in too_many.text + called_off.text


async def test_only_dates_on_sale_are_listed_however_far_away(world: World) -> None:
    later = await world.session(price_cents=500, starts_in=timedelta(days=60))
    drawer = await at_the_till(world, later)

    before = await world.client.get(address(drawer, "verkoop"))
    await world.execute("UPDATE reservations.session SET status = 'cancelled'")
    after = await world.client.get(address(drawer, "verkoop"))

    assert str(later.id) in before.text
    assert str(later.id) not in after.text


async def test_a_till_sells_the_price_for_children_to_a_child_that_it_sees(world: World) -> None:
    session = await world.session(10, price_cents=500)
    await world.tariff(session, "kind", 200, age_to=11)
    drawer = await at_the_till(world, session)
    page = address(drawer, "verkoop", session.id, uuid4())
    seen = encode_seen_total(SeenTotal(400, 400, 400), {"kind": 2})

    form = selling(0, 400) | {"plaatsen-kind": 2, "gezien": seen}
    sold = await world.post_form(page, **form)

    assert sold.status_code == 303
    assert await world.value("SELECT tariff_code FROM reservations.line") == "kind"


async def test_a_till_sells_a_family_ticket_that_takes_four_places(world: World) -> None:
    session = await world.session(10, price_cents=500)
    await world.tariff(session, "gezin", 1500, weight=4)
    drawer = await at_the_till(world, session)
    page = address(drawer, "verkoop", session.id, uuid4())
    seen = encode_seen_total(SeenTotal(1500, 1500, 1500), {"gezin": 1})

    await world.post_form(page, **selling(0, 1500) | {"plaatsen-gezin": 1, "gezien": seen})

    assert await world.places_left(session) == 6
    async with world.services.database.reading() as connection:
        assert await check_bookings(connection) == []
