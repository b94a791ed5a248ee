"""What becomes of what the provider reports: each event leads to something that is read back."""

from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from credits.payments.checkout import find_payment
from credits.payments.dispute import follow_dispute
from credits.payments.event import StoredEvent, claim, finish_event, put_event_off, wait_after
from credits.payments.onboarding import close_account, note_account
from credits.payments.provider import NO_ACCESS, PaymentProvider, ProviderAway, ProviderRefused
from credits.payments.reconciliation import Reconciler, sellers_of_account
from credits.payments.refund import find_refund, follow_refund
from reservations.booking.services import BookingServices
from reservations.payment.following import follow_payment
from uit.database.outbox import GiveUp, TryLater

AT_ONCE: Final = 20
MOST_ATTEMPTS: Final = 20

log = structlog.get_logger()
Follow = Callable[[BookingServices, PaymentProvider, StoredEvent], Awaitable[TryLater | GiveUp | None]]


async def handle_events(services: BookingServices) -> int:
    """Handle reported events that are due, a bounded number, each by itself; returns how many were."""
    if services.provider is None:
        return 0
    async with services.database.transaction() as tx:
        events = await claim(tx, services.clock.now(), AT_ONCE)
    for event in events:
        await handle(services, services.provider, event)
    return len(events)


async def handle(services: BookingServices, provider: PaymentProvider, event: StoredEvent) -> None:
    follow = FOLLOWED.get(event.type.rpartition(".")[0])
    try:
        problem = await follow(services, provider, event) if follow else None
    except ProviderAway as away:
        problem = TryLater(away.why)
    except ProviderRefused as refused:
        problem = GiveUp(refused.code)
    except Exception as failure:
        log.exception("event_failed", id=event.id, type=event.type)
        problem = TryLater(type(failure).__name__)
    now = services.clock.now()
    async with services.database.transaction() as tx:
        if isinstance(problem, TryLater) and event.attempts < MOST_ATTEMPTS:
            await put_event_off(tx, event.id, now + wait_after(event.attempts), problem.reason)
        else:
            await finish_event(tx, event.id, now, problem.reason if problem else "done")


async def follow_checkout(
    services: BookingServices, provider: PaymentProvider, event: StoredEvent
) -> TryLater | GiveUp | None:
    checkout = await provider.read_checkout(event.object_id, event.account)
    if checkout.payment_id is None:
        return GiveUp("not_ours")
    async with services.database.reading() as connection:
        key = await find_payment(connection, checkout.payment_id)
    if key is None:
        return GiveUp("payment_unknown")
    return await follow_payment(services, key.region_id, key.booking_id, key.id)


async def follow_reported_refund(
    services: BookingServices, provider: PaymentProvider, event: StoredEvent
) -> TryLater | GiveUp | None:
    found = await provider.read_refund(event.object_id, event.account)
    if found.refund_id is None:
        return GiveUp("not_ours")
    async with services.database.reading() as connection:
        known = await find_refund(connection, found.refund_id)
    if known is None:
        return GiveUp("refund_unknown")
    if (known.account or None) != event.account or known.intent_id != found.intent_id:
        return GiveUp("not_this_payment")
    await follow_refund(services.database, services.clock, known, found)
    return None


async def follow_reported_dispute(
    services: BookingServices, provider: PaymentProvider, event: StoredEvent
) -> TryLater | GiveUp | None:
    found = await provider.read_dispute(event.object_id, event.account)
    return await follow_dispute(services.database, services.clock, event.account, found)


async def follow_account(
    services: BookingServices, provider: PaymentProvider, event: StoredEvent
) -> GiveUp | None:
    """Whether its sellers can take cards now. One that took our access away cannot."""
    account_id = event.account or event.object_id
    async with services.database.reading() as connection:
        sellers = await sellers_of_account(connection, account_id)
    if not sellers:
        return GiveUp("not_ours")
    try:
        account = await provider.read_account(account_id)
    except ProviderRefused as refused:
        if refused.code != NO_ACCESS:
            raise
        for each in sellers:
            await close_account(services, each.region_id, each.seller_id, account_id)
        return None
    for each in sellers:
        await note_account(services, each.region_id, each.seller_id, account)
    return None


async def follow_payout(
    services: BookingServices, provider: PaymentProvider, event: StoredEvent
) -> GiveUp | None:
    books = Reconciler(services.database, provider, services.clock)
    known = await books.take_over_payouts(event.account or "")
    return None if known else GiveUp("not_ours")


FOLLOWED: Final[dict[str, Follow]] = {
    "checkout.session": follow_checkout,
    "refund": follow_reported_refund,
    "charge.refund": follow_reported_refund,
    "charge.dispute": follow_reported_dispute,
    "account": follow_account,
    "account.application": follow_account,
    "payout": follow_payout,
}
