"""Who waits: entering, proving an address, taking longer, standing at the end again, and leaving."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.rows import OutboxRow
from reservations.errors import NoPassHere
from reservations.room_errors import CannotLengthenTurn, RoomEnded, RoomUnknown
from reservations.waiting_room.letting_in import COUNTER, CREDIT, OPEN
from reservations.waiting_room.room import Room, lock_room
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal
from uit.database.outbox import write_outbox
from uit.database.statements import Executor, Statements, as_json

SQL = Statements(__name__)

MOST_LENGTHENED: Final = 2
ENTERED: Final = "waiting_room.entered"
"""A guest is mailed the link that proves their address, by topic of the outbox."""


class Entry(Struct, frozen=True):
    """An entry as it stands. `place` comes from the draw, or after the opening by arrival."""

    session_id: UUID
    id: UUID
    membership_id: UUID | None
    group_id: UUID | None
    email: str | None
    place: int | None
    proven_at: datetime | None
    let_in_at: datetime | None
    turn_until: datetime | None
    lengthened: int
    booking_id: UUID | None
    left_at: datetime | None
    changed_at: datetime

    def has_turn(self, now: datetime) -> bool:
        return self.turn_until is not None and now < self.turn_until and self.left_at is None

    @property
    def is_waiting(self) -> bool:
        return self.place is not None and self.let_in_at is None and self.left_at is None


class Enter(Struct, frozen=True):
    """Somebody enters: by their person, by their membership at a counter, as a group, or by an address."""

    region_id: int
    session_id: UUID
    entry_id: UUID
    person_id: UUID | None = None
    membership_id: UUID | None = None
    group_id: UUID | None = None
    email: str | None = None


class Entered(Struct, frozen=True):
    """`is_new`: this made it. A guest's is only shown to who reads the mail."""

    entry_id: UUID
    is_new: bool


class MayEnter(Struct, frozen=True):
    person_id: UUID
    membership_id: UUID
    has_credit: bool


class GroupMayEnter(Struct, frozen=True):
    id: UUID
    has_credit: bool


class QueueRow(Struct, frozen=True):
    id: UUID
    share: str
    proven_at: datetime | None
    place: int | None
    membership_id: UUID | None = None
    group_id: UUID | None = None
    email: str | None = None


find_members = SQL.many("find_members", MayEnter)
find_groups = SQL.many("find_groups", GroupMayEnter)
find_entries = SQL.many("find_entries", Entry)
insert_entries = SQL.command("insert_entries")
set_last_place = SQL.command("set_last_place")
lock_entry = SQL.maybe("lock_entry", Entry)
read_entry = SQL.maybe("read_entry", Entry)
entry_of_member = SQL.maybe("entry_of_member", Entry)
entry_of_group = SQL.maybe("entry_of_group", Entry)
changed_entries = SQL.many("changed_entries", Entry)
prove_entry = SQL.command("prove_entry")
lengthen_turn = SQL.command("lengthen_turn")
put_last = SQL.command("put_last")
leave = SQL.command("leave")


async def enter_all(tx: Executor, asked: Sequence[Enter], now: datetime) -> list[Entered | Refusal]:
    """Enter all who came meanwhile, of one room, in order of arrival; who is in already is as they were."""
    region_id, session_id = asked[0].region_id, asked[0].session_id
    room = await lock_room(tx, region_id, session_id)
    if room is None or room.ended_at:
        return [RoomEnded(session_id) if room else RoomUnknown()] * len(asked)
    found = await find_members(
        tx,
        region_id,
        [each.person_id for each in asked if each.person_id],
        [each.membership_id for each in asked if each.membership_id],
    )
    asked_groups = [each.group_id for each in asked if each.group_id]
    groups = await find_groups(tx, region_id, asked_groups, day_in_flanders(now)) if asked_groups else []
    emails = [each.email for each in asked if each.email]
    passes = [*(each.membership_id for each in found), *(each.id for each in groups)]
    there = await find_entries(tx, region_id, session_id, passes, emails)
    arrivals = Arrivals(room, found, groups, there, now)
    answers = [arrivals.enter(each) for each in asked]
    if arrivals.rows:
        await insert_entries(tx, region_id, session_id, as_json(arrivals.rows), room.opens_at, now)
        await set_last_place(tx, region_id, session_id, arrivals.last_place)
    if arrivals.mailed:
        payload: dict[str, object] = {"session_id": str(session_id)}
        rows = [OutboxRow(ENTERED, each, payload) for each in arrivals.mailed]
        await write_outbox(tx, region_id, as_json(rows), now)
    return answers


