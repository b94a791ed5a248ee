"""Who needs a place for a wheelchair waits for exactly that, and holds up nobody who waits for another."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from reservations.booking.answers import Booked, InWaitingList
from reservations.booking.commands import JoinWaitingList
from reservations.measures.measure import end
from reservations.seats.errors import SeatsApart
from reservations.seats.plan import PlanLine
from reservations.waiting.due import serve_due_lines
from reservations.waiting_line.errors import PlacesFree, WaitsInVain
from tests.builders import Resident, Session, World
from tests.reservations.changes.town import booked, changed, line
from tests.reservations.dates import faults
from tests.reservations.measures.test_measure import author_in, cap
from tests.reservations.seats.world import block, seated
from tests.reservations.waiting.lines import join, joining, offer_of, rule, state
from tests.reservations.waiting.test_seats import seats_of

ROW = PlanLine("A", 1, 6, wheelchair=(1, 6))


async def evening(world: World, *taken: str, plan: PlanLine = ROW) -> tuple[Session, dict[str, UUID]]:
    """A free evening of which somebody has each of these seats, by a booking of its own."""
    session = await seated(world, plan, price_cents=0)
    headers = await world.api_client(session.organiser_id)
    made = {}
    for seat in taken:
        anna = await world.resident()
        one = await booked(world, headers, line(session, 1, anna) | {"seats": [seat]})
        made[seat] = UUID(one["booking_id"])
    return session, made


def wanting(who: Resident, session: Session, places: int = 1, wheelchairs: int = 1) -> JoinWaitingList:
    command = joining(who, session, places=places)
    [wanted] = command.lines
    return replace(command, lines=(replace(wanted, wheelchairs=wheelchairs),))


async def waits(world: World, session: Session, places: int = 1, wheelchairs: int = 1) -> UUID:
    command = wanting(await world.resident(), session, places, wheelchairs)
    assert isinstance(await world.services.turnstile.answer(command), InWaitingList)
    return command.entry_id


async def asks(world: World, session: Session, places: int = 1, wheelchairs: int = 1) -> Any:
    command = wanting(await world.resident(), session, places, wheelchairs)
    return await world.services.turnstile.answer(command)


async def test_who_waits_for_a_wheelchair_place_gets_the_first_that_comes_free_and_no_other(
    world: World,
) -> None:
    session, made = await evening(world, "A-1", "A-2", "A-6")
    entry = await waits(world, session)

    await world.cancel(made["A-2"])
    before = await state(world, entry)
    await world.cancel(made["A-6"])

    assert before == "waiting"
    assert await seats_of(world, await offer_of(world, entry)) == ["A-6"]
    assert await faults(world) == []


async def test_who_waits_for_an_ordinary_place_is_not_held_up_nor_offered_one_for_a_wheelchair(
    world: World,
) -> None:
    session, made = await evening(world, "A-1", "A-2", "A-3", "A-4", "A-5", "A-6")
    for_wheelchair, ordinary = await waits(world, session), await join(world, await world.resident(), session)
    later = await waits(world, session)

    await world.cancel(made["A-3"])
    assert (await state(world, for_wheelchair), await state(world, ordinary)) == ("waiting", "offered")
    ordinary = await join(world, await world.resident(), session)
    await world.cancel(made["A-1"])
    await world.cancel(made["A-6"])

    assert [await state(world, each) for each in (for_wheelchair, later, ordinary)] == [
        "offered",
        "offered",
        "waiting",
    ]
    assert await faults(world) == []


async def test_nothing_that_others_could_have_is_kept_for_who_needs_another_kind(world: World) -> None:
    session, made = await evening(world, "A-1", "A-2", "A-3", "A-4", "A-5", "A-6")
    await rule(world, session, "keep")
    group = await join(world, await world.resident(), session, places=3)
    for_two = await waits(world, session, places=2, wheelchairs=2)
    ordinary = await join(world, await world.resident(), session)

    await world.cancel(made["A-1"])
    kept = await world.value("SELECT kept_booking_id FROM reservations.waiting_entry WHERE id = $1", group)
    await world.cancel(made["A-6"])

    assert kept is None
    assert await state(world, for_two) == "offered"
    assert [await state(world, each) for each in (group, ordinary)] == ["waiting", "waiting"]


async def test_who_comes_with_somebody_is_offered_places_beside_each_other(world: World) -> None:
    session, made = await evening(world, "A-1", "A-2", "A-3", "A-4", "A-5", "A-6")
    entry = await waits(world, session, places=2)

    await world.cancel(made["A-1"])
    await world.cancel(made["A-3"])
    before = await state(world, entry)
    await world.cancel(made["A-2"])

    assert before == "waiting"
    assert sorted(await seats_of(world, await offer_of(world, entry))) == ["A-1", "A-2"]


async def test_a_seat_for_a_wheelchair_that_comes_free_by_a_change_is_offered_at_once(world: World) -> None:
    """The date has as many places free as before."""
    session, _ = await evening(world, "A-6")
    anna, headers = await world.resident(), await world.api_client(session.organiser_id)
    one = await booked(world, headers, line(session, 1, anna) | {"seats": ["A-1"]})
    entry = await waits(world, session)

    await changed(world, headers, one, line(session, 1, anna) | {"seats": ["A-3"]})

    assert await seats_of(world, await offer_of(world, entry)) == ["A-1"]


async def test_a_newcomer_who_needs_no_wheelchair_place_books_while_somebody_waits_for_one(
    world: World,
) -> None:
    session, _ = await evening(world, "A-1", "A-6")
    entry = await waits(world, session)

    answer = await world.book(await world.resident(), session, 2)

    assert isinstance(answer, Booked)
    assert await state(world, entry) == "waiting"
    assert await somebody_waits(world, session) is False


async def test_who_waits_for_a_wheelchair_place_comes_before_a_newcomer(world: World) -> None:
    session, _ = await evening(world, "A-6")
    await block(world, session, "A-1")
    entry = await waits(world, session)
    await world.execute("DELETE FROM reservations.blocked_seat")

    waited = await somebody_waits(world, session)
    await world.book(await world.resident(), session)

    assert waited is True
    assert await seats_of(world, await offer_of(world, entry)) == ["A-1"]


async def somebody_waits(world: World, session: Session) -> object:
    return await world.value("SELECT reservations.somebody_waits($1, $2)", session.region_id, [session.id])


async def test_who_waits_in_vain_is_told(world: World) -> None:
    session, _ = await evening(world, "A-1", "A-6")
    aisles = PlanLine("B", 1, 4, aisles=(1,), wheelchair=(1,))
    lonely, _ = await evening(world, "B-1", plan=aisles)

    assert await asks(world, session, 3, 3) == WaitsInVain(session.id, 3, 2, for_wheelchairs=True)
    assert await asks(world, session, 6, 1) == WaitsInVain(session.id, 5, 4)
    assert await asks(world, lonely, 2, 1) == SeatsApart(lonely.id)
    assert isinstance(await asks(world, lonely, 1, 1), InWaitingList)


async def test_nobody_waits_for_a_wheelchair_place_that_is_free(world: World) -> None:
    session, _ = await evening(world, "A-1")

    assert await asks(world, session) == PlacesFree(session.id, 1)


@pytest.mark.parametrize("wheelchairs", [0, 1])
async def test_the_worker_goes_through_no_line_that_a_measure_keeps_full(
    world: World, wheelchairs: int
) -> None:
    session, made = await evening(world, "A-1", "A-6", "A-2", "A-3", "A-4", "A-5")
    entry = await waits(world, session, wheelchairs=wheelchairs)
    measure_id = await cap(world, places=3)
    await world.cancel(made["A-1" if wheelchairs else "A-2"])

    in_vain = await serve_due_lines(world.services)
    async with world.services.database.transaction() as tx:
        await end(tx, author_in(world), measure_id, None)

    assert in_vain == 0
    assert await serve_due_lines(world.services) == 1
    assert await state(world, entry) == "offered"


async def test_the_worker_goes_through_no_line_of_another_kind_of_seat(world: World) -> None:
    session, _ = await evening(world, "A-1", "A-6")
    await waits(world, session)

    assert await serve_due_lines(world.services) == 0


async def test_nobody_is_kept_waiting_for_a_price_of_wheelchair_places(world: World) -> None:
    """Where seats are not numbered they are a part of the room, in which a price counts."""
    session = await world.session(seats=4, price_cents=0)
    part = await part_for_wheelchairs(world, session)
    assert isinstance(await world.book(await world.resident(), session, tariff="rolstoel"), Booked)
    entry = await join(world, await world.resident(), session, tariff="rolstoel")
    waited = await somebody_waits(world, session)

    ordinary = await world.book(await world.resident(), session)
    await world.execute("UPDATE reservations.pool SET capacity = 2 WHERE id = $1", part)

    assert (waited, await somebody_waits(world, session)) == (False, True)
    assert isinstance(ordinary, Booked)
    assert await serve_due_lines(world.services) == 1
    assert await state(world, entry) == "offered"


async def part_for_wheelchairs(world: World, session: Session) -> UUID:
    """One wheelchair place in the room, and a price that counts in it."""
    part = uuid4()
    await world.execute(
        "INSERT INTO reservations.pool"
        " (region_id, id, kind, name, licensed_capacity, capacity, taken, held, parent_id)"
        " VALUES (1, $1, 'wheelchair', 'Rolstoelplaatsen', 4, 1, 0, 0, $2)",
        part, session.pool_id,
    )  # fmt: skip
    await world.execute(
        "UPDATE reservations.session SET pool_ids = pool_ids || $2::uuid WHERE id = $1", session.id, part
    )
    await world.execute(
        "INSERT INTO reservations.tariff (region_id, session_id, code, name, price_cents, pool_ids)"
        " VALUES (1, $1, 'rolstoel', 'Rolstoelplaats', 0, $2)",
        session.id, [part, session.pool_id],
    )  # fmt: skip
    return part
