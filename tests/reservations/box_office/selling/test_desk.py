"""Selling places at a till to who has no pass."""

from uuid import uuid4

from credits.check import check_ledger
from reservations.check import check_bookings
from tests.builders import World
from tests.reservations.box_office.tills import address, at_the_till, paying


async def test_places_are_sold_and_paid_in_one_and_the_tickets_are_there(world: World) -> None:
    session, booking_id = await world.session(10, price_cents=500), uuid4()
    drawer = await at_the_till(world, session)

    chosen = await world.client.get(address(drawer, "verkoop"))
    page = address(drawer, "verkoop", session.id, booking_id)
    shown = await world.client.get(page, params={"plaatsen-base": 2})
    answer = await world.post_form(page, **{"plaatsen-base": 2}, **paying(1000))
    tickets = await world.client.get(answer.headers["location"])

    assert str(session.id) in chosen.text
    assert "10,00" in shown.text
    assert tickets.text.count("<svg") >= 2
    assert await world.value("SELECT taken FROM reservations.pool") == 2
    assert await world.value("SELECT amount_cents FROM credits.tender") == 1000
    async with world.services.database.reading() as connection:
        assert await check_ledger(connection) == []
        assert await check_bookings(connection) == []


async def test_a_browser_that_dies_in_the_middle_sells_once(world: World) -> None:
    session, booking_id = await world.session(10, price_cents=500), uuid4()
    drawer, form = await at_the_till(world, session), paying(500)
    page = address(drawer, "verkoop", session.id, booking_id)

    answers = [await world.post_form(page, **{"plaatsen-base": 1}, **form) for _ in range(2)]

    assert len({answer.headers["location"] for answer in answers}) == 1
    assert await world.value("SELECT count(*) FROM credits.receipt") == 1
    assert await world.value("SELECT taken FROM reservations.pool") == 1


async def test_another_sum_than_the_page_showed_sells_nothing(world: World) -> None:
    session = await world.session(10, price_cents=500)
    drawer = await at_the_till(world, session)
    page = address(drawer, "verkoop", session.id, uuid4())

    answer = await world.post_form(page, **{"plaatsen-base": 2}, **paying(500))

    assert answer.status_code == 409
    assert await world.value("SELECT count(*) FROM reservations.booking") == 0


async def test_a_form_without_its_ids_sells_nothing(world: World) -> None:
    session = await world.session(10, price_cents=500)
    drawer = await at_the_till(world, session)
    page = address(drawer, "verkoop", session.id, uuid4())

    answer = await world.post_form(page, **{"plaatsen-base": 1}, **paying(500) | {"receipt_id": "weg"})

    assert answer.status_code == 422
    assert await world.value("SELECT count(*) FROM reservations.booking") == 0


async def test_more_places_than_there_are_are_not_sold(world: World) -> None:
    session = await world.session(1, price_cents=500)
    drawer = await at_the_till(world, session)
    page = address(drawer, "verkoop", session.id, uuid4())

    answer = await world.post_form(page, **{"plaatsen-base": 2}, **paying(1000))

    assert answer.status_code == 409
    assert await world.value("SELECT count(*) FROM credits.receipt") == 0


async def test_what_is_free_has_tickets_and_no_receipt(world: World) -> None:
    session = await world.session(5, price_cents=0)
    drawer = await at_the_till(world, session)
    page = address(drawer, "verkoop", session.id, uuid4())

    answer = await world.post_form(page, **{"plaatsen-base": 1}, **paying(0))

    assert answer.status_code == 303
    assert await world.value("SELECT count(*) FROM credits.receipt") == 0
    assert await world.value("SELECT taken FROM reservations.pool") == 1


async def test_a_date_of_another_organiser_is_not_for_sale_here(world: World) -> None:
    theirs = await world.session(5, price_cents=500)
    drawer = await at_the_till(world, await world.session())

    page = await world.client.get(address(drawer, "verkoop", theirs.id, uuid4()))

    assert page.status_code == 404
