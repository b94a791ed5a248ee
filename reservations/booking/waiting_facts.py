"""Lines in a batch: who waits for what it may set free, looked up under its locks.

A batch that only books frees nothing and reads nothing more. Where somebody waits, all that the dates of that
line draw on is locked as well, after what was locked before: a batch that meets another on the way is rerun.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec
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
from reservations.waiting_line.entry import WaitingEntry
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
find_lines = SQL.value("find_lines", list[UUID])
lock_pools_of_lines = SQL.command("lock_pools_of_lines")
lock_lines = SQL.command("lock_lines")
read_lines = SQL.value("read_lines", str)
read_facts_of_lines = SQL.value("read_facts_of_lines", str)


async def with_waiting(tx: Executor, facts: Facts, commands: Sequence[Command]) -> Facts:
    """The facts of a batch with who waits for places that it may free; where nobody does, as they are."""
    if all(isinstance(each, Book | Lengthen) for each in commands):
        return facts
    region_id = commands[0].region_id
    pool_ids, booking_ids = [each.id for each in facts.pools], [each.id for each in facts.bookings]
    joining = [each.entry_id for each in commands if isinstance(each, JoinWaitingList)]
    event_ids = await find_lines(tx, region_id, pool_ids, booking_ids, list(events_in(commands)), joining)
    if not event_ids:
        return facts
    waiting = await lock_and_read_lines(tx, region_id, event_ids, joining)
    while beside := await lines_beside(tx, region_id, waiting, event_ids):
        event_ids = [*event_ids, *beside]
        waiting = await lock_and_read_lines(tx, region_id, event_ids, joining)
    return merged(facts, waiting, await read_of(tx, region_id, waiting))


async def lock_and_read_lines(
    tx: Executor, region_id: int, event_ids: Sequence[UUID], joining: Sequence[UUID]
) -> list[WaitingEntry]:
    await lock_pools_of_lines(tx, region_id, event_ids)
    await lock_lines(tx, region_id, event_ids)
    found = await read_lines(tx, region_id, event_ids, joining)
    return msgspec.json.decode(found, type=list[WaitingEntry])


async def lines_beside(
    tx: Executor, region_id: int, waiting: Sequence[WaitingEntry], event_ids: Sequence[UUID]
) -> set[UUID]:
    """Other activities for which somebody waits who may get what is kept for these, once it is let go."""
    kept = {pool_id for each in waiting if each.kept_booking_id for pool_id in each.pool_ids}
    if not kept:
        return set()
    return {*await find_lines(tx, region_id, list(kept), [], [], [])} - {*event_ids}


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
