"""A rush, in the database: entering, the draw, being let in, and what a stop of the process does to it."""

from asyncio import gather
from datetime import timedelta
from uuid import uuid4

import pytest

from reservations.booking.answers import Booked
from reservations.room_errors import CannotLengthenTurn, RoomEnded, RoomTooLate
from reservations.waiting_room.draw import draw, promise_of
from reservations.waiting_room.entry import Enter, Entered, stand_at_the_end, take_longer
from reservations.waiting_room.room import (
    CLOSED,
    QUIET,
    SOLD_OUT,
    SOLD_OUT_TOLD,
    YOUR_TURN,
    NewRoom,
    make_room,
    read_drawn,
    read_room,
)
from reservations.waiting_room.rooms import WaitingRooms
from tests.builders import World
from tests.reservations.waiting_room.queue import (
    a_room,
    author,
    enter,
    entry_of,
    mail_in,
    now_of,
    open_now,
    rooms_of,
    turn_of,
)
from uit.core.clock import BRUSSELS

TOLD = "SELECT topic, key FROM uit.outbox WHERE topic LIKE 'waiting_room.%' ORDER BY id"


async def test_its_promise_is_in_the_audit_trail_before_anybody_enters(world: World) -> None:
    session = await world.session()
    room = (await a_room(world, session)).room

    facts = await world.value("SELECT facts->>'promise' FROM uit.audit WHERE act = 'waiting_room.make'")

    assert facts == room.promise.hex()
    assert room.seed is None
    opens = await world.value("SELECT sale_opens_at FROM reservations.session WHERE id = $1", session.id)
    assert opens == room.opens_at


async def test_it_is_made_so_early_that_every_process_knows_of_it(world: World) -> None:
    session, soon = await world.session(), world.clock.now() + timedelta(minutes=9)

    async with world.services.database.transaction() as tx:
        answer = await make_room(tx, author(world), world.services.secrets, session.id, NewRoom(soon))

    assert answer == RoomTooLate(10)


async def test_a_pass_and_an_address_have_one_entry_each(world: World) -> None:
    session, anna = await world.session(), await world.resident()
    await a_room(world, session)

    passes = await gather(*(enter(world, session, anna) for _ in range(5)))
    mails = await gather(*(mail_in(world, session, "g@example.org", proven=False) for _ in range(5)))

    assert len({*passes}) == len({*mails}) == 1
    assert await world.value("SELECT count(*) FROM reservations.queue_entry") == 2


async def test_at_the_opening_all_are_drawn_by_the_seed_that_was_promised(world: World) -> None:
    session = await world.session(seats=1)
    await a_room(world, session)
    entered = [await enter(world, session, await world.resident()) for _ in range(12)]
    unproven = await mail_in(world, session, "traag@example.org", proven=False)

    room = (await open_now(world, session)).room

    assert room.seed is not None
    assert promise_of(room.seed) == room.promise
    async with world.services.database.reading() as connection:
        listed = await read_drawn(connection, 1, session.id)
    assert listed == draw(room.seed, entered)
    assert (await entry_of(world, session, unproven)).place is None


async def test_who_comes_later_stands_behind_in_order_of_arrival(world: World) -> None:
    session = await world.session(seats=1)
    await a_room(world, session)
    early = [await enter(world, session, await world.resident()) for _ in range(3)]
    unproven = await mail_in(world, session, "traag@example.org", proven=False)
    await open_now(world, session)

    late = await enter(world, session, await world.resident())
    proven = await mail_in(world, session, "traag@example.org")

    places = [(await entry_of(world, session, each)).place for each in (*early, late, proven)]
    assert {*places[:3]} == {1, 2, 3}
    assert places[3:] == [4, 5]
    assert proven == unproven


async def test_as_many_are_let_in_as_may_find_a_place_and_are_told(world: World) -> None:
    session = await world.session(seats=4)
    await a_room(world, session)
    entered = [await enter(world, session, await world.resident()) for _ in range(10)]

    room = await open_now(world, session)

    first = draw(room.room.seed or b"", entered)[:6]
    assert {each.id for each in room.entries.values() if each.has_turn(world.clock.now())} == {*first}
    assert {tuple(row) for row in await world.rows(TOLD)} == {(YOUR_TURN, each) for each in first}
    assert len(room.places) == 4


async def test_a_turn_that_passes_goes_to_the_next(world: World) -> None:
    session = await world.session(seats=2)
    await a_room(world, session)
    for _ in range(5):
        await enter(world, session, await world.resident())
    await open_now(world, session)

    world.clock.move(timedelta(minutes=10))
    await rooms_of(world).step()
    await rooms_of(world).read()

    room = now_of(world, session)
    inside = [each.place for each in room.entries.values() if each.has_turn(world.clock.now())]
    assert {*inside} == {4, 5}


