"""A ticket for several people has as many seats, wherever it is shown, moved or given up."""

from uuid import uuid4

import pytest
from asyncpg import UniqueViolationError

from reservations.seats.plan import PlanLine
from tests.builders import Session, World
from tests.reservations.booking.test_giving_up import words
from tests.reservations.changes.town import Headers, booked, changed
from tests.reservations.dates import faults
from tests.reservations.seats.world import block, seated, seats_taken

ROWS = (PlanLine("A", 1, 6), PlanLine("B", 1, 6))


async def family_evening(world: World) -> tuple[Session, Headers]:
    """Two rows of six seats, with a price for a family of four."""
    session = await seated(world, *ROWS, best_row="A", price_cents=0)
    await world.tariff(session, "gezin", 0, weight=4)
    return session, await world.api_client(session.organiser_id)


def family(session: Session, **more: object) -> dict[str, object]:
    return {"session_id": str(session.id), "tariff": "gezin", "places": 1, **more}


async def test_a_family_sits_beside_each_other_on_one_ticket(world: World) -> None:
    session, headers = await family_evening(world)

    booking = await booked(world, headers, family(session))

    assert [each["seat"] for each in booking["lines"][0]["tickets"]] == ["A-1,A-2,A-3,A-4"]
    assert await world.places_left(session) == 8


async def test_who_comes_after_a_family_gets_no_seat_of_theirs(world: World) -> None:
    session, headers = await family_evening(world)
    await booked(world, headers, family(session))

    for _ in range(2):
        await booked(world, headers, family(session))

    assert [len(each.split(",")) for each in await seats_taken(world, session)] == [4, 4, 4]
    assert len({seat for each in await seats_taken(world, session) for seat in each.split(",")}) == 12


async def test_a_family_chooses_as_many_seats_as_people(world: World) -> None:
    session, headers = await family_evening(world)
    chosen = ["B-1", "B-2", "B-5", "B-6"]
    url = f"/api/v1/bookings/{uuid4()}"
    guest = {"guest": {"name": "An", "email": "an@example.org"}}

    one = await world.client.put(
        url, json={"lines": [family(session, seats=["B-1"])], **guest}, headers=headers
    )
    await booked(world, headers, family(session, seats=chosen))

    assert (one.status_code, one.json()["code"]) == (422, "reservations.seats_miscounted")
    assert await seats_taken(world, session) == ["B-1,B-2,B-5,B-6"]


async def test_a_family_that_gives_up_leaves_all_its_seats(world: World) -> None:
    session, headers = await family_evening(world)
    booking = await booked(world, headers, family(session))
    await changed(world, headers, booking, family(session, seats=["B-1", "B-2", "B-3", "B-4"]))

    other = await booked(world, headers, family(session, seats=["A-1", "A-2", "A-3", "A-4"]))

    assert other["status"] == "confirmed"
    assert await seats_taken(world, session) == ["A-1,A-2,A-3,A-4", "B-1,B-2,B-3,B-4"]


async def test_the_database_refuses_a_seat_of_a_family_for_another(world: World) -> None:
    session, headers = await family_evening(world)
    await booked(world, headers, family(session))
    single = {"session_id": str(session.id), "tariff": "base", "places": 1}
    booking = await booked(world, headers, single)

    with pytest.raises(UniqueViolationError):
        await world.execute(
            "SELECT reservations.write_seats(1, json_build_array(json_build_object("
            "'booking_id', $1::text, 'line_no', 1, 'no', 1, 'seat', 'A-2')))",
            booking["booking_id"],
        )


async def test_a_family_reads_all_its_seats_on_the_page_of_its_booking(world: World) -> None:
    session, _headers = await family_evening(world)
    await block(world, session, "A-1")
    anna = await world.resident(credit_cents=5000)
    await world.sign_in(anna)
    address = f"/dender/sessies/{session.id}/boeken/{uuid4()}"

    hall = (await world.client.get(f"{address}/stoelen", params={"plaatsen-gezin": "1"})).text
    total = (
        await world.client.get(address, params={"plaatsen-gezin": "1", "stoelen": "A-2,A-3,A-4,A-5"})
    ).text

    assert "Kies 4 stoelen" in hall
    assert "Je koos rij A, stoel 2, 3, 4 en 5." in words(total)


async def test_a_seat_of_two_and_a_ticket_with_too_few_are_found_by_the_check(world: World) -> None:
    session, headers = await family_evening(world)
    await booked(world, headers, family(session))
    single = await booked(world, headers, {"session_id": str(session.id), "tariff": "base", "places": 1})
    assert await faults(world) == []

    await world.execute(
        "UPDATE reservations.ticket SET seat = 'A-2' WHERE booking_id = $1", single["booking_id"]
    )
    shared = await faults(world)
    await world.execute("UPDATE reservations.ticket SET seat = 'A-1,A-3' WHERE seat LIKE '%,%'")

    assert shared == [f"Session {session.id} of region 1 has seat A-2 on two live tickets."]
    assert "has a ticket with other seats than people." in (await faults(world))[0]
