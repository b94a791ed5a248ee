"""The waiting rooms as a process remembers them: who looks at their place costs the database nothing.

Each second it reads what changed, opens what is due and lets in who comes next. PostgreSQL has all of it, so
a process that stops loses nobody.
"""

import asyncio
from bisect import bisect_left
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from msgspec import Struct, field

from reservations.booking.batcher import Batcher
from reservations.booking.turnstile import Turnstile
from reservations.waiting_room.draw import CHECK
from reservations.waiting_room.entry import Enter, Entered, Entry, changed_entries, enter_all, read_entry
from reservations.waiting_room.room import (
    Room,
    RoomTitle,
    find_rooms,
    let_in,
    lock_free_room,
    open_room,
    read_titles,
    tell_the_rest,
)
from uit.core.clock import Clock
from uit.core.duty_result import DutyResult
from uit.core.errors import Busy, DatabaseAway, Refusal
from uit.core.secret import Secrets
from uit.database.pool import Database
from uit.database.statements import Executor

DEPTH: Final = 32_768
MOST_READ: Final = 2_000
MOST_FOLLOWING: Final = 4_000
TOLD_A_SECOND: Final = 400
SECONDS_TO_FOLLOW: Final = 50.0
"""Then a page asks anew, as for what is free (`reservations/live/live.py`)."""
OVERLAP: Final = timedelta(seconds=3)
"""What a transaction wrote that took so long is seen as well."""
REMEMBERED: Final = timedelta(hours=1)
FIRST: Final = UUID(int=0)
LONG_AGO: Final = timedelta(days=400)


Standing = dict[str, Any]
"""What the words of a place are made of: the room, the entry, and how many wait before it."""


class RoomNow(Struct):
    """A room with its entries, as they were a second ago.

    `places`: of who waits, in order. `taking_part`: how many are in the draw, or came after it.
    `pages`: the page of who waits, by the address of its region (`waiting_page.py`).
    """

    room: Room
    title: RoomTitle
    entries: dict[UUID, Entry] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)
    taking_part: int = 0
    pages: dict[str, str] = field(default_factory=dict)
    read_until: datetime | None = None

    def ahead_of(self, entry: Entry) -> int:
        """How many wait before somebody."""
        return bisect_left(self.places, entry.place) if entry.place else 0

    @property
    def check(self) -> str:
        """How one checks the draw by oneself; the seed stands behind it."""
        return CHECK

    @property
    def has_opened(self) -> bool:
        return self.room.opened_at is not None

    def put(self, found: Sequence[Entry]) -> None:
        for each in found:
            before = self.entries.get(each.id)
            if before is None or before.changed_at <= each.changed_at:
                self.entries[each.id] = each

    def count(self) -> None:
        """Reckon what every page says, once for all of them."""
        self.places = sorted(each.place for each in self.entries.values() if each.is_waiting and each.place)
        self.pages.clear()
        self.taking_part = sum(1 for each in self.entries.values() if each.proven_at and not each.left_at)


