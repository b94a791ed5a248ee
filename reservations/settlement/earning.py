"""What organisers have earned: credit put aside is settled by the rule of the programme that gave it.

`reservations.open_holds` says from when a hold is earned; how much of it, is said here. It happens while the
booking is locked, as it is for a cancellation and a check-in.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

import asyncpg
import structlog
from msgspec import Struct

from credits.settlement.settlement import Earned, settle_holds
from reservations.absences.recording import record_absences
from reservations.sessions.doors import DOORS_CLOSE_AFTER
from reservations.sessions.due import AGAIN_AFTER, DueSession, bookings_of, finish, next_settling
from uit.core.duty_result import DutyResult
from uit.core.ids import Ids
from uit.database.pool import Database
from uit.database.statements import Executor, Statements
from uit.services.services import Services

SQL = Statements(__name__)
AT_ONCE = 500

log = structlog.get_logger()


class DueHold(Struct, frozen=True):
    """Credit put aside for a line: `attended` and `missed` count the people on its tickets."""

    id: UUID
    booking_id: UUID
    line_no: int
    amount_cents: int
    earning: str
    no_show_percent: int
    lapses_at: datetime
    attended: int
    missed: int
    earned_at: datetime


lock_bookings = SQL.command("lock_bookings")
read_open_holds = SQL.many("read_open_holds", DueHold)
mark_no_shows = SQL.command("mark_no_shows")


async def settle_earned(services: Services, now: datetime, at_once: int = AT_ONCE) -> int:
    """Settle all that is earned by now; how many holds and tickets changed.

    Several workers may do this beside each other: each takes the sessions that no other has.
    """
    changed = 0
    while (step := await settle_session(services.database, services.ids, now, at_once)).more:
        changed += step.count
    return changed


async def settle_session(database: Database, ids: Ids, now: datetime, at_once: int = AT_ONCE) -> DutyResult:
    """Go through the bookings of the longest overdue session; no more when there was none.

    What fails is tried again an hour later, not at every turn, and holds up no other booking.
    """
    session = await next_settling(database, now)
    if session is None:
        return DutyResult(0)
    changed, again_at = 0, None
    async for booking_ids in bookings_of(database, session, at_once):
        try:
            changed += await settle_bookings(database, ids, session, booking_ids, now)
        except asyncpg.IntegrityConstraintViolationError:
            changed += await settle_one_by_one(database, ids, session, booking_ids, now)
            again_at = now + AGAIN_AFTER
    await finish(database, session, now, again_at)
    return DutyResult(changed, session.was_due_at, more=True)


async def settle_one_by_one(
    database: Database, ids: Ids, session: DueSession, booking_ids: Sequence[UUID], now: datetime
) -> int:
    """Settle the bookings of a set that the database refused, without the one that it refused them for."""
    changed = 0
    for booking_id in booking_ids:
        try:
            changed += await settle_bookings(database, ids, session, [booking_id], now)
        except asyncpg.IntegrityConstraintViolationError:
            log.exception("settle_refused", booking=str(booking_id))
    return changed


async def settle_bookings(
    database: Database, ids: Ids, session: DueSession, booking_ids: Sequence[UUID], now: datetime
) -> int:
    """Settle the earned holds of these bookings, and say who did not come to the session."""
    region_id = session.region_id
    async with database.transaction() as tx:
        await lock_bookings(tx, region_id, booking_ids)
        earned = await read_earned(tx, region_id, booking_ids, now)
        settled = await settle_holds(tx, region_id, earned, ids, now) if earned else 0
        missed = await mark_no_shows(tx, region_id, booking_ids, session.id, now, DOORS_CLOSE_AFTER)
        if missed:
            await record_absences(tx, region_id, booking_ids, session.id, now)
    return settled + missed


async def read_earned(
    tx: Executor, region_id: int, booking_ids: Sequence[UUID], now: datetime
) -> list[Earned]:
    holds = await read_open_holds(tx, region_id, booking_ids, DOORS_CLOSE_AFTER)
    return list(shares(hold for hold in holds if hold.earned_at <= now))


def shares(holds: Iterable[DueHold]) -> Iterator[Earned]:
    """What each payee earned. Holds that pay for one line under one rule are rounded together, once."""
    for _, together in groupby(sorted(holds, key=rule), key=rule):
        yield from spread_earned(list(together))


def rule(hold: DueHold) -> tuple[UUID, int, str, int]:
    return hold.booking_id, hold.line_no, hold.earning, hold.no_show_percent


def spread_earned(holds: Sequence[DueHold]) -> Iterator[Earned]:
    """What was earned comes from the first holds; what is released goes back to those that lapse last."""
    left = earned_cents(holds[0], sum(hold.amount_cents for hold in holds))
    for hold in holds:
        cents = min(left, hold.amount_cents)
        left -= cents
        yield Earned(hold.id, cents)


def earned_cents(hold: DueHold, cents: int) -> int:
    """The part of a line's credit that is earned, rounded half up: who came, and what staying away costs."""
    if hold.earning != "attendance":
        return cents
    people = hold.attended + hold.missed
    parts = hold.attended * 100 + hold.missed * hold.no_show_percent
    return (2 * cents * parts + people * 100) // (2 * people * 100) if people else 0
