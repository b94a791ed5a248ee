"""The page on which one books: how many places, the total, how it is paid, and the button that books."""

from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec.structs import replace

from credits.invoice.customer import customer_of_code
from reservations.booking.answers import Booked, as_refusal
from reservations.booking.commands import Book, PayWith
from reservations.booking.facts import Booking
from reservations.booking.services import BookingServices
from reservations.booking.visit import Visit, open_visit, own_address, own_outings
from reservations.catalogue.agenda import read_cards
from reservations.errors import SessionUnknown
from reservations.guest.browser import bound_to_browser
from reservations.guest.limit import guest_limit
from reservations.order.form import Form, read_counts, read_form
from reservations.order.hold_limit import hold_limit
from reservations.order.offer import read_offer
from reservations.order.order import Order
from reservations.payment.opening import open_payment
from reservations.payment.way_back import way_back
from uit.core.errors import Refusal, RefusalError, TooOften
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import ANYBODY, AnyRequest, region_here
from uit.services.limit import Limit
from uit.web.address import client_address
from uit.web.kept_form import kept_redirect
from uit.web.public import BUDGETED
from uit.web.view import see_other

SHOWN_TO_MEMBER: Final = "voor_lid"
"""The field of a page that somebody with a pass of the region was shown."""
CODES: Final = Limit("customer codes", 30, 3600)


async def open_order(
    request: AnyRequest, services: BookingServices, session_id: UUID, booking_id: UUID
) -> tuple[Visit, Order]:
    async with open_visit(request, services) as (here, tx):
        return here, await read_order(tx, here, session_id, booking_id, services.clock.now())


async def read_order(tx: Executor, here: Visit, session_id: UUID, booking_id: UUID, now: datetime) -> Order:
    region_id, member = here.region.id, here.member
    cards = await read_cards(tx, region_id, [session_id], member, now)
    if not cards:
        raise RefusalError(SessionUnknown(session_id))
    offer = await read_offer(tx, region_id, member, session_id)
    return Order(region_id, member, booking_id, cards[0], offer)


