"""Places on sale, changed by an organiser while people book."""

from asyncio import gather
from uuid import uuid4

from reservations.booking.answers import Resized
from reservations.booking.commands import Resize
from reservations.errors import AboveLicence, BelowTaken
from tests.builders import Session, World


async def set_places(world: World, session: Session, places: int) -> object:
    return await world.services.turnstile.answer(Resize(1, session.id, session.pool_id, places, uuid4()))


async def test_new_places_are_written_down_with_how_many_and_by_whom(world: World) -> None:
    session = await world.session(10)

    assert isinstance(await set_places(world, session, 25), Resized)

    [row] = await world.rows("SELECT act, subject_id, facts::text FROM uit.audit")
    assert tuple(row) == ("pool.resize", str(session.pool_id), '{"capacity": 25}')


async def test_what_is_refused_is_no_act(world: World) -> None:
    session = await world.session(10)
    await world.book(await world.resident(credit_cents=5000), session, places=4)

    answers = [await set_places(world, session, places) for places in (3, 101)]

    assert answers == [BelowTaken(3, 4), AboveLicence(101, 100)]
    assert await world.value("SELECT count(*) FROM uit.audit") == 0


async def test_fewer_places_and_bookings_at_the_same_moment_never_oversell(world: World) -> None:
    session = await world.session(20)
    people = [await world.resident(credit_cents=500) for _ in range(12)]

    await gather(
        *(world.book(each, session) for each in people),
        *(set_places(world, session, places) for places in (8, 6, 9)),
    )

    [row] = await world.rows("SELECT taken, capacity FROM reservations.pool")
    assert row["taken"] <= row["capacity"]
    assert row["taken"] == await world.value("SELECT count(*) FROM reservations.ticket")
