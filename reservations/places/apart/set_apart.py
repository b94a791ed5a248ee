"""Places of a room that are set apart for a channel or a client of the API, until a moment.

They stand in what the room holds back, and who books by that channel draws on them first. At that moment, or
sooner by hand, what is left of them goes back on sale.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.services import BookingServices
from reservations.places.errors import NoRoom, SetApartAlready, TooFewToSetApart
from reservations.places.parts import DrawRow
from reservations.places.pool import Layout, draw_on, lock_layouts
from reservations.waiting.due import serve_due_lines
from uit.core.errors import Refusal
from uit.database.statements import Executor, Statements, as_json
from uit.services.audit import Author

SQL = Statements(__name__)
AT_ONCE: Final = 16


class NewSetApart(Struct, frozen=True):
    """So many places for a `channel`, with `client_id` for one client of the API alone."""

    id: UUID
    channel: str
    client_id: str | None
    places: int
    release_at: datetime


class SetApart(Struct, frozen=True):
    """Places that are set apart: `sold` of them so far, and `unsold` when they were released."""

    id: UUID
    channel: str
    client: str | None
    places: int
    sold: int
    release_at: datetime
    released_at: datetime | None
    unsold: int | None


class Released(Struct, frozen=True):
    """How many places were left when they were released."""

    unsold: int


class DueRelease(Struct, frozen=True):
    region_id: int
    session_id: UUID
    pool_id: UUID


class KnownClient(Struct, frozen=True):
    id: str
    name: str


read_set_apart = SQL.many("read_set_apart", SetApart)
read_clients = SQL.many("read_clients", KnownClient)
"""The clients of the API that sell for an organiser."""
is_set_apart = SQL.value("is_set_apart", bool)
insert_pool = SQL.command("insert_pool")
insert_allotment = SQL.command("insert_allotment")
hold = SQL.command("hold")
release_allotment = SQL.maybe("release_allotment", Released)
"""None where that was done before."""
find_due = SQL.many("find_due", DueRelease)


async def set_apart(tx: Executor, author: Author, session_id: UUID, new: NewSetApart) -> Refusal | None:
    """Keep places for a channel, of those that are free. A repeat changes nothing."""
    layout = (await lock_layouts(tx, author.region_id, [session_id]))[session_id]
    room = layout.room
    if new.id in layout.pools:
        return None
    refusal = await refuse(tx, author.region_id, session_id, layout, new)
    if refusal or room is None:
        return refusal
    here = author.region_id, new.id
    await insert_pool(tx, *here, room.id, new.places)
    await hold(tx, author.region_id, room.id, new.places)
    whom = new.channel, new.client_id
    await insert_allotment(tx, *here, session_id, *whom, new.places, new.release_at, author.now)
    await draw_on(tx, author.region_id, as_json([DrawRow(session_id, [*layout.pools, new.id])]))
    await author.note(tx, "places.set_apart", "session", session_id, places=new.places, channel=new.channel)
    return None


async def refuse(
    tx: Executor, region_id: int, session_id: UUID, layout: Layout, new: NewSetApart
) -> Refusal | None:
    room = layout.room
    if room is None:
        return NoRoom(session_id)
    if await is_set_apart(tx, region_id, session_id, new.channel, new.client_id):
        return SetApartAlready(session_id)
    left = max(0, room.in_force - room.taken - room.held)
    return TooFewToSetApart(new.places, left) if new.places > left else None


async def release(tx: Executor, author: Author, session_id: UUID, pool_id: UUID) -> bool:
    """Put what is left of them back on sale; whether that was not done before."""
    layout = (await lock_layouts(tx, author.region_id, [session_id]))[session_id]
    released = await release_allotment(tx, author.region_id, session_id, pool_id, author.now)
    room_id = layout.pools[pool_id].parent_id if pool_id in layout.pools else None
    if released is None or room_id is None:
        return False
    if released.unsold:
        await hold(tx, author.region_id, room_id, -released.unsold)
    await author.note(tx, "places.release", "session", session_id, places=released.unsold)
    return True


async def release_due(services: BookingServices) -> int:
    """Release what is due, in one region after another; returns of how many dates."""
    now, done = services.clock.now(), 0
    async with services.database.reading() as connection:
        due = await find_due(connection, now, AT_ONCE)
    for each in due:
        author = Author(each.region_id, "system", "worker", now, services.ids)
        async with services.database.transaction() as tx:
            done += await release(tx, author, each.session_id, each.pool_id)
    if done:
        await serve_due_lines(services)
    return done
