"""Lines in a batch: who waits for what it may set free, found before its locks and read under them.

A batch that only books frees nothing and reads nothing more, unless it finds under its locks that somebody
waits who could have what it would take: then it begins anew, and goes through that line first. Where somebody
waits, all that the dates of that line draw on is locked together with what the batch itself draws on, in one
order: no two batches can each hold what the other waits for. Lines that meanwhile came to draw on more are
found by looking again under the locks, and then the batch lets go of everything and begins anew.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.commands import (
    Book,
    Command,
    JoinWaitingList,
    LeaveWaitingList,
    Lengthen,
    ServeWaitingList,
)
from reservations.booking.facts import Facts
from reservations.booking.keys import Keys
from reservations.waiting_line.entry import WaitingEntry
from uit.database.statements import Executor, Statements


class FoundLines(Struct, frozen=True):
    """The activities whose lines a batch may touch, and what to lock for that. No `event_ids`: nobody waits.

    `kept_booking_ids`: those of its own bookings that keep places for who waits.
    """

    event_ids: list[UUID]
    pool_ids: list[UUID]
    kept_booking_ids: list[UUID]


NOT_LOOKED_FOR = FoundLines([], [], [])

SQL = Statements(__name__)
find_lines = SQL.one("find_lines", FoundLines)
lock_bookings = SQL.command("lock_bookings")
lock_pools = SQL.command("lock_pools")
lock_lines = SQL.command("lock_lines")
read_lines = SQL.value("read_lines", str)
read_facts_of_lines = SQL.value("read_facts_of_lines", str)


class LinesMoved(Exception):
    """What the lines of a batch draw on became more before it was locked. Nothing was written."""


class SomebodyWaits(LinesMoved):
    """Who waits could have what a batch would take, which did not lock their lines. Nothing was written."""


async def lock_with_lines(
    tx: Executor, keys: Keys, commands: Sequence[Command], *, also_taking: bool
) -> tuple[Keys, FoundLines]:
    """The lines that a batch may touch. Where there are any, its bookings and pools are locked with theirs.

    Answers what is left to lock: not a booking that keeps places. Whoever has the pools of a line may end it,
    so nobody may hold it and wait for these. `also_taking`: look for lines too where nothing can come free.
    """
    looks = also_taking or not only_takes(commands)
    lines = await lines_of(tx, keys, commands) if looks else NOT_LOOKED_FOR
    if lines.event_ids:
        kept = {*lines.kept_booking_ids}
        keys = keys._replace(closing=[each for each in keys.closing if each not in kept])
        await lock_bookings(tx, keys.region_id, keys.closing)
        await lock_pools(tx, keys.region_id, lines.pool_ids)
    return keys, lines


async def lines_of(tx: Executor, keys: Keys, commands: Sequence[Command]) -> FoundLines:
    events, joining = list(events_in(commands)), list(joining_in(commands))
    return await find_lines(tx, keys.region_id, keys.sessions, keys.bookings, events, joining)


async def with_waiting(
    tx: Executor, facts: Facts, keys: Keys, commands: Sequence[Command], locked: FoundLines
) -> Facts:
    """The facts of a batch with who waits for places that it may free; where nobody does, as they are.

    Raises LinesMoved where these draw on more than was locked for them.
    """
    if locked is NOT_LOOKED_FOR:
        return facts
    lines = await lines_of(tx, keys, commands)
    if not lines.event_ids:
        return facts
    if not {*lines.pool_ids} <= {*locked.pool_ids} or not locked.event_ids:
        raise LinesMoved
    await lock_lines(tx, keys.region_id, lines.event_ids)
    found = await read_lines(tx, keys.region_id, lines.event_ids, list(joining_in(commands)))
    waiting = msgspec.json.decode(found, type=list[WaitingEntry])
    return merged(facts, waiting, await read_of(tx, keys.region_id, waiting))


def only_takes(commands: Iterable[Command]) -> bool:
    """Whether nothing can come free by these."""
    return all(isinstance(each, Book | Lengthen) for each in commands)


def joining_in(commands: Iterable[Command]) -> Iterable[UUID]:
    """The places in a line that are asked for."""
    return (each.entry_id for each in commands if isinstance(each, JoinWaitingList))


def events_in(commands: Iterable[Command]) -> set[UUID]:
    """The activities of whose line a batch is asked something."""
    of_line = JoinWaitingList | LeaveWaitingList | ServeWaitingList
    return {each.event_id for each in commands if isinstance(each, of_line)}


async def read_of(tx: Executor, region_id: int, waiting: Sequence[WaitingEntry]) -> Facts:
    """What those in the line could be offered, and what is offered to them or kept for them."""
    sessions = {session_id for each in waiting for session_id in each.session_ids}
    booked = {each for one in waiting for each in (one.booking_id, one.kept_booking_id) if each}
    members = {holder_id for each in waiting for holder_id in each.holder_ids}
    document = await read_facts_of_lines(tx, region_id, list(sessions), list(booked), list(members))
    return msgspec.json.decode(document, type=Facts)


def merged(facts: Facts, waiting: list[WaitingEntry], found: Facts) -> Facts:
    """Both together; of what is in both, what was read last, under all locks."""
    sessions = {each.id: each for each in (*facts.sessions, *found.sessions)}
    pools = {each.id: each for each in (*facts.pools, *found.pools)}
    bookings = {each.id: each for each in (*found.bookings, *facts.bookings)}
    holders = {(each.id, each.card_id): each for each in (*facts.holders, *found.holders)}
    personal = {
        (each.session_id, each.holder_id, each.booking_id, each.line_no): each
        for each in (*facts.personal, *found.personal)
    }
    return replace(
        facts,
        sessions=list(sessions.values()),
        pools=list(pools.values()),
        bookings=list(bookings.values()),
        holders=list(holders.values()),
        personal=list(personal.values()),
        waiting=waiting,
    )