class WaitingRooms:
    """The rooms of this process, and the batcher by which people enter them."""

    def __init__(
        self,
        database: Database,
        turnstile: Turnstile,
        clock: Clock,
        secrets: Secrets,
        is_stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._database, self._turnstile = database, turnstile
        self._clock, self._secrets, self._is_stopping = clock, secrets, is_stopping
        self._following = 0
        self._rooms: dict[tuple[int, UUID], RoomNow] = {}
        self._entering: Batcher[Enter, Entered | Refusal] = Batcher(
            self._enter_all, room_of, who_of, DEPTH, name="waiting_room"
        )

    async def run(self) -> None:
        """Let people enter until cancelled."""
        await self._entering.run()

    def room(self, region_id: int, session_id: UUID) -> RoomNow | None:
        """The room of a session, if it has one."""
        return self._rooms.get((region_id, session_id))

    def needs_turn(self, region_id: int, session_id: UUID) -> bool:
        found = self.room(region_id, session_id)
        return found is not None and found.room.ended_at is None

    async def enter(self, asked: Enter) -> Entered | Refusal | Busy | DatabaseAway:
        return await self._entering.submit(asked)

    async def entry(self, room: RoomNow, entry_id: UUID) -> Entry | None:
        """An entry, from memory; one that came a moment ago, elsewhere, is looked up once."""
        found = room.entries.get(entry_id)
        if found is None:
            async with self._database.reading() as connection:
                found = await read_entry(connection, *room.room.key, entry_id)
            if found:
                room.put([found])
        return found

    def put(self, region_id: int, entry: Entry) -> None:
        """What became of an entry here is known here at once."""
        room = self.room(region_id, entry.session_id)
        if room:
            room.put([entry])

    async def follow(self, room: RoomNow, entry_id: UUID) -> AsyncIterator[Standing | None]:
        """Where somebody stands, as it changes, for a while; None at last when they wait no more.

        The more look, the less often each is told, so that telling them all costs the same.
        """
        if self._following >= MOST_FOLLOWING:
            return
        self._following += 1
        try:
            async for each in self._follow(room, entry_id):
                yield each
        finally:
            self._following -= 1

    async def _follow(self, room: RoomNow, entry_id: UUID) -> AsyncIterator[Standing | None]:
        loop = asyncio.get_running_loop()
        ends_at, said = loop.time() + SECONDS_TO_FOLLOW, None
        while loop.time() < ends_at and not self._is_stopping():
            entry = room.entries.get(entry_id)
            if room.room.ended_at or entry is None or entry.let_in_at or entry.left_at:
                yield None
                return
            standing = entry.place, room.ahead_of(entry)
            if standing != said:
                said = standing
                yield {"room": room, "entry": entry, "ahead": standing[1]}
            await asyncio.sleep(max(1.0, self._following / TOLD_A_SECOND))

    async def step(self) -> DutyResult:
        """What is done each second. A room that fails holds up no other."""
        await self.read()
        tended = await asyncio.gather(
            *(self._tend(each) for each in self._rooms.values()), return_exceptions=True
        )
        for each in tended:
            if isinstance(each, BaseException):
                raise each
        return DutyResult(sum(each for each in tended if isinstance(each, int)))

    async def read(self) -> None:
        """Which rooms there are, and what changed in them."""
        now = self._clock.now()
        async with self._database.reading() as connection:
            rooms = await find_rooms(connection, now - REMEMBERED)
            known = {room.key: await self._with(connection, room) for room in rooms}
            for each in known.values():
                await read_changes(connection, each, now)
        self._rooms = known
        self._turnstile.guarded = frozenset(key for key, each in known.items() if not each.room.ended_at)

    async def _with(self, tx: Executor, room: Room) -> RoomNow:
        before = self._rooms.get(room.key)
        if before is None:
            [title] = await read_titles(tx, room.region_id, [room.session_id])
            return RoomNow(room, title)
        before.room = room
        return before

    async def _tend(self, each: RoomNow) -> int:
        """Open it, let in who comes next, or tell the rest that it is over; by one process at a time."""
        room, now = each.room, self._clock.now()
        if room.ended_at:
            return await self._tell_the_rest(room, now) if each.places else 0
        if room.opens_at > now:
            return 0
        async with self._database.transaction() as tx:
            locked = await lock_free_room(tx, *room.key)
            if locked is None:
                return 0
            if locked.opened_at is None:
                return await open_room(tx, locked, self._secrets, now)
            return await let_in(tx, locked, self._turnstile.load, now)

    async def _tell_the_rest(self, room: Room, now: datetime) -> int:
        async with self._database.transaction() as tx:
            return await tell_the_rest(tx, room, now)

    async def _enter_all(self, asked: Sequence[Enter]) -> Sequence[Entered | Refusal]:
        async with self._database.transaction() as tx:
            return await enter_all(tx, asked, self._clock.now())


async def read_changes(tx: Executor, room: RoomNow, now: datetime) -> None:
    """What changed in a room since it was last read: some at a time, so that others come between."""
    after, last_id = (room.read_until or now - LONG_AGO) - OVERLAP, FIRST
    while True:
        found = await changed_entries(tx, *room.room.key, after, last_id, MOST_READ)
        room.put(found)
        if found:
            after, last_id = found[-1].changed_at, found[-1].id
            room.read_until = after
        if len(found) < MOST_READ:
            break
    room.count()


def room_of(asked: Enter) -> tuple[int, UUID]:
    """A batch is of one room."""
    return asked.region_id, asked.session_id


def who_of(asked: Enter) -> UUID | str:
    """No two in a batch are of one pass or one address."""
    return asked.person_id or asked.membership_id or asked.group_id or asked.email or asked.entry_id
