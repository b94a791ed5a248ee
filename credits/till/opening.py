"""Opening a till: who counts what lies in the drawer signs for the closings of others that left it there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from credits.errors import CountAgain, FloatDiffers, SignEarlier, TillInUse, TillUnknown
from credits.till.movement import MovementRow, difference_row, move_cash
from credits.till.till import Till, TillWorker, find_till, lock_till
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class TillOpening(Struct, frozen=True):
    """A till to open, as a session with this id. `found_cents` lay in the drawer; `float_cents` are added.

    `reason`: what the opener says when they find something else than was left. `signs_to_no`: the number of
    the last of the closings whose sums they read, where they sign for several.
    """

    session_id: UUID
    till_id: UUID
    found_cents: int
    float_cents: int
    source: Literal["safe", "bank"] = "safe"
    reason: str | None = None
    signs_to_no: int | None = None


class UnsignedClosing(Struct, frozen=True):
    """A closing that still waits for a second signature, with its sums in cents."""

    no: int
    closed_by: UUID
    closed_by_name: str | None
    closed_at: datetime
    counted_cents: int
    expected_cents: int
    left_cents: int
    difference_reason: str | None

    @property
    def difference_cents(self) -> int:
        """What was counted above what should be there; a shortage is below zero."""
        return self.counted_cents - self.expected_cents


class TillOpened(Struct, frozen=True):
    """The session that is open now; `new` is False when it was open before."""

    session_id: UUID
    new: bool


note_first_count = SQL.command("note_first_count")
insert_session = SQL.command("insert_session")
sign = SQL.command("sign")
read_unsigned = SQL.many("read_unsigned", UnsignedClosing)


async def open_till(
    tx: Executor, worker: TillWorker, wanted: TillOpening
) -> TillOpened | TillUnknown | TillInUse | CountAgain | FloatDiffers | SignEarlier:
    """Open a till for one person. What they find there confirms or disputes what others left by closing it.

    A first count that differs is kept and only asked again, so that nobody counts towards a figure: which
    count it is, a form cannot say. The second comes under another `session_id`. Who signs for more than the
    last closing reads the sums of all, after the count.
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
    theirs = to_sign(await read_unsigned(tx, worker.region_id, till.id), worker.staff_id)
    if any(each.no != till.no for each in theirs) and wanted.signs_to_no != till.no:
        return SignEarlier(len(theirs))
    await write_opening(tx, worker, wanted, till)
    return TillOpened(wanted.session_id, new=True)


def to_sign(unsigned: Sequence[UnsignedClosing], staff_id: UUID) -> list[UnsignedClosing]:
    """Those for which this member of staff can sign: nobody does for their own."""
    return [each for each in unsigned if each.closed_by != staff_id]


def who_is_there(till: Till, worker: TillWorker) -> TillOpened | TillInUse:
    """The open session for who works in it, and a refusal for anybody else."""
    assert till.session_id is not None
    assert till.opened_at is not None
    if till.opened_by == worker.staff_id:
        return TillOpened(till.session_id, new=False)
    return TillInUse(till.name, till.opened_at)


async def write_opening(tx: Executor, worker: TillWorker, wanted: TillOpening, till: Till) -> None:
    """Write the session, what it found and what was added; for the closings of others, also the signature."""
    no, carried_cents = (till.no or 0) + 1, till.carried_cents
    key, opened = (worker.region_id, wanted.session_id, till.id), (worker.staff_id, worker.now)
    await insert_session(tx, *key, no, *opened, carried_cents, wanted.found_cents)
    await move_cash(tx, worker, beginning(worker, wanted, wanted.found_cents - carried_cents))
    if till.session_id is not None:
        disputed = wanted.found_cents != carried_cents
        signature, reason = ("disputed", wanted.reason) if disputed else ("confirmed", None)
        await sign(tx, worker.region_id, till.id, *opened, signature, reason, till.no)


def beginning(worker: TillWorker, wanted: TillOpening, difference_cents: int) -> list[MovementRow]:
    """The first movements of a session; those of nothing are left out when they are written."""
    found = difference_row(worker, wanted.session_id, difference_cents, wanted.reason)
    added = MovementRow(
        worker.ids.new(), wanted.session_id, "float", wanted.source, wanted.float_cents, worker.staff_id
    )
    return [found, added]