async def test_a_turn_that_passes_at_night_goes_to_the_next_in_the_morning(world: World) -> None:
    session = await world.session(seats=1, starts_in=timedelta(days=5))
    await a_room(world, session)
    for _ in range(3):
        await enter(world, session, await world.resident())
    opened = await open_now(world, session)
    assert opened.room.opened_at
    night = opened.room.opened_at.astimezone(BRUSSELS).replace(hour=23, minute=30)

    numbers = []
    for at in (night, night + timedelta(hours=8, minutes=30)):
        world.clock.set(at)
        await rooms_of(world).step()
        await rooms_of(world).read()
        entries = now_of(world, session).entries.values()
        numbers.append([each.place for each in entries if each.has_turn(at)])

    assert numbers == [[], [3]]


async def test_a_turn_is_lengthened_twice_by_a_press(world: World) -> None:
    session, anna = await world.session(), await world.resident()
    await a_room(world, session)
    entry_id = await turn_of(world, session, anna)
    room, began = now_of(world, session).room, world.clock.now()

    async with world.services.database.transaction() as tx:
        pressed = [await take_longer(tx, room, entry_id, began) for _ in range(3)]

    assert pressed[2] == CannotLengthenTurn()
    assert (await entry_of(world, session, entry_id)).turn_until == began + timedelta(minutes=30)


async def test_who_missed_their_turn_may_stand_at_the_end(world: World) -> None:
    session, anna = await world.session(), await world.resident()
    await a_room(world, session)
    entry_id = await turn_of(world, session, anna)
    world.clock.move(timedelta(minutes=11))

    async with world.services.database.transaction() as tx:
        again = await stand_at_the_end(tx, 1, session.id, entry_id, world.clock.now())

    assert again is not None
    assert (again.place, again.is_waiting) == (2, True)


async def test_a_share_is_kept_for_credit_and_for_the_counter(world: World) -> None:
    session = await world.session(seats=2)
    await a_room(world, session, credit_share=3, counter_share=3, tenths_a_place=10)
    others = [await enter(world, session, await world.resident()) for _ in range(8)]
    with_credit = await enter(world, session, await world.resident(credit_cents=500))
    anna = await world.resident()
    asked = Enter(1, session.id, uuid4(), membership_id=anna.membership_id)
    assert isinstance(await rooms_of(world).enter(asked), Entered)

    room = await open_now(world, session)

    inside = {each.id for each in room.entries.values() if each.has_turn(world.clock.now())}
    assert inside == {with_credit, asked.entry_id}
    assert inside.isdisjoint(others)


async def test_when_all_is_sold_everybody_who_waits_is_told_and_nobody_enters(world: World) -> None:
    session, anna = await world.session(seats=1), await world.resident(credit_cents=500)
    await a_room(world, session)
    await turn_of(world, session, anna)
    assert isinstance(await world.book(anna, session), Booked)
    late = await enter(world, session, await world.resident())

    for _ in range(3):
        await rooms_of(world).step()

    assert now_of(world, session).room.end_reason == SOLD_OUT
    assert tuple((await world.rows(TOLD))[-1]) == (SOLD_OUT_TOLD, late)
    answer = await rooms_of(world).enter(Enter(1, session.id, uuid4(), person_id=anna.person_id))
    assert answer == RoomEnded(session.id)


@pytest.mark.parametrize(
    ("changed", "reason"), [("status = 'cancelled'", CLOSED), ("sale_closes_at = sale_opens_at", CLOSED)]
)
async def test_it_ends_when_nothing_is_sold_any_more(world: World, changed: str, reason: str) -> None:
    session = await world.session(seats=1)
    await a_room(world, session)
    for _ in range(3):
        await enter(world, session, await world.resident())
    await world.execute(f"UPDATE reservations.session SET {changed} WHERE id = $1", session.id)

    room = await open_now(world, session)

    assert room.room.end_reason == reason
    assert not [each for each in room.entries.values() if each.has_turn(world.clock.now())]


async def test_it_ends_when_it_is_quiet_for_half_an_hour(world: World) -> None:
    session = await world.session()
    await a_room(world, session)
    await open_now(world, session)

    world.clock.move(timedelta(minutes=30))
    await rooms_of(world).step()
    await rooms_of(world).read()

    assert now_of(world, session).room.end_reason == QUIET


async def test_a_stop_and_a_start_of_the_process_loses_nobody(world: World) -> None:
    session = await world.session(seats=1)
    await a_room(world, session)
    entered = {await enter(world, session, await world.resident()) for _ in range(5)}
    before = await open_now(world, session)

    services = world.services
    started = WaitingRooms(services.database, services.turnstile, world.clock, services.secrets)
    await started.read()

    after = started.room(1, session.id)
    assert after is not None
    assert after.entries == before.entries
    assert {*after.entries} == entered
    assert after.places == before.places


async def test_two_processes_let_nobody_in_twice(world: World) -> None:
    session = await world.session(seats=4)
    await a_room(world, session)
    for _ in range(10):
        await enter(world, session, await world.resident())
    services = world.services
    other = WaitingRooms(services.database, services.turnstile, world.clock, services.secrets)
    await other.read()
    world.clock.move(timedelta(hours=1))

    for _ in range(3):
        await gather(rooms_of(world).step(), other.step())

    told = [row["key"] for row in await world.rows(TOLD)]
    assert len(told) == len({*told}) == 6
    async with services.database.reading() as connection:
        room = await read_room(connection, 1, session.id)
    assert room is not None
    assert room.let_in == 6
