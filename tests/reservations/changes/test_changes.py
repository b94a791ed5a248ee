"""A client changes a booking in one step: what stays, what makes place, and what is paid or goes back."""

from asyncio import gather
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.builders import Resident, Session, World
from tests.reservations.changes.town import (
    Headers,
    booked,
    change,
    changed,
    lapse,
    line,
    pay,
    read,
    refused,
    tickets,
)
from tests.reservations.dates import call_off, faults, postpone


async def stage(
    world: World, credit_cents: int = 5000, fee_cents: int = 0, price_cents: int = 500, **when: Any
) -> tuple[Session, Session, Resident, Headers]:
    """Two dates of one organiser that takes money by card, somebody with credit, and a client."""
    first = await world.session(10, 500, **when)
    other = await world.session(10, price_cents, organiser_id=first.organiser_id)
    await world.seller(first.organiser_id, fee_cents=fee_cents)
    return first, other, await world.resident(credit_cents), await world.api_client(first.organiser_id)


# What stays, and what makes place


async def test_another_date_ends_the_old_places_and_books_the_new_ones(world: World) -> None:
    first, other, anna, headers = await stage(world)
    before = await booked(world, headers, line(first, 2, anna))

    after = await changed(world, headers, before, line(other, 2, anna))

    assert tickets(after) == [
        (1, 1, "cancelled", "moved_away"),
        (1, 2, "cancelled", "moved_away"),
        (2, 1, "confirmed", None),
        (2, 2, "confirmed", None),
    ]
    assert (after["status"], after["pending_change"]) == ("confirmed", None)
    assert (await world.places_left(first), await world.places_left(other)) == (10, 8)
    assert await world.available_cents(anna) == 4000
    assert await faults(world) == []


async def test_more_places_come_beside_those_that_stay_with_their_tickets(world: World) -> None:
    first, _, anna, headers = await stage(world)
    before = await booked(world, headers, line(first, 2, anna))

    after = await changed(world, headers, before, line(first, 3, anna))

    assert after["lines"][0] == before["lines"][0]
    assert tickets(after)[2:] == [(2, 1, "confirmed", None)]
    assert await world.available_cents(anna) == 3500
    assert await faults(world) == []


async def test_of_fewer_places_the_last_are_given_up_as_without_a_change(world: World) -> None:
    first, _, anna, headers = await stage(world)
    before = await booked(world, headers, line(first, 3, anna))

    after = await changed(world, headers, before, line(first, 1))

    assert tickets(after) == [
        (1, 1, "confirmed", None),
        (1, 2, "cancelled", "given_up"),
        (1, 3, "cancelled", "given_up"),
    ]
    assert after["lines"][0]["tickets"][0] == before["lines"][0]["tickets"][0]
    assert await world.available_cents(anna) == 4500
    assert await faults(world) == []


async def test_another_person_pays_with_their_own_credit(world: World) -> None:
    first, _, anna, headers = await stage(world)
    bilal = await world.resident(500)
    before = await booked(world, headers, line(first, 1, anna))

    await changed(world, headers, before, line(first, 1, bilal))

    assert (await world.available_cents(anna), await world.available_cents(bilal)) == (5000, 0)
    assert await faults(world) == []


async def test_another_tariff_costs_what_it_costs_and_the_rest_comes_back(world: World) -> None:
    first, _, _, headers = await stage(world)
    anna = await world.resident(500, social_until=(world.clock.now() + timedelta(days=99)).date())
    before = await booked(world, headers, line(first, 1, anna))

    after = await changed(world, headers, before, line(first, 1, anna, "kansentarief"))

    assert tickets(after)[1:] == [(2, 1, "confirmed", None)]
    assert await world.available_cents(anna) == 400
    assert await faults(world) == []


async def test_a_full_date_changes_its_own_places(world: World) -> None:
    first, _, _, headers = await stage(world)
    await world.tariff(first, "jong", 300)
    anna = await world.resident(5000)
    before = await booked(world, headers, line(first, 10, anna))

    after = await changed(world, headers, before, line(first, 10, anna, "jong"))

    assert [each[2] for each in tickets(after)] == ["cancelled"] * 10 + ["confirmed"] * 10
    assert await world.places_left(first) == 0
    assert await faults(world) == []


