"""Money that somebody pays back by transfer, since its card is gone or nobody fetched the cash."""

from datetime import date
from uuid import UUID, uuid5

from credits.errors import RefundClosed
from uit.database.statements import Executor, Statements
from uit.services.audit import Author

SQL = Statements(__name__)

pay_by_transfer = SQL.value("pay_by_transfer", bool)


async def close_by_transfer(
    tx: Executor, author: Author, refund_id: UUID, reference: str, paid_on: date
) -> RefundClosed | None:
    """Say when money went back by transfer, and what the bank calls that; once, and in the books with it.

    Cash that nobody fetched can be paid so too: its code is worth nothing any more.
    """
    key = author.region_id, refund_id, uuid5(refund_id, "transfer")
    if not await pay_by_transfer(tx, *key, reference, paid_on, author.now):
        return RefundClosed(refund_id)
    await author.note(tx, "refund.transfer", "refund", refund_id, paid_on=paid_on.isoformat())
    return None