class Arrivals:
    """Those of a batch, as they come in. `mailed` are the entries of guests whose address is not proven."""

    def __init__(
        self,
        room: Room,
        members: Sequence[MayEnter],
        groups: Sequence[GroupMayEnter],
        there: Sequence[Entry],
        now: datetime,
    ) -> None:
        self._room, self._now = room, now
        self._groups = {each.id: each for each in groups}
        self._members: dict[UUID, MayEnter] = {}
        for each in members:
            self._members[each.person_id] = self._members[each.membership_id] = each
        self._there: dict[UUID | str, UUID] = {
            each.membership_id or each.group_id or each.email or each.id: each.id for each in there
        }
        self._proven = {each.id for each in there if each.proven_at}
        self.rows: list[QueueRow] = []
        self.mailed: list[UUID] = []
        self.last_place = room.last_place

    def enter(self, asked: Enter) -> Entered | Refusal:
        if asked.email:
            return self._by_address(asked, asked.email)
        if asked.group_id:
            return self._as_group(asked, asked.group_id)
        known = asked.person_id or asked.membership_id
        member = self._members.get(known) if known else None
        if member is None:
            return NoPassHere()
        before = self._there.get(member.membership_id)
        if before:
            return Entered(before, is_new=False)
        share = COUNTER if asked.membership_id else CREDIT if member.has_credit else OPEN
        row = QueueRow(asked.entry_id, share, self._now, self._place(), membership_id=member.membership_id)
        return self._add(member.membership_id, row)

    def _as_group(self, asked: Enter, group_id: UUID) -> Entered | Refusal:
        group, before = self._groups.get(group_id), self._there.get(group_id)
        if group is None:
            return NoPassHere()
        if before:
            return Entered(before, is_new=False)
        share = CREDIT if group.has_credit else OPEN
        row = QueueRow(asked.entry_id, share, self._now, self._place(), group_id=group_id)
        return self._add(group_id, row)

    def _by_address(self, asked: Enter, email: str) -> Entered:
        before = self._there.get(email)
        if before is None:
            answer = self._add(email, QueueRow(asked.entry_id, OPEN, None, None, email=email))
        else:
            answer = Entered(before, is_new=False)
        if answer.entry_id not in self._proven and answer.entry_id not in self.mailed:
            self.mailed.append(answer.entry_id)
        return answer

    def _add(self, key: UUID | str, row: QueueRow) -> Entered:
        self._there[key] = row.id
        self.rows.append(row)
        return Entered(row.id, is_new=True)

    def _place(self) -> int | None:
        """Behind all others, once it was drawn."""
        if self._room.opened_at is None:
            return None
        self.last_place += 1
        return self.last_place


async def next_place(tx: Executor, room: Room) -> int:
    """The place behind all others; the room is locked."""
    await set_last_place(tx, *room.key, room.last_place + 1)
    return room.last_place + 1


async def prove(
    tx: Executor, region_id: int, session_id: UUID, entry_id: UUID, now: datetime
) -> Entry | None:
    """Whoever opens the link of a mail has its address: from now on they take part. Once."""
    room = await lock_room(tx, region_id, session_id)
    entry = await lock_entry(tx, region_id, session_id, entry_id)
    if room is None or entry is None:
        return None
    if entry.proven_at is None and not room.ended_at:
        place = await next_place(tx, room) if room.opened_at else None
        await prove_entry(tx, region_id, session_id, entry_id, now, place)
    return await read_entry(tx, region_id, session_id, entry_id)


async def take_longer(
    tx: Executor, room: Room, entry_id: UUID, now: datetime
) -> Entry | CannotLengthenTurn | None:
    """As long again as a turn takes, twice at most."""
    entry = await lock_entry(tx, *room.key, entry_id)
    if entry is None:
        return None
    if not entry.has_turn(now) or entry.lengthened >= MOST_LENGTHENED or entry.turn_until is None:
        return CannotLengthenTurn()
    await lengthen_turn(tx, *room.key, entry_id, entry.turn_until + room.turn, now)
    return await read_entry(tx, *room.key, entry_id)


async def stand_at_the_end(
    tx: Executor, region_id: int, session_id: UUID, entry_id: UUID, now: datetime
) -> Entry | None:
    """Who missed their turn, or left, stands behind all others; who waits or has a turn stays as they are."""
    room = await lock_room(tx, region_id, session_id)
    entry = await lock_entry(tx, region_id, session_id, entry_id)
    if room is None or entry is None or room.ended_at or not room.opened_at or not entry.proven_at:
        return entry
    if not entry.is_waiting and not entry.has_turn(now) and entry.booking_id is None:
        await put_last(tx, region_id, session_id, entry_id, await next_place(tx, room), now)
    return await read_entry(tx, region_id, session_id, entry_id)
