"""Money that is given back in cash at a till, against a code. What is due, others decide."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from credits.errors import (
    DrawerTooLow,
    NotYourTill,
    RefundCodeUnknown,
    RefundFetched,
    TillClosed,
    TillCounted,
    TillUnknown,
)
from credits.till.movement import was_moved
from credits.till.rounding import cash_rounding
from credits.till.till import TillSession, TillWorker, lock_open_session, read_drawer
from uit.database.statements import Executor, Statements, as_json

SQL = Statements(__name__)

MOST_LETTERS = 40


class CashRefund(Struct, frozen=True):
    """A refund of this seller under a code. A code may stand for several lines of one booking."""

    id: UUID
    line_no: int
    amount_cents: int
    status: Literal["due", "sent", "done", "failed"]
    done_at: datetime | None


class CashWaiting(Struct, frozen=True):
    """What waits under a code: the exact cents, and what the rounding of cash adds or takes off."""

    refunds: tuple[CashRefund, ...]
    amount_cents: int
    rounding_cents: int

    @property
    def cash_cents(self) -> int:
        """What the customer gets in hand."""
        return self.amount_cents + self.rounding_cents


class CashPayout(Struct, frozen=True):
    """Cash to give from a session against a code. `id` is the form's, so that sending it twice gives once."""

    id: UUID
    till_session_id: UUID
    code: str


class TillRefund(Struct, frozen=True):
    """A refund paid from a drawer, in the shape of `credits.write_till_refunds`. `id`: of its transfer.

    `rounding_cents` is what the rounding does to the drawer: above zero, less was given than was due.
    """

    id: UUID
    refund_id: UUID
    till_session_id: UUID
    made_by: UUID
    rounding_cents: int = 0
    rounding_id: UUID | None = None


read_cash_refunds = SQL.many("read_cash_refunds", CashRefund)
write_till_refunds = SQL.command("write_till_refunds")

NotPaid = (
    TillUnknown | NotYourTill | TillCounted | TillClosed | RefundCodeUnknown | RefundFetched | DrawerTooLow
)


async def find_cash(
    tx: Executor, worker: TillWorker, code: str
) -> CashWaiting | RefundCodeUnknown | RefundFetched:
    """What of this seller waits to be fetched in cash under a code, as people type it."""
    typed = re.sub(r"[\s-]", "", code[:MOST_LETTERS]).upper()
    found = await read_cash_refunds(tx, worker.region_id, worker.seller_id, typed) if typed else []
    due = tuple(each for each in found if each.status == "due")
    if due:
        amount_cents = sum(each.amount_cents for each in due)
        return CashWaiting(due, amount_cents, cash_rounding(amount_cents, amount_cents))
    fetched = [each.done_at for each in found if each.done_at is not None]
    return RefundFetched(max(fetched)) if fetched else RefundCodeUnknown()


async def give_back(tx: Executor, worker: TillWorker, wanted: CashPayout) -> TillSession | NotPaid:
    """Give what waits under a code, from the drawer of an open session: once, all of it or nothing."""
    session = await lock_open_session(tx, worker, wanted.till_session_id)
    if not isinstance(session, TillSession) or await was_moved(tx, worker.region_id, wanted.id):
        return session
    waiting = await find_cash(tx, worker, wanted.code)
    if not isinstance(waiting, CashWaiting):
        return waiting
    if waiting.cash_cents > await read_drawer(tx, worker.region_id, session.id):
        return DrawerTooLow(waiting.cash_cents)
    rows = refund_rows(waiting, wanted, worker)
    await write_till_refunds(tx, worker.region_id, as_json(rows), worker.now)
    return session


def refund_rows(waiting: CashWaiting, wanted: CashPayout, worker: TillWorker) -> Sequence[TillRefund]:
    """A row for each refund; the first has the id of the payout and carries the rounding of their sum."""
    return [
        TillRefund(
            id=worker.ids.new() if place else wanted.id,
            refund_id=each.id,
            till_session_id=wanted.till_session_id,
            made_by=worker.staff_id,
            rounding_cents=0 if place else -waiting.rounding_cents,
            rounding_id=worker.ids.new() if waiting.rounding_cents and not place else None,
        )
        for place, each in enumerate(waiting.refunds)
    ]
