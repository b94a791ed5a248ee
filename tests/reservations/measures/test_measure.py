"""A cap for some days: what it leaves is what everybody sees and can book, and nobody loses a place."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from reservations.booking.answers import Booked
from reservations.check import check_bookings
from reservations.errors import SoldOut
from reservations.measures.measure import MeasureScope, NewMeasure, end, read_excess, take
from tests.builders import Session, World
from uit.services.audit import Author

REGION = MeasureScope("region", "")


def author_in(world: World) -> Author:
    return Author(1, "staff", str(uuid4()), world.clock.now(), world.services.ids)


async def cap(world: World, scope: MeasureScope = REGION, **how: Any) -> UUID:
    today = world.clock.now().date()
    chosen = {"places": None, "percent": None, "from_on": today, "to_on": today + timedelta(days=60)} | how
    measure = NewMeasure(uuid4(), scope, reason="De trap wordt hersteld.", **chosen)
    async with world.services.database.transaction() as tx:
        await take(tx, author_in(world), measure)
    return measure.id


async def left(world: World, session: Session) -> int:
    return int(
        await world.value(
            "SELECT reservations.tickets_left(1, $1, ARRAY[$2::uuid], 1, 1, 'page', NULL)",
            session.id,
            session.pool_id,
        )
    )


async def sold(world: World, session: Session, places: int) -> None:
    answer = await world.book(await world.resident(credit_cents=100_00), session, places)
    assert isinstance(answer, Booked), answer


async def test_half_of_what_a_room_may_hold_is_all_that_can_be_booked(world: World) -> None:
    session = await world.session(100)
    await cap(world, percent=20)
    await sold(world, session, 18)

    answer = await world.book(await world.resident(credit_cents=100_00), session, 3)

    assert answer == SoldOut(session.id, 3, 2)
    assert await left(world, session) == 2
    assert await world.value("SELECT capacity FROM reservations.pool") == 100


async def test_of_two_measures_the_lower_counts(world: World) -> None:
    session = await world.session(100)
    await cap(world, percent=50)
    await cap(world, MeasureScope("organiser", str(session.organiser_id)), places=7)

    assert await left(world, session) == 7


async def test_what_was_booked_stays_and_the_excess_is_listed(world: World) -> None:
    session, other = await world.session(20), await world.session(20)
    await sold(world, session, 12)
    await sold(world, other, 5)
    await cap(world, places=10)

    async with world.services.database.reading() as connection:
        [over] = await read_excess(connection, 1, world.clock.now(), None, 100)
        others = await read_excess(connection, 1, world.clock.now(), other.organiser_id, 100)
    assert (over.id, over.taken, over.cap, over.over) == (session.id, 12, 10, 2)
    assert others == []
    assert await left(world, session) == 0
    assert await world.value("SELECT taken FROM reservations.pool WHERE id = $1", session.pool_id) == 12


async def test_what_is_online_fills_no_room(world: World) -> None:
    session = await world.session(100)
    await world.execute("UPDATE reservations.session SET attendance = 'online' WHERE id = $1", session.id)
    await cap(world, percent=50)

    assert await left(world, session) == 100


async def test_it_holds_on_its_days_alone(world: World) -> None:
    session, today = await world.session(20), world.clock.now().date()
    await cap(world, places=3, to_on=today + timedelta(days=2))

    assert await left(world, session) == 20


async def test_once_it_is_ended_all_can_be_booked_again(world: World) -> None:
    session = await world.session(20)
    measure_id = await cap(world, places=3)

    async with world.services.database.transaction() as tx:
        await end(tx, author_in(world), measure_id, session.organiser_id)
    assert await left(world, session) == 3
    async with world.services.database.transaction() as tx:
        await end(tx, author_in(world), measure_id, None)
    assert await left(world, session) == 20


async def test_an_organiser_caps_its_own_sessions_in_a_place_and_no_others(world: World) -> None:
    mine, theirs, venue_id = await world.session(20), await world.session(20), uuid4()
    await world.execute("INSERT INTO organisers.venue (region_id, id, name) VALUES (1, $1, 'Zaal')", venue_id)
    await world.execute("UPDATE organisers.event SET venue_id = $1", venue_id)
    await cap(world, MeasureScope("venue", str(venue_id), mine.organiser_id), places=4)

    assert [await left(world, each) for each in (mine, theirs)] == [4, 20]


async def test_a_municipality_is_that_of_the_place(world: World) -> None:
    session, venue_id = await world.session(20), uuid4()
    await world.execute(
        "INSERT INTO uit.municipality (refnis, name, name_fr, province, postal_codes)"
        " VALUES ('41002', 'Aalst', 'Alost', 'Oost-Vlaanderen', '{9300}') ON CONFLICT DO NOTHING"
    )
    await world.execute(
        "INSERT INTO organisers.venue (region_id, id, name, refnis) VALUES (1, $1, 'Zaal', '41002')", venue_id
    )
    await cap(world, MeasureScope("municipality", "41002"), percent=10)
    before = await left(world, session)
    await world.execute("UPDATE organisers.event SET venue_id = $1", venue_id)

    assert (before, await left(world, session)) == (20, 10)


async def test_a_measure_writes_nothing_but_itself(world: World) -> None:
    session = await world.session(20)
    await sold(world, session, 4)
    before = await world.rows("SELECT *, xmin::text FROM reservations.pool")

    await cap(world, percent=0)

    assert await world.rows("SELECT *, xmin::text FROM reservations.pool") == before
    async with world.services.database.reading() as connection:
        assert await check_bookings(connection) == []