async def test_the_same_content_changes_nothing(world: World) -> None:
    first, _, anna, headers = await stage(world)
    before = await booked(world, headers, line(first, 2, anna))

    assert await changed(world, headers, before, line(first, 2)) == before
    assert await faults(world) == []


# Repeats and refusals


async def test_a_change_is_made_once_however_often_it_is_sent(world: World) -> None:
    first, other, anna, headers = await stage(world)
    before, name = await booked(world, headers, line(first, 1, anna)), str(uuid4())

    answers = await gather(
        *(change(world, headers, before, line(other, 2, anna), change_id=name) for _ in range(6))
    )

    assert {each.status_code for each in answers} == {200}
    assert len({each.content for each in answers}) == 1
    assert await world.places_left(other) == 8
    assert await faults(world) == []


async def test_an_id_of_another_change_is_a_conflict_also_of_another_booking(world: World) -> None:
    first, other, anna, headers = await stage(world)
    before, name = await booked(world, headers, line(first, 1, anna)), str(uuid4())
    second = await booked(world, headers, line(first, 1, anna))
    await changed(world, headers, before, line(other, 1, anna), change_id=name)

    answers = [
        await change(world, headers, before, line(other, 2, anna), change_id=name),
        await change(world, headers, second, line(other, 1, anna), change_id=name),
    ]

    assert [refused(each) for each in answers] == [(409, "reservations.change_id_taken")] * 2


async def test_what_is_refused_leaves_the_booking_as_it_stood(world: World) -> None:
    first, other, anna, headers = await stage(world, credit_cents=1200)
    before = await booked(world, headers, line(first, 2, anna))

    answers = [
        await change(world, headers, before, line(other, 11, anna)),
        await change(world, headers, before, line(other, 3, anna)),
        await change(world, headers, before, line(other, 2, anna), price_seen_cents=999),
        await change(world, headers, before, line(other, 1, tariff="bestaat-niet")),
        await change(world, headers, before, line(other, 1)),
    ]

    assert [refused(each)[1] for each in answers] == [
        "reservations.sold_out",
        "credits.not_enough",
        "reservations.price_changed",
        "reservations.pass_to_show",
        "reservations.pass_to_show",
    ]
    assert answers[1].json()["price_cents"] == 1500
    assert await read(world, headers, before) == before
    assert (await world.places_left(other), await world.available_cents(anna)) == (10, 200)
    assert await faults(world) == []


async def test_who_booked_may_not_leave_after_the_limit_but_may_take_more(world: World) -> None:
    first, other, anna, headers = await stage(world, cancel_before=timedelta(days=20))
    before = await booked(world, headers, line(first, 1, anna))

    late = await change(world, headers, before, line(other, 1, anna))
    after = await changed(world, headers, before, line(first, 2, anna))

    assert refused(late) == (409, "reservations.too_late")
    assert [each[2] for each in tickets(after)] == ["confirmed", "confirmed"]


async def test_a_booking_of_another_client_is_not_there(world: World) -> None:
    first, other, anna, headers = await stage(world)
    before = await booked(world, headers, line(first, 1, anna))
    stranger = await world.api_client(first.organiser_id)

    answer = await change(world, stranger, before, line(other, 1, anna))

    assert refused(answer) == (404, "reservations.booking_unknown")


async def test_nothing_is_left_to_change_of_what_was_cancelled(world: World) -> None:
    first, other, anna, headers = await stage(world)
    before = await booked(world, headers, line(first, 1, anna))
    await world.client.delete(f"/api/v1/bookings/{before['booking_id']}", headers=headers)

    answer = await change(world, headers, before, line(other, 1, anna))

    assert refused(answer) == (409, "reservations.nothing_to_change")


