"""The payment page of a payment: that it is open, and what the provider kept of what was paid on it."""

from datetime import datetime
from uuid import UUID, uuid5

from msgspec import Struct

from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class PaymentKey(Struct, frozen=True):
    """Where a payment lives."""

    region_id: int
    booking_id: UUID
    id: UUID


class Fee(Struct, frozen=True):
    """What the provider keeps, and what the charge is called there."""

    cents: int
    reference: str


note_opened = SQL.value("note_opened", bool)
payments_to_open = SQL.many("payments_to_open", PaymentKey)
find_payment = SQL.maybe("find_payment", PaymentKey)
write_fee = SQL.command("write_fee")


async def record_fee(tx: Executor, key: PaymentKey, fee: Fee, now: datetime) -> None:
    """What the provider keeps of a payment moves from card to fee, once."""
    await write_fee(tx, key.region_id, key.id, uuid5(key.id, "fee"), fee.cents, fee.reference, now)
