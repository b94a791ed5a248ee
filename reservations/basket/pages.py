"""A resident books: how many places, what it costs, and the button that books what was added up."""

from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.basket.basket import Form, Order, look, read_counts, read_form
from reservations.booking.commands import Booked
from reservations.booking.services import BookingServices
from reservations.booking.visit import Visit, greet, own_outings
from reservations.catalogue.agenda import show
from reservations.errors import OtherRegion, SessionUnknown
from uit.core.errors import Refusal, RefusalError
from uit.identity.authentication import RESIDENT, AnyRequest, region_here
from uit.web.view import see_other


async def open_order(
    request: AnyRequest, services: BookingServices, session_id: UUID, booking_id: UUID
) -> tuple[Visit, Order]:
    here, now = await greet(request, services), services.clock.now()
    if here.member is None:
        raise RefusalError(OtherRegion(session_id))
    async with services.database.reading() as connection:
        cards = await show(connection, here.region.id, [session_id], here.member, now)
        if not cards:
            raise RefusalError(SessionUnknown(session_id))
        offer = await look(connection, here.member, session_id)
    return here, Order(here.member, booking_id, cards[0], offer)


def order_page(
    here: Visit, order: Order, form: Form, now: datetime, refusal: Refusal | None = None
) -> Template:
    """The form with what was filled in, the sum of it, and above them why it did not or will not go through.

    `refusal`: why a booking was refused. That a sum says beforehand that it will be, is no refusal yet.
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


def sum_page(here: Visit, order: Order, form: Form) -> Redirect:
    """To the sum of what was filled in: a page of its own, to which a browser can go back.

    Its address says how many places, and whether the button that books asked for them; nothing else.
    """
    fields = form.counts | ({"stap": "boek"} if form.books else {})
    return see_other(f"{order_address(here, order)}?{urlencode(fields)}")


def unseen(here: Visit, order: Order, form: Form, now: datetime) -> Template | Redirect:
    """For who books a sum that they did not see: the sum, or why it cannot be booked at all."""
    total = order.total(form, now)
    refusal = total.refusal if total else None
    if form.errors or refusal:
        return order_page(here, order, form, now, refusal)
    return sum_page(here, order, form)


@get("/{region:str}/sessies/{session_id:uuid}/boeken", opt=RESIDENT)
async def begin(
    request: AnyRequest, services: NamedDependency[BookingServices], session_id: FromPath[UUID]
) -> Redirect:
    """A booking gets its id here, so that however often its form is sent, it is made once."""
    region = await region_here(request)
    return see_other(f"/{region.slug}/sessies/{session_id}/boeken/{services.ids.new()}")


@get("/{region:str}/sessies/{session_id:uuid}/boeken/{booking_id:uuid}", opt=RESIDENT)
async def fill_in(
    request: AnyRequest,
    services: NamedDependency[BookingServices],
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
) -> Template | Redirect:
    """The sum of the places in the address, at first one. Who comes back after booking, sees the booking."""
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
    """Add up, or book what was added up: nobody pays a sum that they did not see."""
    here, order = await open_order(request, services, session_id, booking_id)
    form, now = read_form(data, order.offer.choices), services.clock.now()
    if not form.books:
        return sum_page(here, order, form)
    if form.seen_cents is None:
        return unseen(here, order, form, now)
    answer = await services.turnstile.answer(order.as_command(form.places, form.seen_cents))
    if isinstance(answer, Booked):
        return see_other(here.address("boekingen", booking_id))
    assert isinstance(answer, Refusal)
    here, order = await open_order(request, services, session_id, booking_id)
    return order_page(here, order, form, services.clock.now(), answer)


PAGES: Final = (begin, fill_in, book)

ROUTES: list[ControllerRouterHandler] = [Router("/", route_handlers=PAGES, include_in_schema=False)]