async def test_credit_that_lapsed_pays_for_the_new_places_and_no_longer_than_it_did(world: World) -> None:
    first, other, anna, headers = await stage(world, credit_cents=500)
    before = await booked(world, headers, line(first, 1, anna))
    lapsed = world.clock.now() - timedelta(days=1)
    await world.execute("UPDATE credits.purse SET lapses_at = $1", lapsed)

    after = await changed(world, headers, before, line(other, 1, anna))

    assert after["lines"][1]["credit_cents"] == 500
    assert await world.value("SELECT lapses_at FROM credits.purse") == lapsed
    assert await faults(world) == []


async def test_a_date_that_was_postponed_may_be_left_for_another(world: World) -> None:
    first, other, anna, headers = await stage(world, cancel_before=timedelta(days=20))
    before = await booked(world, headers, line(first, 1, anna))
    await postpone(world, first)

    after = await changed(world, headers, before, line(other, 1, anna))

    assert tickets(after) == [(1, 1, "cancelled", "moved_away"), (2, 1, "confirmed", None)]


async def test_a_date_that_was_called_off_is_changed_for_another(world: World) -> None:
    first, other, anna, headers = await stage(world)
    before = await booked(world, headers, line(first, 1, anna))
    await call_off(world, first)

    after = await changed(world, headers, before, line(other, 1, anna))

    assert tickets(after) == [(1, 1, "cancelled", "called_off"), (2, 1, "confirmed", None)]
    assert after["status"] == "confirmed"
    assert await world.available_cents(anna) == 4500
    assert await faults(world) == []


# By card


async def paid_by_card(world: World, headers: Headers, *lines: dict[str, Any]) -> dict[str, Any]:
    before = await booked(world, headers, *lines, pay_with="card")
    await pay(world, before, before["payment"])
    world.clock.move(timedelta(minutes=1))
    return await read(world, headers, before)


async def test_money_stays_with_the_booking_where_the_new_places_cost_the_same(world: World) -> None:
    first, other, anna, headers = await stage(world)
    before = await paid_by_card(world, headers, line(first, 2, anna))

    after = await changed(world, headers, before, line(other, 2, anna))

    assert (after["status"], after["payment"]["status"], after["returned_cents"]) == ("confirmed", "paid", 0)
    assert await world.value("SELECT line_cents FROM credits.payment") == [0, 1000]
    assert await world.available_cents(anna) == 5000
    assert await faults(world) == []


async def test_what_costs_less_gives_the_difference_back(world: World) -> None:
    first, other, anna, headers = await stage(world, price_cents=300)
    before = await paid_by_card(world, headers, line(first, 2, anna))

    after = await changed(world, headers, before, line(other, 2, anna))

    assert [(of["returned_cents"], of["returns"][0]["way"]) for of in after["lines"][:1]] == [(400, "card")]
    assert await world.value("SELECT line_cents FROM credits.payment") == [400, 600]
    assert await faults(world) == []


async def test_places_that_come_instead_cost_no_fee_and_those_that_are_given_up_do(world: World) -> None:
    first, other, _, headers = await stage(world, fee_cents=100)
    before = await paid_by_card(world, headers, line(first, 3))

    after = await changed(world, headers, before, line(other, 2))

    assert [each[3] for each in tickets(after)] == ["moved_away", "moved_away", "given_up", None, None]
    assert (after["lines"][0]["returned_cents"], after["lines"][0]["kept_cents"]) == (400, 100)
    assert await faults(world) == []


async def test_a_difference_to_pay_is_held_beside_the_old_places(world: World) -> None:
    first, other, _, headers = await stage(world, price_cents=700)
    before = await paid_by_card(world, headers, line(first, 2))

    after = await changed(world, headers, before, line(other, 2), pay_with="card")

    pending = after["pending_change"]
    assert (after["status"], after["held_until"], after["payment"]["status"]) == ("confirmed", None, "paid")
    assert pending["held_until"] == pending["payment"]["expires_at"] == "2026-03-02T09:11:00Z"
    assert (pending["payment"]["means"], pending["payment"]["amount_cents"]) == ("card", 400)
    assert [each[2] for each in tickets(after)] == ["confirmed", "confirmed", "held", "held"]
    assert (await world.places_left(first), await world.places_left(other)) == (8, 8)
    assert await read(world, headers, before) == after
    assert await faults(world) == []


