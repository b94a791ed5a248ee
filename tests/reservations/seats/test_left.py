"""What is free of a date with numbered seats: no more than there are seats, whatever its pool has."""

from reservations.booking.answers import Booked
from reservations.seats.plan import PlanLine
from tests.builders import Session, World
from tests.reservations.seats.world import block, seated
from tests.reservations.sessions.test_desk import text_of


async def left(world: World, session: Session, weight: int = 1) -> int:
    return int(
        await world.value(
            "SELECT reservations.tickets_left(1, $1, ARRAY[$2::uuid], $3, 1, 'page', NULL)",
            session.id, session.pool_id, weight,
        )
    )  # fmt: skip


async def test_a_blocked_row_is_not_said_to_be_free(world: World) -> None:
    session = await seated(world, PlanLine("A", 1, 5), PlanLine("B", 1, 5), price_cents=0)
    assert isinstance(await world.book(await world.resident(), session, 2), Booked)
    taken = await world.rows("SELECT seat FROM reservations.ticket")
    free = sorted({f"{row}-{no}" for row in "AB" for no in range(1, 6)} - {each[0] for each in taken})

    await block(world, session, *free[:5])
    page = await world.client.get(f"/dender/evenementen/{session.event_id}?sessie={session.id}")

    assert await left(world, session) == 3
    assert await left(world, session, weight=2) == 1
    assert "3 plaatsen" in text_of(page)


async def test_a_seat_that_is_taken_and_blocked_is_gone_once(world: World) -> None:
    session = await seated(world, PlanLine("A", 1, 5), price_cents=0)
    await world.tariff(session, "gezin", 0, weight=2)
    assert isinstance(await world.book(await world.resident(), session, tariff="gezin"), Booked)
    seats = await world.value("SELECT seat FROM reservations.ticket")

    await block(world, session, *seats.split(","))

    assert await left(world, session) == 3


async def test_where_no_seats_are_numbered_it_is_what_the_pool_has(world: World) -> None:
    assert await left(world, await world.session(seats=7)) == 7
