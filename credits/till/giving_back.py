"""Money that is given back in cash at a till, against a code. What is due, others decide."""

import re
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from credits.errors import (
    DrawerTooLow,
    NotYourTill,
    RefundCodeUnknown,
    RefundFetched,
    TillClosed,
    TillCounted,
    TillIdTaken,
    TillUnknown,
)
from credits.till.rounding import cash_rounding
from credits.till.till import TillDone, TillSession, TillWorker, lock_open_session, read_drawer
from uit.database.statements import Executor, Statements, as_json

SQL = Statements(__name__)

MOST_LETTERS: Final = 40
LOOK_ALIKES: Final = str.maketrans("01", "OI")


class CashRefund(Struct, frozen=True):
    """Money of one line that goes back in cash, under the code that its customer has."""

    id: UUID
    amount_cents: int
    status: Literal["due", "sent", "done", "failed"]
    done_at: datetime | None

    @property
    def rounding_cents(self) -> int:
        """What the rounding of cash adds or takes off."""
        return cash_rounding(self.amount_cents, self.amount_cents)

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
    `receipt_id`: what was sold in the same moment, for which it was set against what that costs.
    """

    id: UUID
    refund_id: UUID
    till_session_id: UUID
    made_by: UUID
    rounding_cents: int = 0
    rounding_id: UUID | None = None
    receipt_id: UUID | None = None


lock_cash_refund = SQL.command("lock_cash_refund")
read_cash_refund = SQL.maybe("read_cash_refund", CashRefund)
was_given = SQL.value("was_given", bool)
write_till_refunds = SQL.command("write_till_refunds")

NotPaid = (
    TillUnknown
    | NotYourTill
    | TillCounted
    | TillClosed
    | TillIdTaken
    | RefundCodeUnknown
    | RefundFetched
    | DrawerTooLow
)


async def find_cash(
    tx: Executor, region_id: int, seller_id: UUID, code: str
) -> CashRefund | RefundCodeUnknown | RefundFetched:
    """The cash of a seller that waits under a code, as people type it."""
    found = await read_cash_refund(tx, region_id, seller_id, read_code(code))
    if found is None or found.status == "failed":
        return RefundCodeUnknown()
    return found if found.done_at is None else RefundFetched(found.done_at)


def read_code(typed: str) -> str:
    """A code as it is kept. It has no nought and no one, so those are an O and an I that were read wrong."""
    return re.sub(r"[\s-]", "", typed[:MOST_LETTERS]).upper().translate(LOOK_ALIKES)


async def give_back(tx: Executor, worker: TillWorker, wanted: CashPayout) -> TillDone | NotPaid:
    """Give what waits under a code, from the drawer of an open session, once."""
    session = await lock_open_session(tx, worker, wanted.till_session_id)
    if not isinstance(session, TillSession):
        return session
    before: bool | None = await was_given(tx, worker.region_id, wanted.id, read_code(wanted.code))
    if before is not None:
        return TillDone(session, new=False) if before else TillIdTaken(wanted.id)
    await lock_cash_refund(tx, worker.region_id, read_code(wanted.code))
    refund = await find_cash(tx, worker.region_id, session.seller_id, wanted.code)
    if not isinstance(refund, CashRefund):
        return refund
    if refund.cash_cents > await read_drawer(tx, worker.region_id, session.id):
        return DrawerTooLow(refund.cash_cents)
    row = refund_row(refund, wanted, worker)
    await write_till_refunds(tx, worker.region_id, as_json([row]), worker.now)
    return TillDone(session, new=True)


def refund_row(refund: CashRefund, wanted: CashPayout, worker: TillWorker) -> TillRefund:
    return TillRefund(
        id=wanted.id,
        refund_id=refund.id,
        till_session_id=wanted.till_session_id,
        made_by=worker.staff_id,
        rounding_cents=-refund.rounding_cents,
        rounding_id=worker.ids.new() if refund.rounding_cents else None,
    )
