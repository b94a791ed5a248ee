"""How full it is, as the organiser counts it."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

from reservations.booking.answers import Booked
from reservations.cursor import Cursor
from reservations.sessions import occupancy
from reservations.sessions.occupancy import Attendance, PoolOccupancy, SessionOccupancy
from tests.builders import Session, World


async def coming(
    world: World, session: Session, after: Cursor | None = None
) -> tuple[Sequence[SessionOccupancy], Cursor | None]:
    async with world.services.database.reading() as connection:
        return await occupancy.coming_sessions(
            connection, session.region_id, session.organiser_id, world.clock.now(), after
        )


async def attendance(world: World, session: Session) -> Attendance:
    async with world.services.database.reading() as connection:
        found = await occupancy.read_attendance(connection, 1, session.organiser_id, session.id)
    assert found is not None
    return found


async def test_a_quota_inside_a_room_is_part_of_the_room(world: World) -> None:
    session, quota = await world.session(seats=100), uuid4()
    await world.execute(
        "INSERT INTO reservations.pool VALUES (1, $1, $2, 'Rolstoelplaatsen', 4, 4, 1, 0, 'wheelchair')",
        quota,
        session.pool_id,
    )
    await world.execute("UPDATE reservations.pool SET taken = 20, held = 5 WHERE id = $1", session.pool_id)
    await world.execute("UPDATE reservations.session SET pool_ids = $1", [session.pool_id, quota])

    (shown,), _ = await coming(world, session)

    assert (shown.taken, shown.held, shown.capacity) == (20, 5, 100)
    async with world.services.database.reading() as connection:
        pools = await occupancy.read_pools(connection, 1, session.organiser_id, session.id)
    assert pools == [
        PoolOccupancy(session.pool_id, "Zaal", "room", 20, 5, 100, 100, 100),
        PoolOccupancy(quota, "Rolstoelplaatsen", "wheelchair", 1, 0, 4, 4, 4),
    ]


async def test_what_is_over_is_gone_and_what_goes_on_stays(world: World) -> None:
    session = await world.session(starts_in=timedelta(hours=1), cancel_before=timedelta())

    world.clock.move(timedelta(hours=2))
    assert len((await coming(world, session))[0]) == 1
    world.clock.move(timedelta(hours=2))

    assert await coming(world, session) == ([], None)


async def test_many_sessions_come_a_page_at_a_time(world: World) -> None:
    session = await world.session()
    for hours in range(occupancy.PAGE + 3):
        await world.session(organiser_id=session.organiser_id, starts_in=timedelta(days=1, hours=hours // 2))
    await world.session()

    first, more = await coming(world, session)
    second, end = await coming(world, session, more)

    ids = [each.id for each in (*first, *second)]
    assert (len(first), len(ids), len(set(ids)), end) == (
        occupancy.PAGE,
        occupancy.PAGE + 4,
        occupancy.PAGE + 4,
        None,
    )


async def test_who_cancelled_is_not_expected_and_who_stayed_away_was(world: World) -> None:
    session = await world.session(seats=20)
    for status in ("confirmed", "cancelled", "attended", "no_show"):
        booked = await world.book(await world.resident(credit_cents=5000), session, 2)
        assert isinstance(booked, Booked)
        await world.execute(
            "UPDATE reservations.ticket SET status = $2::reservations.ticket_status,"
            " attended_at = CASE WHEN $2 = 'attended' THEN $3::timestamptz END,"
            " ending = CASE WHEN $2 = 'cancelled' THEN 'given_up'::reservations.ticket_ending END,"
            " ended_at = CASE WHEN $2 = 'cancelled' THEN $3::timestamptz END WHERE booking_id = $1",
            booked.booking.id, status, world.clock.now(),
        )  # fmt: skip

    found = await attendance(world, session)

    assert (found.inside, found.expected) == (2, 6)


async def test_a_group_counts_with_everybody_in_it(world: World) -> None:
    session = await world.session(seats=50)
    await world.book(await world.resident(credit_cents=5000), session)
    await world.execute("UPDATE reservations.ticket SET weight = 25")

    assert (await attendance(world, session)).expected == 25
    async with world.services.database.reading() as connection:
        tariffs = await occupancy.read_tariffs(connection, 1, session.id)
    assert [(each.name, each.expected) for each in tariffs] == [("base", 25), ("kansentarief", 0)]


async def test_sessions_of_another_organiser_are_not_there(world: World) -> None:
    session, other = await world.session(), await world.session()

    async with world.services.database.reading() as connection:
        for region_id, organiser_id in ((1, other.organiser_id), (2, session.organiser_id)):
            assert await occupancy.read_attendance(connection, region_id, organiser_id, session.id) is None
            assert await occupancy.read_pools(connection, region_id, organiser_id, session.id) == []
