"""The page on which one books: how many places, the total, how it is paid, and the button that books."""

from collections.abc import Sequence
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
from reservations.booking.acting import HelpedMember, find_made_for, helped_members, stored_as
from reservations.booking.answers import Booked, as_refusal
from reservations.booking.commands import Book, PayWith
from reservations.booking.facts import Booking
from reservations.booking.member import read_member
from reservations.booking.services import BookingServices
from reservations.booking.visit import Visit, open_visit, own_address, own_outings, with_fields
from reservations.catalogue.agenda import read_cards
from reservations.errors import MayNotAct, SessionUnknown
from reservations.guest.browser import bound_to_browser
from reservations.guest.limit import guest_limit
from reservations.order.form import Form, read_counts, read_form
from reservations.order.hold_limit import hold_limit
from reservations.order.offer import read_offer
from reservations.order.order import WHO, Order
from reservations.payment.opening import open_payment
from reservations.payment.way_back import way_back
from uit.core.clock import day_in_flanders
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
    request: AnyRequest, services: BookingServices, session_id: UUID, booking_id: UUID, who: str
) -> tuple[Visit, Order]:
    async with open_visit(request, services) as (here, tx):
        return here, await read_order(tx, here, session_id, booking_id, services.clock.now(), who)


async def read_order(  # noqa: PLR0913, PLR0917  who looks at what, when, and who comes
    tx: Executor, here: Visit, session_id: UUID, booking_id: UUID, now: datetime, who: str
) -> Order:
    """`who` is the id of the member who comes, where that is another than who looks.

    Raises SessionUnknown, and MayNotAct for somebody for whom they may not book.
    """
    region_id = here.region.id
    others = await read_others(tx, here, now)
    helped = chosen_among(others, who) if here.person_id else None
    member = await read_member(tx, region_id, helped.person_id) if helped else here.member
    cards = await read_cards(tx, region_id, [session_id], member, now)
    if not cards:
        raise RefusalError(SessionUnknown(session_id))
    offer = await read_offer(tx, region_id, member, session_id, name=helped.given_name if helped else None)
    if helped:
        offer = replace(offer, facts=replace(offer.facts, given=list(helped.given)))
    order = Order(region_id, member, booking_id, cards[0], offer)
    return replace(
        order, person_id=here.person_id, helped=helped, others=others, self_comes=here.member is not None
    )


async def read_others(tx: Executor, here: Visit, now: datetime) -> list[HelpedMember]:
    """All for whom who looks may book in this region."""
    if here.person_id is None:
        return []
    region, day = here.region, day_in_flanders(now)
    found = await helped_members(tx, region.id, here.person_id, day, region.own_outings_from)
    return [each for each in found if each.powers.book]


def chosen_among(others: Sequence[HelpedMember], who: str) -> HelpedMember | None:
    """The member who comes; None where that is who looks. Raises MayNotAct."""
    if not who:
        return None
    found = next((each for each in others if str(each.membership_id) == who), None)
    if found is None:
        raise RefusalError(MayNotAct())
    return found


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
    address = here.address("sessies", order.card.session.id, "boeken", order.booking_id)
    return with_fields(address, order.who) if order.who else address


def to_total_page(here: Visit, order: Order, form: Form) -> Redirect:
    """A redirect to the page with the total, to which a browser can go back.

    Its address has the numbers of places, and whether the button that books was pressed.
    """
    fields = order.who | form.counts | ({"stap": "boek"} if form.is_booking else {})
    address = here.address("sessies", order.card.session.id, "boeken", order.booking_id)
    return see_other(f"{address}?{urlencode(fields)}")


def unseen_total_response(here: Visit, order: Order, form: Form, now: datetime) -> Template | Redirect:
    """The response when the total was not shown before: the total, or the errors or the refusal."""
    total = order.total(form, now)
    refusal = total.refusal if total else None
    if form.errors or refusal or order.member is None:
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
        return_url=own_of(services, here, order) if order.member else None,
        guest=None if order.member else form.guest,
        invoice_reference=form.reference if way is PayWith.INVOICE else None,
    )


def own_of(services: BookingServices, here: Visit, order: Order) -> str:
    """Where who books finds the booking."""
    if order.helped:
        return here.address("boekingen", order.booking_id)
    return own_address(services, here, order.booking_id)


@get("/{region:str}/sessies/{session_id:uuid}/boeken", opt={**ANYBODY, **BUDGETED})
async def begin(
    request: AnyRequest, services: NamedDependency[BookingServices], session_id: FromPath[UUID]
) -> Redirect:
    """Give a booking its id, so that a form that is sent repeatedly books once."""
    region = await region_here(request)
    address = f"/{region.slug}/sessies/{session_id}/boeken/{services.ids.new()}"
    who = request.query_params.get(WHO)
    return see_other(with_fields(address, {WHO: who}) if who else address)


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
        who = request.query_params.get(WHO, "")
        order = await read_order(tx, here, session_id, booking_id, now, who)
        if await own_outings(tx, here, booking_id) or await is_made_for(tx, order):
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
    who = data.get(WHO, "")
    here, order = await open_order(request, services, session_id, booking_id, who)
    form, now = read_form(data, order.offer.choices, guest=order.member is None), services.clock.now()
    if order.member is None and SHOWN_TO_MEMBER in data:
        again = urlencode({"next": order_address(here, order)})
        return await kept_redirect(request, f"/aanmelden?{again}")
    if not form.is_booking:
        return to_total_page(here, order, form) if order.member else order_page(here, order, form, now)
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
        return await booked_response(services, here, order, answer.booking)
    session_id, who = order.card.session.id, order.who.get(WHO, "")
    here, order = await open_order(request, services, session_id, order.booking_id, who)
    return order_page(here, order, form, services.clock.now(), as_refusal(answer))


async def limit_of(
    request: AnyRequest, services: BookingServices, order: Order, command: Book
) -> TooOften | None:
    """Whether a guest books, or a member holds places, too often."""
    if order.member is None:
        return await guest_limit(services, request, command)
    return await hold_limit(services, order.member.id, command)


async def is_made_for(tx: Executor, order: Order) -> bool:
    """Whether who books for another has booked it."""
    if order.helped is None or order.person_id is None:
        return False
    return bool(await find_made_for(tx, order.region_id, order.booking_id, stored_as(order.person_id)))


async def booked_response(services: BookingServices, here: Visit, order: Order, booking: Booking) -> Redirect:
    """On to the payment page where there is one, else to the booking."""
    booking = await open_payment(services, booking)
    payment, own = booking.open_payment, own_of(services, here, order)
    answer = see_other(payment.url if payment and payment.url else own)
    if order.member is None:
        answer.cookies.append(way_back(here.region.slug, own, secure=services.settings.secure))
    return answer


PAGES: Final = (begin, fill_in, book)

ROUTES: list[ControllerRouterHandler] = [Router("/", route_handlers=PAGES, include_in_schema=False)]
