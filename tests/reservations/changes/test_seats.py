"""A booking with numbered seats changes: what stays keeps its seat, and what is new gets one."""

from typing import Any

from reservations.seats.plan import PlanLine
from tests.builders import World
from tests.reservations.changes.town import booked, change, changed, line, refused
from tests.reservations.seats.world import seated, seats_taken


def seats_of(booking: dict[str, Any]) -> list[str]:
    """The seats of the tickets that stand."""
    return [
        ticket["seat"]
        for each in booking["lines"]
        for ticket in each["tickets"]
        if ticket["status"] == "confirmed"
    ]


async def test_two_seats_go_to_the_next_day_and_are_free_on_the_first(world: World) -> None:
    first = await seated(world)
    second = await seated(world, organiser_id=first.organiser_id)
    anna, headers = await world.resident(credit_cents=5000), await world.api_client(first.organiser_id)
    booking = await booked(world, headers, line(first, 2, anna) | {"seats": ["A-1", "A-2"]})

    after = await changed(world, headers, booking, line(second, 2, anna) | {"seats": ["B-5", "B-6"]})

    assert seats_of(after) == ["B-5", "B-6"]
    assert await seats_taken(world, first) == []
    assert await seats_taken(world, second) == ["B-5", "B-6"]


async def test_who_stays_keeps_their_seat_and_who_joins_gets_one(world: World) -> None:
    session = await seated(world, best_row="A")
    anna, headers = await world.resident(credit_cents=5000), await world.api_client(session.organiser_id)
    booking = await booked(world, headers, line(session, 1, anna) | {"seats": ["C-6"]})

    after = await changed(world, headers, booking, line(session, 2, anna))

    assert seats_of(after)[0] == "C-6"
    assert sorted(seats_of(after)) == await seats_taken(world, session)
    assert len(await seats_taken(world, session)) == 2


async def test_another_seat_is_chosen_and_the_one_that_is_named_again_stays(world: World) -> None:
    session = await seated(world)
    anna, headers = await world.resident(credit_cents=5000), await world.api_client(session.organiser_id)
    booking = await booked(world, headers, line(session, 2, anna) | {"seats": ["A-1", "A-2"]})

    after = await changed(world, headers, booking, line(session, 2, anna) | {"seats": ["A-2", "A-3"]})

    assert seats_of(after) == ["A-2", "A-3"]
    assert await seats_taken(world, session) == ["A-2", "A-3"]


async def test_a_change_to_a_seat_that_is_gone_leaves_the_old_one(world: World) -> None:
    session = await seated(world, PlanLine("A", 1, 3))
    anna, headers = await world.resident(credit_cents=5000), await world.api_client(session.organiser_id)
    await booked(world, headers, line(session, 1, anna) | {"seats": ["A-3"]})
    booking = await booked(world, headers, line(session, 1, anna) | {"seats": ["A-1"]})

    answer = await change(world, headers, booking, line(session, 1, anna) | {"seats": ["A-3"]})

    assert (answer.status_code, answer.json()["code"]) == (409, "reservations.seats_taken")
    assert await seats_taken(world, session) == ["A-1", "A-3"]


async def test_who_keeps_their_seat_takes_two_more_wherever_there_are(world: World) -> None:
    session = await seated(world)
    anna, headers = await world.resident(credit_cents=5000), await world.api_client(session.organiser_id)
    booking = await booked(world, headers, line(session, 1, anna) | {"seats": ["A-1"]})
    mine, two_more = line(session, 1, anna) | {"seats": ["A-1"]}, line(session, 2, anna)

    after = await changed(world, headers, booking, two_more, mine)

    assert seats_of(after) == ["A-1", "A-2", "A-3"]
    assert after["lines"][0]["tickets"] == booking["lines"][0]["tickets"]


async def test_who_chooses_one_new_seat_keeps_the_others_that_they_have(world: World) -> None:
    session = await seated(world)
    anna, headers = await world.resident(credit_cents=5000), await world.api_client(session.organiser_id)
    booking = await booked(world, headers, line(session, 2, anna) | {"seats": ["A-1", "A-2"]})
    chosen, wherever = line(session, 1, anna) | {"seats": ["C-4"]}, line(session, 3, anna)

    after = await changed(world, headers, booking, chosen, wherever)

    assert sorted(seats_of(after)) == sorted(await seats_taken(world, session))
    assert seats_of(after)[:2] == ["A-1", "A-2"]
    assert "C-4" in seats_of(after)
    assert len(seats_of(after)) == 4


async def test_as_many_seats_as_people_are_chosen_in_a_line_of_a_change(world: World) -> None:
    """As in a booking: who means the others wherever there is one says so in a line of its own."""
    session = await seated(world)
    anna, headers = await world.resident(credit_cents=5000), await world.api_client(session.organiser_id)
    booking = await booked(world, headers, line(session, 1, anna) | {"seats": ["A-1"]})

    answer = await change(world, headers, booking, line(session, 3, anna) | {"seats": ["C-4"]})

    assert refused(answer) == (422, "reservations.seats_miscounted")
    assert await seats_taken(world, session) == ["A-1"]
