"""Waiting rooms: making one, its opening with the draw, letting in, and its end."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.batcher import Load
from reservations.booking.rows import OutboxRow
from reservations.room_errors import RoomTooLate
from reservations.waiting_room.draw import draw, promise_of, seed_of
from reservations.waiting_room.letting_in import Queued, Shares, how_many, is_at_rest, is_over, next_in
from uit.core.secret import Secrets
from uit.database.outbox import write_outbox
from uit.database.statements import Executor, Statements, as_json
from uit.services.audit import Author

SQL = Statements(__name__)

KNOWN_AFTER: Final = timedelta(minutes=10)
"""A room is made so long before it opens: by then every process knows of it."""
QUIET_AFTER: Final = timedelta(minutes=30)
MOST_LET_GO: Final = 1_000
YOUR_TURN, SOLD_OUT_TOLD = "waiting_room.turn", "waiting_room.over"
"""What who waits is told, by topic of the outbox; the key is that of their entry."""
SOLD_OUT, QUIET, CLOSED = "sold_out", "quiet", "closed"


class Room(Struct, frozen=True):
    """A waiting room. `seed` is shown from its opening on; `promise` always."""

    session_id: UUID
    region_id: int
    opens_at: datetime
    nonce: UUID
    promise: bytes
    seed: bytes | None
    opened_at: datetime | None
    credit_share: int
    counter_share: int
    tenths_a_place: int
    turn_minutes: int
    last_place: int
    let_in: int
    ended_at: datetime | None
    end_reason: str | None

    @property
    def key(self) -> tuple[int, UUID]:
        return self.region_id, self.session_id

    @property
    def shares(self) -> Shares:
        return Shares(self.credit_share, self.counter_share)

    @property
    def turn(self) -> timedelta:
        return timedelta(minutes=self.turn_minutes)


class RoomTitle(Struct, frozen=True):
    """What a room is for. `is_discreet`: no message names it."""

    session_id: UUID
    event_id: UUID
    organiser_id: UUID
    name: str
    is_discreet: bool
    starts_at: datetime
    ends_at: datetime


class NewRoom(Struct, frozen=True):
    """What an organiser says of a waiting room."""

    opens_at: datetime
    credit_share: int = 0
    counter_share: int = 0
    tenths_a_place: int = 15
    turn_minutes: int = 10


class RoomState(Struct, frozen=True):
    """`inside`: who has a turn and did not book. `places_left`: None where they are not counted.

    `is_closed`: nothing is sold any more, as of a date that was called off.
    """

    places_left: int | None
    held: int
    inside: int
    waiting: int
    is_closed: bool


read_titles = SQL.many("read_titles", RoomTitle)
insert_room = SQL.command("insert_room")
open_sale_at = SQL.command("open_sale_at")
lock_room = SQL.maybe("lock_room", Room)
lock_free_room = SQL.maybe("lock_free_room", Room)
read_room = SQL.maybe("read_room", Room)
find_rooms = SQL.many("find_rooms", Room)
find_undrawn = SQL.value("find_undrawn", list[UUID])
write_draw = SQL.command("write_draw")
write_opening = SQL.command("write_opening")
write_let_in = SQL.command("write_let_in")
count_let_in = SQL.command("count_let_in")
read_state = SQL.one("read_state", RoomState)
first_waiting = SQL.many("first_waiting", Queued)
end_room = SQL.command("end_room")
let_go = SQL.value("let_go", list[UUID])
read_drawn = SQL.value("read_drawn", list[UUID])


async def make_room(
    tx: Executor, author: Author, secrets: Secrets, session_id: UUID, wanted: NewRoom
) -> RoomTooLate | None:
    """Make a waiting room, with the promise of its seed in the audit trail. A repeat changes nothing."""
    region_id, now = author.region_id, author.now
    if await lock_room(tx, region_id, session_id):
        return None
    if wanted.opens_at < now + KNOWN_AFTER:
        return RoomTooLate(int(KNOWN_AFTER.total_seconds()) // 60)
    nonce = author.ids.new()
    promise = promise_of(seed_of(secrets.sealing, region_id, session_id, nonce))
    shares = wanted.credit_share, wanted.counter_share, wanted.tenths_a_place, wanted.turn_minutes
    await insert_room(tx, region_id, session_id, wanted.opens_at, nonce, promise, *shares, now)
    await open_sale_at(tx, region_id, session_id, wanted.opens_at, now)
    await author.note(tx, "waiting_room.make", "session", session_id, promise=promise.hex())
    return None


async def open_room(tx: Executor, room: Room, secrets: Secrets, now: datetime) -> int:
    """Draw the order of who entered, and show the seed; returns how many were drawn."""
    seed = seed_of(secrets.sealing, *room.key, room.nonce)
    drawn = draw(seed, await find_undrawn(tx, *room.key))
    await write_draw(tx, *room.key, drawn, now)
    await write_opening(tx, *room.key, seed, now, len(drawn))
    return len(drawn)


async def let_in(tx: Executor, room: Room, load: Load, now: datetime) -> int:
    """Give turns to who comes next, as many as may find a place; returns how many. Ends what is over."""
    state = await read_state(tx, *room.key, now)
    if reason := why_over(room, state, now):
        await end(tx, room, reason, now)
        return 0
    number = how_many(state.places_left, state.inside, room.tenths_a_place, load)
    if not number or not state.waiting or is_at_rest(room.opened_at or now, now):
        return 0
    waiting = await first_waiting(tx, *room.key, number)
    chosen = [each.id for each in next_in(waiting, room.let_in, room.shares, number)]
    await write_let_in(tx, *room.key, chosen, now, now + room.turn)
    await count_let_in(tx, *room.key, len(chosen))
    await tell(tx, room, YOUR_TURN, chosen, now)
    return len(chosen)


def why_over(room: Room, state: RoomState, now: datetime) -> str | None:
    """Why nobody needs to wait any more; None while they do."""
    if state.is_closed:
        return CLOSED
    if is_over(state.places_left, state.held):
        return SOLD_OUT
    is_empty = not state.waiting and not state.inside
    return QUIET if is_empty and room.opened_at and now >= room.opened_at + QUIET_AFTER else None


async def end(tx: Executor, room: Room, reason: str, now: datetime) -> None:
    """Nobody needs a turn any more."""
    await end_room(tx, *room.key, now, reason)


async def tell_the_rest(tx: Executor, room: Room, now: datetime) -> int:
    """Tell who still waited that it is over, so many at a time; returns how many."""
    gone = await let_go(tx, *room.key, now, MOST_LET_GO)
    if gone:
        await tell(tx, room, SOLD_OUT_TOLD, gone, now)
    return len(gone)


async def tell(tx: Executor, room: Room, topic: str, entry_ids: list[UUID], now: datetime) -> None:
    payload: dict[str, object] = {"session_id": str(room.session_id)}
    rows = [OutboxRow(topic, each, payload) for each in entry_ids]
    await write_outbox(tx, room.region_id, as_json(rows), now)
