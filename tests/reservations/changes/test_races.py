"""Many change at once, and connections are cut meanwhile: what stood stands, or what was asked."""

import asyncio
from asyncio import gather
from typing import Any
from uuid import uuid4

from tests.builders import Session, World
from tests.reservations.changes.town import Headers, booked, change, line
from tests.reservations.dates import faults

CUT = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = 'uit' AND usename = 'uit_app'"
)


async def stage(world: World, people: int, seats: int) -> tuple[Session, Headers, list[tuple[Any, Any]]]:
    """So many who have a place of one date, and what each asks: one of another that has so many seats."""
    first = await world.session(people, 500)
    other = await world.session(seats, 500, organiser_id=first.organiser_id)
    headers = await world.api_client(first.organiser_id)
    residents = [await world.resident(500) for _ in range(people)]
    bookings = [await booked(world, headers, line(first, 1, each)) for each in residents]
    asked = [line(other, 1, each) for each in residents]
    return other, headers, list(zip(bookings, asked, strict=True))


async def test_the_last_places_go_to_some_and_the_others_keep_what_they_had(world: World) -> None:
    other, headers, asked = await stage(world, people=8, seats=3)

    answers = await gather(*(change(world, headers, booking, wanted) for booking, wanted in asked))

    assert sorted(each.status_code for each in answers) == [200] * 3 + [409] * 5
    assert {each.json()["code"] for each in answers if each.is_error} == {"reservations.sold_out"}
    assert await world.places_left(other) == 0
    standing = "SELECT count(*)::integer FROM reservations.ticket WHERE status = 'confirmed'"
    assert await world.value(standing) == 8
    assert await faults(world) == []


async def test_a_connection_that_is_cut_leaves_the_old_booking_or_the_new_one(world: World) -> None:
    other, headers, asked = await stage(world, people=8, seats=8)
    names = [str(uuid4()) for _ in asked]

    async def persist(booking: Any, wanted: Any, name: str) -> int:
        """Send it under its id until there is an answer."""
        while True:
            answer = await change(world, headers, booking, wanted, change_id=name)
            if answer.status_code not in {500, 503}:
                return answer.status_code
            await asyncio.sleep(0.1)

    async def cut() -> None:
        for _ in range(5):
            await world.value(CUT)
            await asyncio.sleep(0.05)

    answers, _ = await gather(
        gather(*(persist(*each, name) for each, name in zip(asked, names, strict=True))), cut()
    )

    assert answers == [200] * 8
    assert await world.places_left(other) == 0
    assert await world.value("SELECT count(*)::integer FROM reservations.change") == 8
    assert await faults(world) == []
