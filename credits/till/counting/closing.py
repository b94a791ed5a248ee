"""Closing a till: the drawer is counted by who does not know what should be there, and only then compared."""

from uuid import UUID

import msgspec
from msgspec import Struct

from credits.errors import NotYourTill, TillClosed, TillCounted, TillNotCounted, TillUnknown
from credits.till.movement import MovementRow, difference_row, move_cash
from credits.till.rule.rule import needs_signature, signing_limit
from credits.till.till import TillDone, TillSession, TillWorker, find_session, lock_own_session, read_drawer
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class DrawerCount(Struct, frozen=True):
    """What somebody counted in a drawer. `pieces`: how many of each coin and note, by its cents."""

    till_session_id: UUID
    cents: int
    pieces: dict[str, int] = {}


class TillClosing(Struct, frozen=True):
    """How a counted session ends: what goes to the safe, and why the count differs from the books."""

    till_session_id: UUID
    to_safe_cents: int
    reference: str | None
    reason: str | None


write_count = SQL.command("write_count")
write_closing = SQL.command("write_closing")


async def count_drawer(
    tx: Executor, worker: TillWorker, counted: DrawerCount
) -> TillDone | TillUnknown | NotYourTill | TillCounted | TillClosed:
    """Keep a count, and what the books expect at that moment. Nobody counts again until it fits.

    The same amount again changes nothing. From here on nothing is sold in the session.
    """
    session = await lock_own_session(tx, worker, counted.till_session_id)
    if not isinstance(session, TillSession):
        return session
    if session.counted_cents == counted.cents:
        return TillDone(session, new=False)
    if session.closed_at is not None:
        return TillClosed(session.till)
    if session.counted_at is not None:
        return TillCounted(session.till)
    expected_cents = await read_drawer(tx, worker.region_id, session.id)
    pieces = msgspec.json.encode(counted.pieces).decode() if counted.pieces else None
    await write_count(
        tx, worker.region_id, session.id, counted.cents, expected_cents, pieces, worker.staff_id, worker.now
    )
    return await done(tx, worker, session.id)


async def close_till(
    tx: Executor, worker: TillWorker, wanted: TillClosing
) -> TillDone | TillUnknown | NotYourTill | TillNotCounted:
    """Close a counted session: the difference is booked with its reason, and what goes to the safe leaves.

    Raises ValueError for a difference without a reason and for more than was counted: forms refuse both.
    """
    session = await lock_own_session(tx, worker, wanted.till_session_id)
    if not isinstance(session, TillSession):
        return session
    if session.closed_at is not None:
        return TillDone(session, new=False)
    if session.counted_cents is None:
        return TillNotCounted(session.till)
    if wanted.to_safe_cents > session.counted_cents or (session.difference_cents and not wanted.reason):
        raise ValueError("a closing says why the count differs, and leaves no less than nothing")
    await move_cash(tx, worker, ending(session, worker, wanted))
    left_cents = session.counted_cents - wanted.to_safe_cents
    needed = needs_signature(left_cents, await signing_limit(tx, worker.region_id))
    reason = wanted.reason if session.difference_cents else None
    await write_closing(
        tx, worker.region_id, session.id, left_cents, reason, needed, worker.staff_id, worker.now
    )
    return await done(tx, worker, session.id)


async def done(tx: Executor, worker: TillWorker, session_id: UUID) -> TillDone:
    session = await find_session(tx, worker, session_id)
    assert isinstance(session, TillSession)
    return TillDone(session, new=True)


def ending(session: TillSession, worker: TillWorker, wanted: TillClosing) -> list[MovementRow]:
    """The last movements of a session; those of nothing are left out when they are written."""
    difference = difference_row(worker, session.id, session.difference_cents, wanted.reason)
    safe = MovementRow(
        worker.ids.new(), session.id, "drop", "safe", -wanted.to_safe_cents, worker.staff_id, wanted.reference
    )
    return [difference, safe]
