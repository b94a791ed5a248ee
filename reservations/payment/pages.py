"""The way back from a payment page, and more time to pay."""

from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from credits.payments.checkout import find_payment
from reservations.booking.commands import ByHolder, Lengthen
from reservations.booking.services import BookingServices
from reservations.booking.visit import own_outings, read_visit
from reservations.errors import BookingUnknown
from reservations.payment.following import follow_payment
from reservations.payment.opening import booking_of
from uit.core.errors import NotFound, Refusal, RefusalError
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
    here = await read_visit(request, services)
    if here.member is None or not await own_outings(services, here, booking_id):
        raise RefusalError(BookingUnknown(booking_id))
    command = Lengthen(here.region.id, booking_id, ByHolder(here.member.id))
    answer = await services.turnstile.answer(command)
    own = here.address("boekingen", booking_id)
    if isinstance(answer, Refusal):
        raise RefusalError(answer, redirect_to=own)
    return see_other(own)


PAGES: Final = (back, lengthen)

ROUTES: list[ControllerRouterHandler] = [Router("/", route_handlers=PAGES, include_in_schema=False)]
