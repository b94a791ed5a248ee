"""Who books while an activity goes somewhere else is told as who had booked before."""

import asyncio
from uuid import uuid4

from reservations.booking.answers import Booked
from reservations.sessions.changing import relocate
from tests.builders import Session, World
from uit.services.audit import Author


async def relocated(world: World, session: Session) -> int:
    author = Author(1, "staff", str(uuid4()), world.clock.now(), world.services.ids)
    async with world.services.database.transaction() as tx:
        return await relocate(tx, author, [session.event_id])


async def waits_for_lock(world: World) -> None:
    waiting = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    for _ in range(200):
        if await world.value(waiting):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("nobody waits for the lock")


async def test_a_booking_that_is_made_before_the_places_are_locked_is_told(world: World) -> None:
    session, anna = await world.session(), await world.resident(5000)
    booked = await world.book(anna, session)
    assert isinstance(booked, Booked)
    await world.execute(
        "UPDATE reservations.ticket SET status = 'cancelled', ending = 'given_up', ended_at = now()"
    )

    async with world.owner.acquire() as other, other.transaction():
        await other.execute("SELECT FROM reservations.pool WHERE id = $1 FOR NO KEY UPDATE", session.pool_id)
        going = asyncio.create_task(relocated(world, session))
        await waits_for_lock(world)
        await other.execute(
            "UPDATE reservations.ticket SET status = 'confirmed', ending = NULL, ended_at = NULL"
        )

    assert await going == 1


async def test_where_nobody_has_a_place_nobody_is_told(world: World) -> None:
    assert await relocated(world, await world.session()) == 0
