"""The way back from a payment page, and more time to pay."""

import asyncio
from contextlib import suppress
from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from credits.payments.checkout import find_payment
from credits.payments.payment import Payment
from reservations.booking.done import Done, done_of
from reservations.booking.own_booking import own_booking, take_longer
from reservations.booking.services import BookingServices
from reservations.booking.visit import read_visit
from reservations.payment.following import follow_payment
from reservations.payment.opening import SECONDS_TO_OPEN, booking_of
from reservations.payment.way_back import WAY_BACK, link_for, outcome_of
from uit.core.errors import NotFound, RefusalError
from uit.identity.authentication import ANYBODY, RESIDENT, AnyRequest
from uit.web.view import see_other


@get("/{region:str}/betalingen/{payment_id:uuid}/terug", opt=ANYBODY)
async def back(
    request: AnyRequest, services: NamedDependency[BookingServices], payment_id: FromPath[UUID]
) -> Redirect | Template:
    """Read back how the payment ended, and lead on to where its holder came from.

    Whoever has the address learns nothing by it but how the payment ended: what they are led to asks who they
    are, and a guest is led to their booking by what their own browser remembers. While the provider is slow
    they read how it stands here; the worker follows the payment. Who did not pay is told so at their booking.
    """
    here = await read_visit(request, services)
    async with services.database.reading() as connection:
        key = await find_payment(connection, payment_id)
    if key is None or key.region_id != here.region.id:
        raise RefusalError(NotFound())
    told = await follow_at_once(services, here.region.id, key.booking_id, payment_id)
    booking = await booking_of(services, here.region.id, key.booking_id)
    payment = booking.payment(payment_id) if booking else None
    own = here.address("boekingen", key.booking_id)
    if booking is None or payment is None:
        return see_other(own)
    note = note_of(payment, told=told)
    if payment.return_url:
        return see_other(own + note if payment.return_url == own else payment.return_url)
    link = link_for(services.secrets.signing, request.cookies.get(WAY_BACK), booking.id)
    if link:
        return see_other(here.address("gast", link) + note)
    return here.page("payment/back", outcome=outcome_of(payment))


async def follow_at_once(
    services: BookingServices, region_id: int, booking_id: UUID, payment_id: UUID
) -> bool:
    """Follow a payment while somebody waits; whether the provider told how it stands."""
    with suppress(TimeoutError):
        async with asyncio.timeout(SECONDS_TO_OPEN):
            return await follow_payment(services, region_id, booking_id, payment_id) is None
    return False


def note_of(payment: Payment, *, told: bool) -> str:
    """What is added to the address of a booking, so that its page says why somebody is there unpaid."""
    if not payment.is_open:
        return ""
    return done_of(Done.STOPPED if told else Done.UNSEEN)


@post("/{region:str}/boekingen/{booking_id:uuid}/langer", opt=RESIDENT)
async def lengthen(
    request: AnyRequest, services: NamedDependency[BookingServices], booking_id: FromPath[UUID]
) -> Redirect:
    """More time to pay, once."""
    mine = await own_booking(request, services, booking_id)
    return see_other(await take_longer(services, mine))


PAGES: Final = (back, lengthen)

ROUTES: list[ControllerRouterHandler] = [Router("/", route_handlers=PAGES, include_in_schema=False)]
