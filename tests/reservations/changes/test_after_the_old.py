"""A change that waits to be paid while nothing of the old booking stands, or another change does."""

from datetime import timedelta
from typing import Any

from tests.builders import World
from tests.reservations.changes.town import Headers, booked, changed, lapse, line, pay, read
from tests.reservations.dates import call_off, faults

HOUR = timedelta(hours=1)
BACK = "SELECT coalesce(sum(amount_cents), 0)::integer FROM credits.refund"
THEN_CARD = "credit_then_card"
Document = dict[str, Any]
STATES = "SELECT state FROM reservations.change"


async def waiting(world: World, *, is_called_off: bool) -> tuple[Headers, Document, Document]:
    """Who paid 5 euros with credit wants a date of 12, and has to pay 2 of it by card: the booking."""
    first = await world.session(10, 500)
    other = await world.session(10, 1200, organiser_id=first.organiser_id)
    await world.seller(first.organiser_id)
    anna, headers = await world.resident(1000), await world.api_client(first.organiser_id)
    before = await booked(world, headers, line(first, 1, anna))
    if is_called_off:
        await call_off(world, first)
    wanted = line(other, 1, anna)
    return headers, wanted, await changed(world, headers, before, wanted, pay_with=THEN_CARD)


async def test_a_change_of_what_was_called_off_waits_as_any_other_and_is_done_once_it_is_paid(
    world: World,
) -> None:
    headers, _, held = await waiting(world, is_called_off=True)
    assert (await read(world, headers, held))["pending_change"] == held["pending_change"]

    await pay(world, held, held["pending_change"]["payment"])

    assert (await read(world, headers, held))["pending_change"] is None
    assert await world.rows(STATES) == [("done",)]
    assert await faults(world) == []


async def test_a_change_of_what_was_called_off_that_is_not_paid_is_let_go(world: World) -> None:
    headers, _, held = await waiting(world, is_called_off=True)
    world.clock.move(HOUR)

    await lapse(world, held)

    assert (await read(world, headers, held))["status"] == "cancelled"
    assert await world.rows(STATES) == [("stopped",)]
    assert await faults(world) == []


async def test_money_for_a_change_of_a_booking_that_was_cancelled_meanwhile_goes_back_and_no_more(
    world: World,
) -> None:
    headers, _, held = await waiting(world, is_called_off=False)
    await world.client.delete(f"/api/v1/bookings/{held['booking_id']}", headers=headers)

    await pay(world, held, held["pending_change"]["payment"])

    assert await world.value(BACK) == held["pending_change"]["payment"]["amount_cents"] == 200
    assert await faults(world) == []


async def test_money_that_comes_too_late_for_a_change_is_accounted_for_while_another_waits(
    world: World,
) -> None:
    headers, wanted, held = await waiting(world, is_called_off=False)
    world.clock.move(HOUR)
    await lapse(world, held)
    await changed(world, headers, held, wanted, pay_with=THEN_CARD)

    await pay(world, held, held["pending_change"]["payment"])

    assert await world.value(BACK) == 200
    assert await faults(world) == []
