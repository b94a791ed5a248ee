"""The page on which a resident books: the numbers of places, the total, and the button that books."""

from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.basket.basket import Form, Order, read_counts, read_form, read_offer
from reservations.booking.answers import Booked
from reservations.booking.services import BookingServices
from reservations.booking.visit import Visit, own_outings, read_visit
from reservations.catalogue.agenda import read_cards
from reservations.errors import OtherRegion, SessionUnknown
from uit.core.errors import Refusal, RefusalError
from uit.identity.authentication import RESIDENT, AnyRequest, region_here
from uit.web.view import see_other


async def open_order(
    request: AnyRequest, services: BookingServices, session_id: UUID, booking_id: UUID
) -> tuple[Visit, Order]:
    here, now = await read_visit(request, services), services.clock.now()
    if here.member is None:
        raise RefusalError(OtherRegion(session_id))
    async with services.database.reading() as connection:
        cards = await read_cards(connection, here.region.id, [session_id], here.member, now)
        if not cards:
            raise RefusalError(SessionUnknown(session_id))
        offer = await read_offer(connection, here.member, session_id)
    return here, Order(here.member, booking_id, cards[0], offer)


def order_page(
    here: Visit, order: Order, form: Form, now: datetime, refusal: Refusal | None = None
) -> Template:
    """The form with its total, and above it the refusal of the booking, or the refusal that it would get.

    `refusal` is the refusal of a booking and sets the status; that of the total does not.
    """
    total = order.total(form, now)
    status = refusal.status if refusal else 422 if form.errors else 200
    return here.page(
        "basket/basket",
        status,
        order=order,
        form=form,
        total=total,
        now=now,
        errors=form.errors,
        refusal=refusal or (total.refusal if total else None),
        action=order_address(here, order),
    )


def order_address(here: Visit, order: Order) -> str:
    return here.address("sessies", order.card.session.id, "boeken", order.booking_id)


def to_total_page(here: Visit, order: Order, form: Form) -> Redirect:
    """A redirect to the page with the total, to which a browser can go back.

    Its address has the numbers of places, and whether the button that books was pressed.
    """
    fields = form.counts | ({"stap": "boek"} if form.is_booking else {})
    return see_other(f"{order_address(here, order)}?{urlencode(fields)}")


def unseen_total_response(here: Visit, order: Order, form: Form, now: datetime) -> Template | Redirect:
    """The response when the total was not shown before: the total, or the errors or the refusal."""
    total = order.total(form, now)
    refusal = total.refusal if total else None
    if form.errors or refusal:
        return order_page(here, order, form, now, refusal)
    return to_total_page(here, order, form)


@get("/{region:str}/sessies/{session_id:uuid}/boeken", opt=RESIDENT)
async def begin(
    request: AnyRequest, services: NamedDependency[BookingServices], session_id: FromPath[UUID]
) -> Redirect:
    """Give a booking its id, so that a form that is sent repeatedly books once."""
    region = await region_here(request)
    return see_other(f"/{region.slug}/sessies/{session_id}/boeken/{services.ids.new()}")


@get("/{region:str}/sessies/{session_id:uuid}/boeken/{booking_id:uuid}", opt=RESIDENT)
async def fill_in(
    request: AnyRequest,
    services: NamedDependency[BookingServices],
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
) -> Template | Redirect:
    """The form with the places in the address, at first one. After booking, a redirect to the booking."""
    here, order = await open_order(request, services, session_id, booking_id)
    if await own_outings(services, here, booking_id):
        return see_other(here.address("boekingen", booking_id))
    form = read_counts(dict(request.query_params), order.offer.choices)
    return order_page(here, order, form, services.clock.now())


@post("/{region:str}/sessies/{session_id:uuid}/boeken/{booking_id:uuid}", opt=RESIDENT)
async def book(
    request: AnyRequest,
    services: NamedDependency[BookingServices],
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
) -> Template | Redirect:
    """Show the total, or book when the total was shown before."""
    here, order = await open_order(request, services, session_id, booking_id)
    form, now = read_form(data, order.offer.choices), services.clock.now()
    if not form.is_booking:
        return to_total_page(here, order, form)
    if form.seen_cents is None:
        return unseen_total_response(here, order, form, now)
    answer = await services.turnstile.answer(order.as_command(form.places, form.seen_cents))
    if isinstance(answer, Booked):
        return see_other(here.address("boekingen", booking_id))
    assert isinstance(answer, Refusal)
    here, order = await open_order(request, services, session_id, booking_id)
    return order_page(here, order, form, services.clock.now(), answer)


PAGES: Final = (begin, fill_in, book)

ROUTES: list[ControllerRouterHandler] = [Router("/", route_handlers=PAGES, include_in_schema=False)]
