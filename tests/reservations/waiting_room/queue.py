"""A waiting room of a test, with those who wait in it."""

from datetime import timedelta
from uuid import UUID, uuid4

from reservations.waiting_room.entry import Enter, Entered, Entry, prove, read_entry
from reservations.waiting_room.room import NewRoom, make_room
from reservations.waiting_room.rooms import RoomNow, WaitingRooms
from tests.builders import Resident, Session, World
from uit.services.audit import Author

__all__ = ["a_room", "enter", "entry_of", "mail_in", "now_of", "open_now", "rooms_of", "turn_of"]
IN_AN_HOUR = timedelta(hours=1)


def rooms_of(world: World) -> WaitingRooms:
    rooms: WaitingRooms = world.app.state["rooms"]
    return rooms


def author(world: World) -> Author:
    return Author(1, "staff", str(uuid4()), world.clock.now(), world.services.ids)


async def a_room(world: World, session: Session, **more: int) -> RoomNow:
    """A room that opens in an hour, as this process knows it."""
    wanted = NewRoom(world.clock.now() + IN_AN_HOUR, **more)
    async with world.services.database.transaction() as tx:
        assert await make_room(tx, author(world), world.services.secrets, session.id, wanted) is None
    await rooms_of(world).read()
    return now_of(world, session)


def now_of(world: World, session: Session) -> RoomNow:
    found = rooms_of(world).room(1, session.id)
    assert found is not None
    return found


async def enter(world: World, session: Session, who: Resident) -> UUID:
    """Somebody enters by their pass."""
    asked = Enter(1, session.id, world.services.ids.new(), person_id=who.person_id)
    answer = await rooms_of(world).enter(asked)
    assert isinstance(answer, Entered), answer
    return answer.entry_id


async def mail_in(world: World, session: Session, email: str, *, proven: bool = True) -> UUID:
    """A guest enters by an address, and opens the link of the mail."""
    asked = Enter(1, session.id, world.services.ids.new(), email=email)
    answer = await rooms_of(world).enter(asked)
    assert isinstance(answer, Entered), answer
    if proven:
        async with world.services.database.transaction() as tx:
            await prove(tx, 1, session.id, answer.entry_id, world.clock.now())
    return answer.entry_id


async def open_now(world: World, session: Session) -> RoomNow:
    """The moment of its opening has come: the order is drawn, and the first are let in."""
    world.clock.move(IN_AN_HOUR)
    rooms = rooms_of(world)
    for _ in range(3):
        await rooms.step()
    await rooms.read()
    return now_of(world, session)


async def entry_of(world: World, session: Session, entry_id: UUID) -> Entry:
    async with world.services.database.reading() as connection:
        found = await read_entry(connection, 1, session.id, entry_id)
    assert found is not None
    return found


async def turn_of(world: World, session: Session, who: Resident) -> UUID:
    """Somebody who was let in."""
    entry_id = await enter(world, session, who)
    await open_now(world, session)
    assert (await entry_of(world, session, entry_id)).has_turn(world.clock.now())
    return entry_id
