"""Money that goes back by card: asked of the provider under its own id, and followed until it is there."""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

import structlog
from msgspec import Struct

from credits.payments.payment import RefundStatus, RefundWay
from credits.payments.provider import (
    NO_ACCESS,
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


ACCOUNT_FAULTS: Final = frozenset(
    {
        "authentication",
        "permission",
        NO_ACCESS,
        "api_key_expired",
        "platform_api_key_expired",
        "secret_key_required",
        "idempotency_error",
        "balance_insufficient",
        "insufficient_funds",
        "charge_disputed",
    }
)
"""Refusals that say nothing of the card: they pass, or somebody mends them, and then the refund goes on."""


class CardRefund(Struct, frozen=True):
    """A refund by card as it stands, and the charge that it is of.

    `amount_cents` is without what the bank already gave back. `contested`: a dispute about its payment is
    open; `lost`: one was lost. `account_left`: its seller took our access to the account away.
    """

    region_id: int
    id: UUID
    payment_id: UUID
    booking_id: UUID
    amount_cents: int
    way: RefundWay
    status: RefundStatus
    account: str | None
    intent_id: str | None
    external_id: str | None
    contested: bool
    lost: bool
    account_left: bool


read_refund = SQL.maybe("read_refund", CardRefund)
find_refund = SQL.maybe("find_refund", CardRefund)
note_sent = SQL.command("note_sent")
fail_refund = SQL.command("fail_refund")
finish_refund = SQL.value("finish_refund", bool)
cover_refunds = SQL.command("cover_refunds")


async def send_refund(
    database: Database, provider: PaymentProvider | None, clock: Clock, region_id: int, refund_id: UUID
) -> TryLater | None:
    """Ask for a refund, however often this is called; one that the provider refuses waits in the list.

    While its payment is disputed it waits, and is asked for again when that ends. What a bank gave back by a
    dispute that was lost is not paid a second time.
    """
    wanted = await read_due(database, clock, region_id, refund_id)
    if wanted is None or wanted.intent_id is None or wanted.contested:
        return None
    if provider is None:
        return TryLater("no_provider")
    order = RefundOrder(refund_id, wanted.account or None, wanted.intent_id, wanted.amount_cents)
    try:
        made = await provider.refund(order)
    except ProviderAway as away:
        return TryLater(away.why)
    except ProviderRefused as refused:
        gone = refused.code == NO_ACCESS and wanted.account_left
        if refused.code in ACCOUNT_FAULTS and not gone:
            return TryLater(refused.code)
        await fail(database, clock, region_id, refund_id, refused.code)
        return None
    await follow_refund(database, clock, wanted, made)
    return None


async def read_due(database: Database, clock: Clock, region_id: int, refund_id: UUID) -> CardRefund | None:
    """The refund as far as it is still to be sent, without what a bank gave back meanwhile."""
    async with database.transaction() as tx:
        wanted = await read_refund(tx, region_id, refund_id)
        if wanted and wanted.lost and wanted.status == RefundStatus.DUE:
            await cover_refunds(tx, region_id, wanted.payment_id, clock.now())
            wanted = await read_refund(tx, region_id, refund_id)
    is_due = wanted and wanted.status == RefundStatus.DUE and wanted.way == RefundWay.CARD
    return wanted if is_due else None


async def follow_refund(database: Database, clock: Clock, known: CardRefund, found: ProviderRefund) -> None:
    """Write down how a refund stands at the provider; one that is paid another way by now is left alone."""
    now = clock.now()
    key = known.region_id, known.id
    if known.way != RefundWay.CARD:
        return
    if found.amount_cents != known.amount_cents:
        log.error("refund_differs", refund=str(known.id))
    elif found.status == "succeeded":
        async with database.transaction() as tx:
            await note_sent(tx, *key, found.id, now, arrival(now))
            await finish_refund(tx, *key, known.id, "card", found.id, now)
    elif found.status in {"pending", "requires_action"}:
        async with database.transaction() as tx:
            await note_sent(tx, *key, found.id, now, arrival(now))
    else:
        await fail(database, clock, *key, found.failure or found.status)


async def fail(database: Database, clock: Clock, region_id: int, refund_id: UUID, failure: str) -> None:
    """The card is gone, or its bank says no: what is owed stays in the list, to be paid by transfer."""
    log.warning("refund_failed", refund=str(refund_id), failure=failure)
    async with database.transaction() as tx:
        await fail_refund(tx, region_id, refund_id, failure, uuid5(refund_id, "failed"), clock.now())


def arrival(now: datetime) -> date:
    return day_in_flanders(now + ARRIVES_WITHIN)
