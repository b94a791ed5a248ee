"""The way back from a payment page, and more time to pay."""

from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from credits.payments.checkout import find_payment
from reservations.booking.own_booking import own_booking, take_longer
from reservations.booking.services import BookingServices
from reservations.payment.following import follow_payment
from reservations.payment.opening import booking_of
from uit.core.errors import NotFound, RefusalError
from uit.identity.authentication import ANYBODY, RESIDENT, AnyRequest, region_here
from uit.web.view import see_other


@get("/{region:str}/betalingen/{payment_id:uuid}/terug", opt=ANYBODY)
async def back(
    request: AnyRequest, services: NamedDependency[BookingServices], payment_id: FromPath[UUID]
) -> Redirect:
    """Read back how the payment ended, and lead on to where its holder came from.

    Whoever has the address learns nothing by it: what they are led to asks who they are.
    """
    region = await region_here(request)
    async with services.database.reading() as connection:
        key = await find_payment(connection, payment_id)
    if key is None or key.region_id != region.id:
        raise RefusalError(NotFound())
    await follow_payment(services, region.id, key.booking_id, payment_id)
    booking = await booking_of(services, region.id, key.booking_id)
    payment = booking.payment(payment_id) if booking else None
    own = f"/{region.slug}/boekingen/{key.booking_id}"
    return see_other(payment.return_url if payment and payment.return_url else own)


@post("/{region:str}/boekingen/{booking_id:uuid}/langer", opt=RESIDENT)
async def lengthen(
    request: AnyRequest, services: NamedDependency[BookingServices], booking_id: FromPath[UUID]
) -> Redirect:
    """More time to pay, once."""
    mine = await own_booking(request, services, booking_id)
    await take_longer(services, mine)
    return see_other(mine.own)


PAGES: Final = (back, lengthen)

ROUTES: list[ControllerRouterHandler] = [Router("/", route_handlers=PAGES, include_in_schema=False)]
