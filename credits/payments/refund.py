"""Money that goes back by card: asked of the provider under its own id, and followed until it is there."""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from msgspec import Struct

from credits.payments.provider import (
    PaymentProvider,
    ProviderAway,
    ProviderRefund,
    ProviderRefused,
    RefundOrder,
)
from uit.core.clock import Clock, day_in_flanders
from uit.database.outbox import TryLater
from uit.database.pool import Database
from uit.database.statements import Statements

SQL = Statements(__name__)
ARRIVES_WITHIN: Final = timedelta(days=10)
"""Until a bank shows money that goes back to a card: five to ten days, says the provider."""

log = structlog.get_logger()


class CardRefund(Struct, frozen=True):
    """A refund by card as it stands, and the charge that it is of."""

    region_id: int
    id: UUID
    booking_id: UUID
    amount_cents: int
    status: str
    account: str | None
    intent_id: str | None
    external_id: str | None


read_refund = SQL.maybe("read_refund", CardRefund)
find_refund = SQL.maybe("find_refund", CardRefund)
note_sent = SQL.command("note_sent")
note_failed = SQL.command("note_failed")
finish_refund = SQL.value("finish_refund", bool)


async def send_refund(
    database: Database, provider: PaymentProvider | None, clock: Clock, region_id: int, refund_id: UUID
) -> TryLater | None:
    """Ask for a refund, however often this is called; one that the provider refuses waits in the list."""
    async with database.reading() as connection:
        wanted = await read_refund(connection, region_id, refund_id)
    if wanted is None or wanted.status != "due" or wanted.intent_id is None:
        return None
    if provider is None:
        return TryLater("no_provider")
    order = RefundOrder(refund_id, wanted.account or None, wanted.intent_id, wanted.amount_cents)
    try:
        made = await provider.refund(order)
    except ProviderAway as away:
        return TryLater(away.why)
    except ProviderRefused as refused:
        await fail(database, region_id, refund_id, refused.code)
        return None
    await follow_refund(database, clock, wanted, made)
    return None


async def follow_refund(database: Database, clock: Clock, known: CardRefund, found: ProviderRefund) -> None:
    """Write down how a refund stands at the provider."""
    now = clock.now()
    key = known.region_id, known.id
    if found.amount_cents != known.amount_cents:
        log.error("refund_differs", refund=str(known.id))
    elif found.status == "succeeded":
        async with database.transaction() as tx:
            await note_sent(tx, *key, found.id, now, arrival(now))
            await finish_refund(tx, *key, now)
    elif found.status in {"pending", "requires_action"}:
        async with database.transaction() as tx:
            await note_sent(tx, *key, found.id, now, arrival(now))
    else:
        await fail(database, *key, found.failure or found.status)


async def fail(database: Database, region_id: int, refund_id: UUID, failure: str) -> None:
    """The card is gone, or its bank says no: what is owed stays in the list, to be paid by transfer."""
    log.warning("refund_failed", refund=str(refund_id), failure=failure)
    async with database.transaction() as tx:
        await note_failed(tx, region_id, refund_id, failure)


def arrival(now: datetime) -> date:
    return day_in_flanders(now + ARRIVES_WITHIN)
