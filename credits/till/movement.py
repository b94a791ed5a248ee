"""What goes in and out of a drawer beside sales: change, what goes to the safe, and what a count shows."""

from collections.abc import Sequence
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from credits.errors import DrawerTooLow, NotYourTill, TillClosed, TillCounted, TillIdTaken, TillUnknown
from credits.till.till import TillDone, TillSession, TillWorker, lock_open_session, read_drawer
from uit.database.statements import Executor, Statements, as_json

SQL = Statements(__name__)

MovementKind = Literal["float", "drop", "refund", "rounding", "difference"]
OtherSide = Literal["safe", "bank", "difference"]


class MovementRow(Struct, frozen=True):
    """A movement, in the shape of `credits.write_till_movements`: above zero, it goes in the drawer."""

    id: UUID
    till_session_id: UUID
    kind: MovementKind
    other: OtherSide
    amount_cents: int
    made_by: UUID
    reference: str | None = None
    reason: str | None = None


class Drop(Struct, frozen=True):
    """Money from the drawer to the safe, under an id of the form; `reference` names the bag, if any."""

    id: UUID
    till_session_id: UUID
    amount_cents: int
    reference: str | None


def difference_row(
    worker: TillWorker, session_id: UUID, amount_cents: int, reason: str | None
) -> MovementRow:
    """What a count found above the books, or below zero what was missing, and why."""
    return MovementRow(
        id=worker.ids.new(),
        till_session_id=session_id,
        kind="difference",
        other="difference",
        amount_cents=amount_cents,
        made_by=worker.staff_id,
        reason=reason,
    )


MOST_REFUSED: Final = 3

note_refused_drop = SQL.command("note_refused_drop")
write_till_movements = SQL.command("write_till_movements")
was_dropped = SQL.value("was_dropped", bool)


async def move_cash(tx: Executor, worker: TillWorker, rows: Sequence[MovementRow]) -> None:
    """Write movements of sessions that the caller has locked, each once."""
    moving = [row for row in rows if row.amount_cents]
    if moving:
        await write_till_movements(tx, worker.region_id, as_json(moving), worker.now)


async def drop(
    tx: Executor, worker: TillWorker, wanted: Drop
) -> TillDone | TillUnknown | NotYourTill | TillCounted | TillClosed | DrawerTooLow | TillIdTaken:
    """Take money from the drawer to the safe, once for an id. Refused beyond what the books say it holds.

    After MOST_REFUSED of those all is refused until the drawer is counted, else one could try until it fits
    and know before the count what should be there.
    """
    session = await lock_open_session(tx, worker, wanted.till_session_id)
    if not isinstance(session, TillSession):
        return session
    before: bool | None = await was_dropped(tx, worker.region_id, wanted.id, session.id, -wanted.amount_cents)
    if before is not None:
        return TillDone(session, new=False) if before else TillIdTaken(wanted.id)
    too_much = wanted.amount_cents > await read_drawer(tx, worker.region_id, session.id)
    if too_much or session.refused_drops >= MOST_REFUSED:
        await note_refused_drop(tx, worker.region_id, session.id)
        return DrawerTooLow(wanted.amount_cents)
    row = MovementRow(
        wanted.id, session.id, "drop", "safe", -wanted.amount_cents, worker.staff_id, wanted.reference
    )
    await move_cash(tx, worker, [row])
    return TillDone(session, new=True)
