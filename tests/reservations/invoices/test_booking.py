"""Booking on an invoice: who may, up to how much, and what it leaves in the books."""

from asyncio import gather
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.builders import World
from tests.reservations.invoices.customers import agreed, an_invoice, booked
from uit.core.clock import day_in_flanders


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_school_with_a_code_books_and_its_places_are_confirmed_at_once(world: World) -> None:
    session = await world.session(price_cents=500)
    school = await agreed(world, session.organiser_id)

    document = (await booked(world, session, school)).json()

    assert (document["status"], document["held_until"]) == ("confirmed", None)
    payment = document["payment"]
    assert (payment["means"], payment["status"], payment["amount_cents"]) == ("invoice", "pending", 1000)


async def test_what_is_booked_is_owed_in_the_books_and_asked_of_the_seller(world: World) -> None:
    _, school, invoice_id = await an_invoice(world)

    (invoice,) = await world.rows("SELECT * FROM credits.invoice")
    moved = await world.rows(
        "SELECT kind::text, amount_cents, payment_id FROM credits.transfer WHERE kind = 'invoice'"
    )
    topics = await world.rows("SELECT key FROM uit.outbox WHERE topic = 'invoice.request'")

    assert (invoice["id"], invoice["customer_id"], invoice["order_reference"]) == (
        invoice_id,
        school.id,
        "Uitstap 3B",
    )
    assert invoice["due_on"] == day_in_flanders(world.clock.now()) + timedelta(days=30)
    assert [tuple(row) for row in moved] == [("invoice", 1000, invoice_id)]
    assert [row["key"] for row in topics] == [invoice_id]


async def test_a_repeat_of_a_booking_asks_for_one_invoice(world: World) -> None:
    session = await world.session(price_cents=500)
    school, booking_id = await agreed(world, session.organiser_id), uuid4()
    headers = await world.api_client(session.organiser_id)
    wanted = {
        "guest": {"name": "Juf Els", "email": "els@klimop.example"},
        "lines": [{"session_id": str(session.id), "tariff": "base", "places": 2}],
        "pay_with": "invoice",
        "invoice": {"customer_code": school.code.lower().replace("-", " ")},
    }

    answers = [
        await world.client.put(f"/api/v1/bookings/{booking_id}", json=wanted, headers=headers)
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 200]
    assert await world.value("SELECT count(*) FROM credits.invoice") == 1


async def test_a_code_that_nobody_has_books_nothing(world: World) -> None:
    session = await world.session(price_cents=500)
    await agreed(world, session.organiser_id)

    wrong = {"customer_code": "AAAA-BBBB-CCCC-DDDD"}
    answer = await booked(world, session, await agreed(world, session.organiser_id), invoice=wrong)

    assert refused(answer) == (409, "credits.customer_unknown")
    assert await world.places_left(session) == 10


async def test_a_code_of_another_seller_books_nothing(world: World) -> None:
    session, other = await world.session(price_cents=500), await world.organiser()
    await agreed(world, session.organiser_id)

    answer = await booked(world, session, await agreed(world, other))

    assert refused(answer) == (409, "credits.customer_elsewhere")
    assert await world.places_left(session) == 10


@pytest.mark.parametrize("days", [(-10, -1), (1, None)])
async def test_outside_the_days_of_the_agreement_nothing_is_booked(
    world: World, days: tuple[int, int | None]
) -> None:
    session, today = await world.session(price_cents=500), day_in_flanders(world.clock.now())
    starts_on, ends_on = (None if each is None else today + timedelta(days=each) for each in days)
    school = await agreed(world, session.organiser_id, starts_on=starts_on, ends_on=ends_on)

    answer = await booked(world, session, school)

    assert refused(answer) == (409, "credits.customer_ended")


async def test_what_two_book_at_once_is_never_above_the_limit(world: World) -> None:
    session = await world.session(seats=20, price_cents=500)
    school = await agreed(world, session.organiser_id, limit_cents=1500)

    answers = await gather(*(booked(world, session, school) for _ in range(3)))

    codes = sorted(answer.json().get("code", "booked") for answer in answers)
    assert codes == ["booked", "credits.above_invoice_limit", "credits.above_invoice_limit"]
    assert await world.places_left(session) == 18


async def test_the_limit_holds_over_sessions_that_are_booked_at_once(world: World) -> None:
    first = await world.session(price_cents=500)
    second = await world.session(price_cents=500, organiser_id=first.organiser_id)
    school = await agreed(world, first.organiser_id, limit_cents=1000)

    answers = await gather(booked(world, first, school), booked(world, second, school))

    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_without_a_code_nothing_is_put_on_an_invoice(world: World) -> None:
    session = await world.session(price_cents=500)
    school = await agreed(world, session.organiser_id)

    answer = await booked(world, session, school, invoice=None)

    assert (answer.status_code, answer.json()["where"], answer.json()["why"]) == (422, "invoice", "missing")


async def test_a_code_is_no_way_to_pay_by_itself(world: World) -> None:
    session = await world.session(price_cents=500)
    school = await agreed(world, session.organiser_id)

    answer = await booked(world, session, school, pay_with="card")

    assert refused(answer) == (409, "reservations.cannot_pay_with")


async def test_a_quote_has_the_way_invoice_only_for_who_has_a_good_code(world: World) -> None:
    session = await world.session(price_cents=500)
    school = await agreed(world, session.organiser_id)
    headers = await world.api_client(session.organiser_id)
    asked: dict[str, Any] = {"lines": [{"session_id": str(session.id), "tariff": "base", "places": 2}]}

    without = await world.client.post("/api/v1/quotes", json=asked, headers=headers)
    asked["invoice"] = {"customer_code": school.code}
    with_code = await world.client.post("/api/v1/quotes", json=asked, headers=headers)

    assert without.json()["pay_with"] == []
    assert with_code.json()["pay_with"] == ["invoice"]
