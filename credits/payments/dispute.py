"""Payments that their payer contests at the bank, which takes the money until it is decided."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID, uuid5

import structlog
from msgspec import Struct

from credits.payments.provider import ProviderDispute
from uit.core.clock import Clock
from uit.database.outbox import GiveUp, TryLater
from uit.database.pool import Database
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
DisputeStatus = Literal["open", "won", "lost"]
DISPUTE_TOPICS: Final[dict[DisputeStatus, str]] = {
    "open": "dispute.opened",
    "won": "dispute.won",
    "lost": "dispute.lost",
}
"""By what is new, the messages for who looks after the money of the seller; their key is the dispute."""

log = structlog.get_logger()


class ChargedPayment(Struct, frozen=True):
    """A payment by card that came in, and what it is called at the provider: `reference`."""

    region_id: int
    id: UUID
    booking_id: UUID
    seller_id: UUID
    account: str | None
    reference: str


payments_of_references = SQL.many("payments_of_references", ChargedPayment)
lock_payment = SQL.command("lock_payment")
read_status = SQL.value("read_status", str)
write_dispute = SQL.command("write_dispute")
tell_sellers = SQL.command("tell_sellers")


async def follow_dispute(
    database: Database, clock: Clock, account: str | None, found: ProviderDispute
) -> TryLater | GiveUp | None:
    """Hold the money back when a dispute is new, and say where it went once that ended; each step once.

    An inquiry of a bank takes no money, and neither does one that a refund ended.
    """
    status = status_of(found.status)
    if status is None:
        return GiveUp("takes_no_money")
    async with database.reading() as connection:
        payments = await payments_of_references(connection, [found.intent_id])
    payment = next((each for each in payments if (each.account or None) == account), None)
    if payment is None:
        return TryLater("payment_unknown")
    log.warning("payment_disputed", payment=str(payment.id), status=status)
    async with database.transaction() as tx:
        await note_step(tx, payment, found, status, clock.now())
    return None


async def note_step(
    tx: Executor, payment: ChargedPayment, found: ProviderDispute, status: DisputeStatus, now: datetime
) -> None:
    """Move the money; of what is new, who sold and who it sold for under a mandate are told."""
    region_id, dispute_id = payment.region_id, uuid5(payment.id, found.id)
    await lock_payment(tx, region_id, payment.id)
    before = await read_status(tx, region_id, dispute_id)
    key = region_id, payment.id, dispute_id, uuid5(dispute_id, "end")
    await write_dispute(tx, *key, found.id, found.amount_cents, status, now)
    if before != status and before in {None, "open"}:
        topic = DISPUTE_TOPICS[status]
        await tell_sellers(tx, region_id, payment.id, dispute_id, topic, found.respond_by, now)


def status_of(status: str) -> DisputeStatus | None:
    """What a status of the provider means for the money; None where none was taken."""
    if status.startswith("warning") or status == "charge_refunded":
        return None
    return status if status in {"won", "lost"} else "open"  # type: ignore[return-value]