async def test_once_it_is_paid_the_old_places_end_and_the_new_ones_stand(world: World) -> None:
    first, other, _, headers = await stage(world, price_cents=700)
    before = await paid_by_card(world, headers, line(first, 2))
    waiting = await changed(world, headers, before, line(other, 2), pay_with="card")

    await pay(world, waiting, waiting["pending_change"]["payment"])

    after = await read(world, headers, before)
    assert [each[2:] for each in tickets(after)] == [("cancelled", "moved_away")] * 2 + [
        ("confirmed", None)
    ] * 2
    assert (after["status"], after["pending_change"], after["remaining_cents"]) == ("confirmed", None, 0)
    assert (await world.places_left(first), await world.places_left(other)) == (10, 8)
    rows = await world.rows("SELECT line_cents FROM credits.payment ORDER BY made_at")
    assert [each["line_cents"] for each in rows] == [[0, 1000], [0, 400]]
    assert await faults(world) == []


async def test_credit_that_comes_back_pays_its_part_and_the_card_the_rest(world: World) -> None:
    first, other, anna, headers = await stage(world, credit_cents=600, price_cents=900)
    before = await booked(world, headers, line(first, 1, anna))

    waiting = await changed(world, headers, before, line(other, 1, anna), pay_with="credit_then_card")
    assert waiting["pending_change"]["payment"]["amount_cents"] == 300
    assert await world.available_cents(anna) == 0
    assert await faults(world) == []
    await pay(world, waiting, waiting["pending_change"]["payment"])

    after = await read(world, headers, before)
    assert [(of["credit_cents"], of["returned_cents"]) for of in after["lines"]] == [(500, 500), (600, 0)]
    assert await world.available_cents(anna) == 0
    assert await faults(world) == []


async def test_what_is_not_paid_lapses_and_the_old_booking_stands(world: World) -> None:
    first, other, anna, headers = await stage(world, credit_cents=600, price_cents=900)
    before = await booked(world, headers, line(first, 1, anna))
    await changed(world, headers, before, line(other, 1, anna), pay_with="credit_then_card")
    world.clock.move(timedelta(minutes=11))

    await lapse(world, before)

    after = await read(world, headers, before)
    assert tickets(after) == [(1, 1, "confirmed", None), (2, 1, "lapsed", "lapsed")]
    assert (after["status"], after["pending_change"]) == ("confirmed", None)
    assert after["lines"][0] == before["lines"][0]
    assert (await world.places_left(other), await world.available_cents(anna)) == (10, 100)
    assert await faults(world) == []


async def test_money_that_comes_in_too_late_goes_back_whole(world: World) -> None:
    first, other, _, headers = await stage(world, price_cents=700)
    before = await paid_by_card(world, headers, line(first, 2))
    waiting = await changed(world, headers, before, line(other, 2), pay_with="card")
    world.clock.move(timedelta(minutes=11))
    await lapse(world, before)

    paid = await pay(world, waiting, waiting["pending_change"]["payment"])

    assert [(each.refund.amount_cents, each.refund.reason) for each in paid.refunds] == [(400, "too_late")]
    after = await read(world, headers, before)
    assert [each[2] for each in tickets(after)] == ["confirmed", "confirmed", "lapsed", "lapsed"]
    assert await faults(world) == []


async def test_a_change_that_can_be_done_no_more_gives_its_money_back_and_keeps_the_old(
    world: World,
) -> None:
    first, other, _, headers = await stage(world, price_cents=700)
    before = await paid_by_card(world, headers, line(first, 2))
    waiting = await changed(world, headers, before, line(other, 2), pay_with="card")
    await world.execute("UPDATE reservations.session SET status = 'cancelled' WHERE id = $1", other.id)

    paid = await pay(world, waiting, waiting["pending_change"]["payment"])

    assert [each.refund.amount_cents for each in paid.refunds] == [400]
    after = await read(world, headers, before)
    assert [each[2] for each in tickets(after)] == ["confirmed", "confirmed", "lapsed", "lapsed"]
    assert after["pending_change"] is None
    assert await faults(world) == []


