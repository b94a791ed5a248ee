"""What a client is told where a booking waits for something, or nothing of it is left."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.builders import World
from tests.reservations.changes.test_changes import stage
from tests.reservations.changes.town import booked, change, line, read, refused
from tests.reservations.dates import call_off, faults
from tests.reservations.guest.guests import takes_money

WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("desk", "Die kan je nu al annuleren."),
        ("card", "Betaal eerst, of geef alle tickets terug en boek opnieuw."),
    ],
)
async def test_what_waits_for_money_changes_after_that_and_is_told_what_can_be_done_now(
    world: World, way: str, words: str
) -> None:
    first, other, anna, headers = await stage(world, credit_cents=0)
    await takes_money(world, first)
    before = await booked(world, headers, line(first, 2, anna), pay_with=way)

    answer = await change(world, {**headers, "Accept-Language": "nl"}, before, line(other, 2, anna))
    part = {"cancellation_id": str(uuid4()), "lines": [{"no": 1, "tickets": [2]}]}
    own = f"/api/v1/bookings/{before['booking_id']}/cancellations"
    less = await world.client.post(own, json=part, headers=headers)

    assert refused(answer) == (409, "reservations.payment_open")
    assert answer.json()["waits_for"] == way
    assert words in answer.text
    assert less.status_code == {"desk": 200, "card": 409}[way]
    assert await faults(world) == []


async def test_a_repeat_of_a_change_is_answered_after_all_was_cancelled(world: World) -> None:
    first, other, anna, headers = await stage(world)
    before = await booked(world, headers, line(first, 2, anna))
    wanted = line(other, 2, anna), {"change_id": str(uuid4())}
    await change(world, headers, before, wanted[0], **wanted[1])
    await world.client.delete(f"/api/v1/bookings/{before['booking_id']}", headers=headers)

    repeated = await change(world, headers, before, wanted[0], **wanted[1])
    another = await change(world, headers, before, line(first, 1, anna))

    assert (repeated.status_code, repeated.json()["status"]) == (200, "cancelled")
    assert refused(another) == (409, "reservations.nothing_to_change")


async def test_a_date_that_was_called_off_says_until_when_is_chosen(world: World) -> None:
    first, other, anna, headers = await stage(world)
    before = await booked(world, headers, line(first, 2, anna), line(other, 1, anna))
    until = world.clock.now() + WEEK

    await call_off(world, first, choose=WEEK)
    waiting = await read(world, headers, before)
    await world.client.delete(f"/api/v1/bookings/{before['booking_id']}", headers=headers)
    after = await read(world, headers, before)

    assert [each.get("choose_until") for each in waiting["lines"]] == [f"{until:%Y-%m-%dT%H:%M:%SZ}", None]
    assert ["choose_until" in each for each in after["lines"]] == [False, False]
