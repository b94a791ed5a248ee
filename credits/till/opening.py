"""Opening a till: who counts what lies in the drawer signs for what the last closing left there."""

from typing import Literal
from uuid import UUID

from msgspec import Struct

from credits.errors import CountAgain, FloatDiffers, TillInUse, TillUnknown
from credits.till.movement import MovementRow, difference_row, move_cash
from credits.till.till import Till, TillWorker, find_till, lock_till
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class TillOpening(Struct, frozen=True):
    """A till to open, as a session with this id. `found_cents` lay in the drawer; `float_cents` are added.

    `reason`: what the opener says when they find something else than was left.
    """

    session_id: UUID
    till_id: UUID
    found_cents: int
    float_cents: int
    source: Literal["safe", "bank"] = "safe"
    reason: str | None = None


class TillOpened(Struct, frozen=True):
    """The session that is open now; `new` is False when it was open before."""

    session_id: UUID
    new: bool


note_first_count = SQL.command("note_first_count")
insert_session = SQL.command("insert_session")
sign = SQL.command("sign")


async def open_till(
    tx: Executor, worker: TillWorker, wanted: TillOpening
) -> TillOpened | TillUnknown | TillInUse | CountAgain | FloatDiffers:
    """Open a till for one person. What they find there confirms or disputes what the last closing left.

    A first count that differs is kept and only asked again, so that nobody counts towards a figure: which
    count it is, a form cannot say. The second comes under another `session_id`.
    Refused while somebody else works there. When it is their own already, they get the session that is open.
    """
    await lock_till(tx, worker.region_id, worker.organiser_id, wanted.till_id)
    till = await find_till(tx, worker, wanted.till_id)
    if isinstance(till, TillUnknown):
        return till
    if till.session_id is not None and (till.is_open or till.session_id == wanted.session_id):
        return who_is_there(till, worker)
    differs = wanted.found_cents != till.carried_cents
    if differs and not till.counted_before(worker.staff_id, wanted.session_id):
        key, no = (worker.region_id, till.id), (till.no or 0) + 1
        await note_first_count(tx, *key, no, worker.staff_id, wanted.session_id)
        return CountAgain(wanted.found_cents)
    if differs and not wanted.reason:
        return FloatDiffers(till.carried_cents, wanted.found_cents)
    await write_opening(tx, worker, wanted, till)
    return TillOpened(wanted.session_id, new=True)


def who_is_there(till: Till, worker: TillWorker) -> TillOpened | TillInUse:
    """The open session for who works in it, and a refusal for anybody else."""
    assert till.session_id is not None
    assert till.opened_at is not None
    if till.opened_by == worker.staff_id:
        return TillOpened(till.session_id, new=False)
    return TillInUse(till.name, till.opened_at)


async def write_opening(tx: Executor, worker: TillWorker, wanted: TillOpening, till: Till) -> None:
    """Write the session, what it found and what was added; for another's closing, also the signature."""
    no, carried_cents = (till.no or 0) + 1, till.carried_cents
    key, opened = (worker.region_id, wanted.session_id, till.id), (worker.staff_id, worker.now)
    await insert_session(tx, *key, no, *opened, carried_cents, wanted.found_cents)
    await move_cash(tx, worker, beginning(worker, wanted, wanted.found_cents - carried_cents))
    if till.session_id is not None:
        disputed = wanted.found_cents != carried_cents
        signature, reason = ("disputed", wanted.reason) if disputed else ("confirmed", None)
        await sign(tx, worker.region_id, till.session_id, *opened, signature, reason)


def beginning(worker: TillWorker, wanted: TillOpening, difference_cents: int) -> list[MovementRow]:
    """The first movements of a session; those of nothing are left out when they are written."""
    found = difference_row(worker, wanted.session_id, difference_cents, wanted.reason)
    added = MovementRow(
        worker.ids.new(), wanted.session_id, "float", wanted.source, wanted.float_cents, worker.staff_id
    )
    return [found, added]
