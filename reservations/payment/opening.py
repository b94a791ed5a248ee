"""The payment page of a booking: asked of the provider after the commit, by the request or by a worker."""

import asyncio
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from credits.payments.checkout import PaymentKey, note_opened, payments_to_open
from credits.payments.payment import PROVIDER_KEEPS_OPEN, TO_PAY, Payment, PaymentMeans, PaymentStatus
from credits.payments.provider import CheckoutOrder, PaymentProvider, ProviderAway, ProviderRefused
from reservations.booking.answers import Ended
from reservations.booking.commands import StopPayment
from reservations.booking.facts import Booking
from reservations.booking.services import BookingServices
from reservations.booking.turnstile import read_booking
from reservations.payment.at_once import do_at_once
from uit.database.statements import Statements

SQL = Statements(__name__)
lock_booking = SQL.command("lock_booking")
hold_for = SQL.command("hold_for")
read_title = SQL.value("read_title", str)

SECONDS_TO_OPEN: Final = 8
"""How long somebody waits for the provider before the page says that it comes later."""
LEFT_TO_REQUEST: Final = timedelta(seconds=20)
AT_ONCE: Final = 20

log = structlog.get_logger()


async def open_payment(services: BookingServices, booking: Booking) -> Booking:
    """The booking with the address of its payment page, where it waits for a payment by card.

    Asked for under the id of the payment, so that every repeat gets the same page. While the provider is away
    the booking is given back as it is; when it refuses, the places are let go.
    """
    payment = booking.open_payment
    if payment is None or payment.means is not PaymentMeans.CARD or payment.url or services.provider is None:
        return booking
    try:
        async with asyncio.timeout(SECONDS_TO_OPEN):
            return await ask_for_page(services, services.provider, booking, payment)
    except (ProviderAway, TimeoutError) as away:
        log.warning("payment_page_waits", payment=str(payment.id), reason=type(away).__name__)
        return booking
    except ProviderRefused as refused:
        log.warning("payment_page_refused", payment=str(payment.id), code=refused.code)
        stop = StopPayment(booking.region_id, booking.id, payment.id, PaymentStatus.FAILED)
        answer = await services.turnstile.answer(stop)
        return answer.booking if isinstance(answer, Ended) else booking


async def ask_for_page(
    services: BookingServices, provider: PaymentProvider, booking: Booking, payment: Payment
) -> Booking:
    order = await order_for(services, booking, payment)
    checkout = await provider.open_checkout(order)
    now = services.clock.now()
    async with services.database.transaction() as tx:
        await lock_booking(tx, booking.region_id, booking.id)
        if await note_opened(tx, booking.region_id, payment.id, checkout.id, checkout.url, now):
            await hold_for(tx, booking.region_id, booking.id, now + TO_PAY)
        return await read_booking(tx, booking.region_id, booking.id) or booking


async def order_for(services: BookingServices, booking: Booking, payment: Payment) -> CheckoutOrder:
    """What the provider is asked: always the same for one payment."""
    async with services.database.reading() as connection:
        title = await read_title(connection, booking.region_id, booking.id)
    region = await services.regions.by_id(booking.region_id)
    assert region is not None
    back = f"{services.settings.address}/{region.slug}/betalingen/{payment.id}"
    return CheckoutOrder(
        payment_id=payment.id,
        region_id=booking.region_id,
        booking_id=booking.id,
        account=payment.account or None,
        amount_cents=payment.amount_cents,
        description=title,
        success_url=f"{back}/terug",
        cancel_url=f"{back}/terug",
        expires_at=expiry_of(payment),
    )


def expiry_of(payment: Payment) -> datetime:
    return (payment.made_at + PROVIDER_KEEPS_OPEN).replace(microsecond=0)


async def open_waiting(services: BookingServices) -> int:
    """Open pages whose request could not: the provider was away, or the process died. Returns how many."""
    async with services.database.reading() as connection:
        made_before = services.clock.now() - LEFT_TO_REQUEST
        waiting = await payments_to_open(connection, made_before, AT_ONCE)
    return await do_at_once(open_one(services, key) for key in waiting)


async def open_one(services: BookingServices, key: PaymentKey) -> bool:
    booking = await booking_of(services, key.region_id, key.booking_id)
    if booking is None:
        return False
    payment = (await open_payment(services, booking)).payment(key.id)
    return payment is not None and payment.opened_at is not None


async def booking_of(services: BookingServices, region_id: int, booking_id: UUID) -> Booking | None:
    async with services.database.reading() as connection:
        return await read_booking(connection, region_id, booking_id)
