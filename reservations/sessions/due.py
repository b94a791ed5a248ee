"""The worker's queue of sessions: those for whose bookings something is due, the longest overdue first.

They are looked for in all regions without a lock, and each is claimed in its own, for a while. Its bookings
are gone through a bounded number at a time, and then it is due again at its next moment. A worker that dies
on the way leaves it to the next one: all of it can be done again.
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.sessions.doors import DOORS_CLOSE_AFTER
from uit.database.pool import Database
from uit.database.statements import Many, Maybe, Statements

SQL = Statements(__name__)

CLAIMED_FOR: Final = timedelta(minutes=5)
AGAIN_AFTER: Final = timedelta(hours=1)
"""When a session is due again of which a booking was refused."""
FIRST: Final = UUID(int=0)
CANDIDATES: Final = 16
"""How many are looked at to find one that no other worker has."""


class DueSession(Struct, frozen=True):
    """`claimed_until` tells this claim from a later one. `choose_until`: of one that was called off."""

    region_id: int
    id: UUID
    claimed_until: datetime
    was_due_at: datetime
    choose_until: datetime | None


class OverdueSession(Struct, frozen=True):
    region_id: int
    id: UUID


class BookingOfSession(Struct, frozen=True):
    id: UUID


find_settling = SQL.many("find_settling", OverdueSession)
claim_settling = SQL.maybe("claim_settling", DueSession)
find_calling_off = SQL.many("find_calling_off", OverdueSession)
claim_calling_off = SQL.maybe("claim_calling_off", DueSession)
next_bookings = SQL.many("next_bookings", BookingOfSession)
next_unpaid_bookings = SQL.many("next_unpaid_bookings", BookingOfSession)
finish_session = SQL.command("finish_session")


async def next_settling(database: Database, now: datetime) -> DueSession | None:
    """Claim the longest overdue session whose bookings may have earned something."""
    return await claim_first(database, find_settling, claim_settling, now)


async def next_calling_off(database: Database, now: datetime) -> DueSession | None:
    """Claim the longest overdue session that was called off."""
    return await claim_first(database, find_calling_off, claim_calling_off, now)


async def claim_first(
    database: Database, find: Many[OverdueSession], claim: Maybe[DueSession], now: datetime
) -> DueSession | None:
    async with database.reading() as connection:
        found = await find(connection, now, CANDIDATES)
    for each in found:
        async with database.transaction() as tx:
            claimed = await claim(tx, each.region_id, each.id, now, now + CLAIMED_FOR)
        if claimed is not None:
            return claimed
    return None


async def bookings_of(
    database: Database,
    session: DueSession,
    at_once: int,
    find: Many[BookingOfSession] = next_bookings,
) -> AsyncIterator[list[UUID]]:
    """The bookings with a standing ticket for a session, `at_once` at a time, in the order of their ids."""
    after = FIRST
    while True:
        async with database.reading() as connection:
            found = await find(connection, session.region_id, session.id, after, at_once)
        if found:
            yield [each.id for each in found]
        if len(found) < at_once:
            return
        after = found[-1].id


async def finish(database: Database, session: DueSession, now: datetime, again_at: datetime | None) -> None:
    """The session is due at its own next moment after now, or at `again_at` when that is sooner.

    A claim that was lost to another worker, or a session that changed meanwhile, stays as it is.
    """
    async with database.transaction() as tx:
        await finish_session(
            tx, session.region_id, session.id, session.claimed_until, now, DOORS_CLOSE_AFTER, again_at
        )