def order_page(
    here: Visit, order: Order, form: Form, now: datetime, refusal: Refusal | None = None
) -> Template:
    """The form with its total, and above it the refusal of the booking, or the refusal that it would get.

    `refusal` is the refusal of a booking and sets the status; that of the total does not.
    """
    total = order.total(form, now)
    status = refusal.status if refusal else 422 if form.errors else 200
    return here.page(
        "order/order",
        status,
        order=order,
        form=form,
        total=total,
        way=total.way_for(form.pay_with) if total else None,
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
    if form.errors or refusal or here.member is None:
        return order_page(here, order, form, now, refusal)
    return to_total_page(here, order, form)


async def with_customer(
    request: AnyRequest, services: BookingServices, order: Order, form: Form
) -> tuple[Order, Form, Refusal | None]:
    """The order for the organisation of the code in the form, where it is put on an invoice.

    A code that nobody has is an error of its field. How often one tries is limited.
    """
    if form.pay_with is not PayWith.INVOICE or not form.is_booking:
        return order, form, None
    if too_often := await services.limiter.count(CODES, client_address(request)):
        return order, form, too_often
    async with services.database.reading() as connection:
        customer = await customer_of_code(connection, order.region_id, form.customer_code)
    if customer is None:
        unknown = _("Deze code kennen we niet. Kijk ze na, of vraag een nieuwe aan de organisator.")
        return order, replace(form, errors={**form.errors, "klantcode": unknown}), None
    return replace(order, customer=customer), form, None


def as_command(services: BookingServices, here: Visit, order: Order, form: Form, way: PayWith) -> Book:
    assert form.seen is not None
    return replace(
        order.as_command(form.places),
        price_seen_cents=form.seen.price_cents,
        remaining_seen_cents=form.seen.remaining_by(way),
        pay_with=way,
        payment_id=services.ids.new(),
        return_url=own_address(services, here, order.booking_id) if here.member else None,
        guest=None if here.member else form.guest,
        invoice_reference=form.reference if way is PayWith.INVOICE else None,
    )


@get("/{region:str}/sessies/{session_id:uuid}/boeken", opt={**ANYBODY, **BUDGETED})
async def begin(
    request: AnyRequest, services: NamedDependency[BookingServices], session_id: FromPath[UUID]
) -> Redirect:
    """Give a booking its id, so that a form that is sent repeatedly books once."""
    region = await region_here(request)
    return see_other(f"/{region.slug}/sessies/{session_id}/boeken/{services.ids.new()}")


@get("/{region:str}/sessies/{session_id:uuid}/boeken/{booking_id:uuid}", opt={**ANYBODY, **BUDGETED})
async def fill_in(
    request: AnyRequest,
    services: NamedDependency[BookingServices],
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
) -> Template | Redirect:
    """The form with the places in the address, at first one. After booking, a redirect to the booking."""
    now = services.clock.now()
    async with open_visit(request, services) as (here, tx):
        order = await read_order(tx, here, session_id, booking_id, now)
        if await own_outings(tx, here, booking_id):
            return see_other(here.address("boekingen", booking_id))
    form = read_counts(dict(request.query_params), order.offer.choices)
    return order_page(here, order, form, now)


@post("/{region:str}/sessies/{session_id:uuid}/boeken/{booking_id:uuid}", opt=ANYBODY)
async def book(
    request: AnyRequest,
    services: NamedDependency[BookingServices],
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
) -> Template | Redirect:
    """Show the total, or book when the total was shown before.

    Who was signed in when the page came, and is not any more, signs in again: a guest would book otherwise.
    """
    here, order = await open_order(request, services, session_id, booking_id)
    form, now = read_form(data, order.offer.choices, guest=here.member is None), services.clock.now()
    if here.member is None and SHOWN_TO_MEMBER in data:
        again = urlencode({"next": order_address(here, order)})
        return await kept_redirect(request, f"/aanmelden?{again}")
    if not form.is_booking:
        return to_total_page(here, order, form) if here.member else order_page(here, order, form, now)
    order, form, tried_too_often = await with_customer(request, services, order, form)
    if tried_too_often:
        return order_page(here, order, form, now, tried_too_often)
    total = order.total(form, now)
    if form.seen is None or total is None or form.errors:
        return unseen_total_response(here, order, form, now)
    return await booked_or_again(request, services, here, order, form, total.way_for(form.pay_with))


async def booked_or_again(  # noqa: PLR0913, PLR0917  who books what, as it was shown
    request: AnyRequest, services: BookingServices, here: Visit, order: Order, form: Form, way: PayWith
) -> Template | Redirect:
    """Book what was shown; the page again, as things stand then, when that is refused."""
    command = bound_to_browser(as_command(services, here, order, form, way), request)
    too_often = await limit_of(request, services, order, command)
    if too_often:
        return order_page(here, order, form, services.clock.now(), too_often)
    answer = await services.turnstile.answer(command)
    if isinstance(answer, Booked):
        return await booked_response(services, here, answer.booking)
    here, order = await open_order(request, services, order.card.session.id, order.booking_id)
    return order_page(here, order, form, services.clock.now(), as_refusal(answer))


async def limit_of(
    request: AnyRequest, services: BookingServices, order: Order, command: Book
) -> TooOften | None:
    """Whether a guest books, or a member holds places, too often."""
    if order.member is None:
        return await guest_limit(services, request, command)
    return await hold_limit(services, order.member.id, command)


async def booked_response(services: BookingServices, here: Visit, booking: Booking) -> Redirect:
    """On to the payment page where there is one, else to the booking."""
    booking = await open_payment(services, booking)
    payment, own = booking.open_payment, own_address(services, here, booking.id)
    answer = see_other(payment.url if payment and payment.url else own)
    if here.member is None:
        answer.cookies.append(way_back(here.region.slug, own, secure=services.settings.secure))
    return answer


PAGES: Final = (begin, fill_in, book)

ROUTES: list[ControllerRouterHandler] = [Router("/", route_handlers=PAGES, include_in_schema=False)]