async def test_while_a_change_waits_nothing_else_changes_but_all_can_be_cancelled(world: World) -> None:
    first, other, _, headers = await stage(world, price_cents=700)
    before = await paid_by_card(world, headers, line(first, 2))
    await changed(world, headers, before, line(other, 2), pay_with="card")
    address = f"/api/v1/bookings/{before['booking_id']}"

    again = await change(world, headers, before, line(first, 1))
    part = {"cancellation_id": str(uuid4()), "lines": [{"no": 1, "tickets": [1]}]}
    cancelled = await world.client.post(f"{address}/cancellations", json=part, headers=headers)
    assert [refused(each)[1] for each in (again, cancelled)] == ["reservations.change_pending"] * 2

    after = (await world.client.delete(address, headers=headers)).json()
    assert (after["status"], after["pending_change"]) == ("cancelled", None)
    assert (await world.places_left(first), await world.places_left(other)) == (10, 10)
    assert await faults(world) == []


async def test_a_change_that_waits_is_let_go_when_asked_and_a_repeat_is_too(world: World) -> None:
    first, other, _, headers = await stage(world, price_cents=700)
    before = await paid_by_card(world, headers, line(first, 2))
    waiting = await changed(world, headers, before, line(other, 2), pay_with="card")
    change_id = waiting["pending_change"]["change_id"]

    address = f"/api/v1/bookings/{before['booking_id']}/changes/{change_id}"
    answers = [await world.client.delete(address, headers=headers) for _ in range(2)]

    assert [each.json()["status"] for each in answers] == ["confirmed"] * 2
    assert answers[1].json()["pending_change"] is None
    assert (await world.places_left(first), await world.places_left(other)) == (8, 10)
    assert await faults(world) == []


@pytest.mark.parametrize("which", ["old", "new"])
async def test_a_date_that_is_called_off_lets_a_change_go_that_waits(world: World, which: str) -> None:
    first, other, _, headers = await stage(world, price_cents=700)
    before = await paid_by_card(world, headers, line(first, 2))
    await changed(world, headers, before, line(other, 2), pay_with="card")

    await call_off(world, {"old": first, "new": other}[which])

    after = await read(world, headers, before)
    assert after["pending_change"] is None
    stands = {"old": ("cancelled", [None] * 0), "new": ("confirmed", ["confirmed"] * 2)}[which]
    assert (after["status"], [each[2] for each in tickets(after) if each[2] == "confirmed"]) == stands
    assert await faults(world) == []


async def test_a_change_after_a_change_gives_back_what_both_payments_paid(world: World) -> None:
    first, other, _, headers = await stage(world, price_cents=700)
    before = await paid_by_card(world, headers, line(first, 2))
    waiting = await changed(world, headers, before, line(other, 2), pay_with="card")
    await pay(world, waiting, waiting["pending_change"]["payment"])
    world.clock.move(timedelta(minutes=1))

    after = await changed(world, headers, before, line(first, 1))
    assert sum(of["returned_cents"] for of in after["lines"]) == 900
    assert await faults(world) == []
    gone = (await world.client.delete(f"/api/v1/bookings/{before['booking_id']}", headers=headers)).json()

    assert sum(of["returned_cents"] for of in gone["lines"]) == 1400
    assert await faults(world) == []


async def test_too_little_for_a_card_leaves_it_more(world: World) -> None:
    first, other, anna, headers = await stage(world, credit_cents=500, price_cents=520)
    before = await booked(world, headers, line(first, 1, anna))

    waiting = await changed(world, headers, before, line(other, 1, anna), pay_with="credit_then_card")
    await pay(world, waiting, waiting["pending_change"]["payment"])

    assert waiting["pending_change"]["payment"]["amount_cents"] == 50
    assert await world.available_cents(anna) == 30
    assert await faults(world) == []
