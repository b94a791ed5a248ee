"""How a payment ended, read back from the provider; nothing else is believed."""

from typing import Final
from uuid import UUID

import structlog

from credits.payments.checkout import Fee, PaymentKey, record_fee
from credits.payments.payment import CLOSED_BEFORE, Payment, PaymentMeans, PaymentStatus
from credits.payments.provider import Checkout, PaymentProvider, ProviderAway, ProviderRefused
from reservations.booking.answers import Answer
from reservations.booking.commands import Pay, StopPayment
from reservations.booking.facts import Booking
from reservations.booking.services import BookingServices
from reservations.payment.at_once import do_at_once
from reservations.payment.opening import booking_of
from uit.core.errors import Busy, Refusal
from uit.database.outbox import GiveUp, TryLater
from uit.database.statements import Statements

SQL = Statements(__name__)
AT_ONCE: Final = 20
SERVER_FAULT: Final = 500
EUR: Final = "eur"

log = structlog.get_logger()


pages_to_close = SQL.many("pages_to_close", PaymentKey)


async def follow_payment(
    services: BookingServices, region_id: int, booking_id: UUID, payment_id: UUID, *, close: bool = False
) -> TryLater | GiveUp | None:
    """Read a payment page back and do what it says; with `close`, it is closed to payment first.

    Also what was paid already: who took it may have died before the fee was written.
    """
    booking = await booking_of(services, region_id, booking_id)
    payment = booking.payment(payment_id) if booking else None
    if booking is None or payment is None or payment.means is not PaymentMeans.CARD:
        return GiveUp("payment_unknown")
    if payment.checkout_id is None:
        return None
    if services.provider is None:
        return TryLater("no_provider")
    try:
        checkout = await read_back(services.provider, payment, close=close)
    except ProviderAway as away:
        return TryLater(away.why)
    except ProviderRefused as refused:
        return GiveUp(refused.code)
    return await do_as_it_says(services, booking, payment, checkout)


async def read_back(provider: PaymentProvider, payment: Payment, *, close: bool) -> Checkout:
    assert payment.checkout_id is not None
    key = payment.checkout_id, payment.account or None
    return await provider.expire_checkout(*key) if close else await provider.read_checkout(*key)


async def do_as_it_says(
    services: BookingServices, booking: Booking, payment: Payment, checkout: Checkout
) -> TryLater | GiveUp | None:
    if checkout.payment_id != payment.id or checkout.currency != EUR:
        return GiveUp("not_this_payment")
    answer: Answer | Busy | None = None
    if checkout.paid:
        answer = await services.turnstile.answer(pay_command(booking, payment, checkout))
    elif checkout.status == "expired" and payment.is_open:
        stop = StopPayment(booking.region_id, booking.id, payment.id, PaymentStatus.EXPIRED)
        answer = await services.turnstile.answer(stop)
    if isinstance(answer, Refusal):
        log.error("payment_not_taken", payment=str(payment.id), code=answer.code)
        return TryLater(answer.code) if answer.status >= SERVER_FAULT else GiveUp(answer.code)
    if checkout.paid and checkout.fee_cents:
        key = PaymentKey(booking.region_id, booking.id, payment.id)
        fee = Fee(checkout.fee_cents, checkout.intent_id or checkout.id)
        async with services.database.transaction() as tx:
            await record_fee(tx, key, fee, services.clock.now())
    return None


def pay_command(booking: Booking, payment: Payment, checkout: Checkout) -> Pay:
    return Pay(
        region_id=booking.region_id,
        booking_id=booking.id,
        payment_id=payment.id,
        amount_cents=checkout.amount_cents,
        reference=checkout.intent_id or checkout.id,
        wallets=tuple({line.wallet_id for line in booking.lines if line.wallet_id}),
    )


async def close_due(services: BookingServices) -> int:
    """Close pages whose places lapse within a minute, and do what they say then. Returns how many closed.

    All at once, as one that is slow or fails may not keep another from being closed in time.
    """
    async with services.database.reading() as connection:
        due = await pages_to_close(connection, services.clock.now() + CLOSED_BEFORE, AT_ONCE)
    return await do_at_once(close_one(services, each) for each in due)


async def close_one(services: BookingServices, key: PaymentKey) -> bool:
    return await follow_payment(services, key.region_id, key.booking_id, key.id, close=True) is None
