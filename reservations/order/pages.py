"""The page on which one books: how many places, the total, how it is paid, and the button that books."""

from collections.abc import Mapping
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
from reservations.booking.own_booking import find_own
from reservations.booking.price_code import CODES_FROM_ADDRESS, code_digest, code_limit
from reservations.booking.services import BookingServices
from reservations.booking.visit import Visit, open_visit, own_address, read_others, with_fields
from reservations.catalogue.agenda import Availability, read_cards
from reservations.errors import SessionUnknown
from reservations.event_settings.settings import read_settings
from reservations.guest.browser import bound_to_browser
from reservations.guest.limit import guest_limit
from reservations.order.choice import FIELD
from reservations.order.course_order import COURSE, DATES, read_course_order
from reservations.order.form import Form, errors_shown, read_counts, read_form
from reservations.order.had import without_hint
from reservations.order.hold_limit import hold_limit
from reservations.order.offer import read_course_offer, read_offer
from reservations.order.order import Order
from reservations.order.seat_step import STEP, is_seat_step, seat_step
from reservations.order.turn_card_order import CARD, turn_card_order
from reservations.order.who_comes import WHO, choosable, comers, nobody, ticked
from reservations.payment.opening import open_payment
from reservations.payment.way_back import way_back
from reservations.waiting_line.length import count_waiting
from reservations.waiting_room.gate import refuse_without_turn
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

Asked = Mapping[str, str]
"""What an address or a form says of who comes and for what."""
SHOWN_TO_MEMBER: Final = "voor_lid"
"""The field of a page that somebody with a pass of the region was shown."""
CODES: Final = Limit("customer codes", 30, 3600)


async def open_order(
    request: AnyRequest, services: BookingServices, session_id: UUID, booking_id: UUID, asked: Asked
) -> tuple[Visit, Order]:
    async with open_visit(request, services) as (here, tx):
        return here, await read_order(tx, here, session_id, booking_id, services.clock.now(), asked)


async def read_order(  # noqa: PLR0913, PLR0917  who looks at what, when, and who comes
    tx: Executor, here: Visit, session_id: UUID, booking_id: UUID, now: datetime, asked: Asked
) -> Order:
    """`asked` may say who comes, where that is not whoever looks alone, and in what course.

    Raises SessionUnknown, CourseUnknown, CourseBegun, and MayNotAct for somebody for whom they may not book.
    """
    region_id, own_id = here.region.id, here.member.id if here.member else None
    others = await read_others(tx, here, now)
    found = comers(own_id, others, asked.get(WHO, "") if here.person_id else "")
    cards = await read_cards(tx, region_id, [session_id], here.member, now, language=here.language)
    if not cards:
        raise RefusalError(SessionUnknown(session_id))
    course = await read_course_order(tx, region_id, session_id, asked, now, language=here.language)
    if course:
        offer = await read_course_offer(tx, region_id, found, course, session_id)
    else:
        offer = await read_offer(tx, region_id, found, session_id, day=day_in_flanders(now))
    may_come = choosable(own_id, others, found)
    settings = await read_settings(tx, region_id, session_id)
    is_full = cards[0].availability is Availability.FULL
    waiting = await count_waiting(tx, region_id, session_id) if is_full else 0
    return Order(
        region_id,
        found,
        booking_id,
        cards[0],
        offer,
        person_id=here.person_id,
        choosable=may_come,
        asks=settings.asks,
        course=course,
        waiting=waiting,
        turns=None if course else turn_card_order(offer.facts, found, asked),
    )


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
        errors=errors_shown(form.errors, asks_who=total is not None and total.refusal is None),
        refusal=refusal or (total.refusal if total else None),
        action=order_address(here, order),
        wait_here=with_fields(
            here.address("sessies", order.card.session.id, "wachtlijst"), order.who | form.of_waiting
        ),
        best_seats=with_fields(booking_address(here, order), order.who | form.counts),
    )


def booking_address(here: Visit, order: Order) -> str:
    return here.address("sessies", order.card.session.id, "boeken", order.booking_id)


def order_address(here: Visit, order: Order) -> str:
    return with_fields(booking_address(here, order), order.who)


def to_total_page(here: Visit, order: Order, form: Form) -> Redirect:
    """A redirect to the page with the total, to which a browser can go back.

    Its address has the numbers of places, and whether the button that books was pressed.
    """
    pressed = {"stap": "boek"} if form.is_booking else {}
    return to_page_for(here, order, order.who, form.counts | form.of_seats | pressed)


def to_page_for(here: Visit, order: Order, who: Mapping[str, str], fields: Mapping[str, str]) -> Redirect:
    fields = {**who, **fields}
    return see_other(f"{booking_address(here, order)}?{urlencode(fields)}")


def unseen_total_response(here: Visit, order: Order, form: Form, now: datetime) -> Template | Redirect:
    """The response when the total was not shown before: the total, or the errors or the refusal."""
    total = order.total(form, now)
    refusal = total.refusal if total else None
    if form.errors or refusal or not may_be_addressed(order, form):
        return order_page(here, order, form, now, refusal)
    return to_total_page(here, order, form)


def may_be_addressed(order: Order, form: Form) -> bool:
    """Whether an address can hold all that was typed: never who a guest is, nor a code."""
    return not order.is_guest and not form.code


def with_code(services: BookingServices, order: Order, form: Form) -> Order:
    """The order with the code that was typed for a price."""
    return replace(order, code_digest=code_digest(services.secrets.signing, order.region_id, form.code))


async def with_codes(
    request: AnyRequest, services: BookingServices, order: Order, form: Form
) -> tuple[Order, Form, Refusal | None]:
    """The order with what its codes mean: that of a price, and that of an organisation."""
    place = client_address(request)
    if too_often := await code_limit(services.limiter, CODES_FROM_ADDRESS, place, form.code):
        return order, form, too_often
    return await with_customer(request, services, with_code(services, order, form), form)


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
        order.as_command(form.places, form.seats, form.wheelchairs),
        price_seen_cents=form.seen.price_cents,
        remaining_seen_cents=form.seen.remaining_by(way),
        pay_with=way,
        payment_id=services.ids.new(),
        return_url=own_of(services, here, order) if not order.is_guest else None,
        guest=form.guest if order.is_guest else None,
        invoice_reference=form.reference if way is PayWith.INVOICE else None,
    )


def own_of(services: BookingServices, here: Visit, order: Order) -> str:
    """Where who books finds the booking."""
    if order.is_for_others:
        return here.address("boekingen", order.booking_id)
    return own_address(services, here, order.booking_id)


@get("/{region:str}/sessies/{session_id:uuid}/boeken", opt={**ANYBODY, **BUDGETED})
async def begin(
    request: AnyRequest, services: NamedDependency[BookingServices], session_id: FromPath[UUID]
) -> Redirect:
    """Give a booking its id, so that a form that is sent repeatedly books once."""
    region = await region_here(request)
    await refuse_without_turn(request, services, session_id)
    address = f"/{region.slug}/sessies/{session_id}/boeken/{services.ids.new()}"
    query, named = request.query_params, (WHO, COURSE, DATES, CARD)
    kept = {name: text for name, text in query.items() if name in named or name.startswith(FIELD)}
    step = "/stoelen" if query.get("stap") == STEP["stap"] else ""
    return see_other(with_fields(address + step, kept))


@get("/{region:str}/sessies/{session_id:uuid}/boeken/{booking_id:uuid}", opt={**ANYBODY, **BUDGETED})
async def fill_in(
    request: AnyRequest,
    services: NamedDependency[BookingServices],
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
) -> Template | Redirect:
    """The form with the places in the address, at first one. After booking, a redirect to the booking."""
    await refuse_without_turn(request, services, session_id)
    now = services.clock.now()
    async with open_visit(request, services) as (here, tx):
        order = await read_order(tx, here, session_id, booking_id, now, request.query_params)
        if here.person_id and await find_own(tx, here, booking_id, now):
            return see_other(here.address("boekingen", booking_id))
    form = order.of_these_dates(read_counts(dict(request.query_params), order.offer.choices))
    return order_page(here, order, form, now)


@get("/{region:str}/sessies/{session_id:uuid}/boeken/{booking_id:uuid}/stoelen", opt={**ANYBODY, **BUDGETED})
async def choose_seats(
    request: AnyRequest,
    services: NamedDependency[BookingServices],
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
) -> Template | Redirect:
    """The hall, row by row. Where as many seats were ticked as there are places, on to the total."""
    query, now = request.query_params, services.clock.now()
    here, order = await open_order(request, services, session_id, booking_id, query)
    form = read_counts(dict(query), order.offer.choices)
    step = seat_step(query, form, order.hall, order.people(form))
    if step is None or step.is_done:
        return to_total_page(here, order, step.form if step else form)
    total = order.total(step.form, now)
    return here.page(
        "order/seats",
        step.status,
        order=order,
        step=step,
        **({"price_cents": total.price_cents} if total else {}),
        kept=order.who | form.counts,
        action=seats_address(here, order),
        back=with_fields(booking_address(here, order), order.who | form.counts),
    )


def seats_asked(here: Visit, order: Order, form: Form) -> Redirect | None:
    """The page of the seats, where that was pressed and the numbers are good."""
    if not is_seat_step(form) or order.hall is None:
        return None
    return see_other(with_fields(seats_address(here, order), order.who | form.counts | form.of_seats))


def seats_address(here: Visit, order: Order) -> str:
    return f"{booking_address(here, order)}/stoelen"


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
    await refuse_without_turn(request, services, session_id)
    here, order = await open_order(request, services, session_id, booking_id, data)
    form, now = read_form(data, order.offer.choices, guest=order.is_guest), services.clock.now()
    form = order.as_shown(form)
    if order.is_guest and SHOWN_TO_MEMBER in data:
        again = urlencode({"next": order_address(here, order)})
        return await kept_redirect(request, f"/aanmelden?{again}")
    if chosen := others_chosen(here, order, form, now) or seats_asked(here, order, form):
        return chosen
    order, form, tried_too_often = await with_codes(request, services, order, form)
    if tried_too_often:
        return order_page(here, order, form, now, tried_too_often)
    if not form.is_booking:
        as_address = may_be_addressed(order, form)
        return to_total_page(here, order, form) if as_address else order_page(here, order, form, now)
    total = order.total(form, now)
    if form.seen is None or total is None or form.errors:
        return unseen_total_response(here, order, form, now)
    return await booked_or_again(request, services, here, order, form, total.way_for(form.pay_with))


def others_chosen(here: Visit, order: Order, form: Form, now: datetime) -> Redirect | Template | None:
    """The page for whom was ticked, where that is not whom it was for; None where it is.

    The numbers of who still comes stay; for who is new it is one place.
    """
    chosen = ticked(form.typed)
    if chosen is None:
        return None
    if not chosen:
        return order_page(here, order, replace(form, errors=nobody(order.choosable)), now)
    asked = chosen.split(",")
    if {each.value for each in order.choosable if each.is_chosen} == {*asked}:
        return None
    pressed = {"stap": "boek"} if form.is_booking else {}
    return to_page_for(here, order, {**order.of_course, WHO: chosen}, order.counts_for(form, asked) | pressed)


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
    session_id = order.card.session.id
    here, order = await open_order(request, services, session_id, order.booking_id, order.who)
    order = with_code(services, order, form)
    helped = [each.helped for each in order.comers if each.helped]
    async with services.database.reading() as tx:
        refusal = await without_hint(tx, order.region_id, helped, as_refusal(answer))
    return order_page(here, order, form, services.clock.now(), refusal)


async def limit_of(
    request: AnyRequest, services: BookingServices, order: Order, command: Book
) -> TooOften | None:
    """Whether a guest books, or a member holds places, too often."""
    if order.is_guest:
        return await guest_limit(services, request, command)
    assert order.person_id
    return await hold_limit(services, order.person_id, command)


async def booked_response(services: BookingServices, here: Visit, order: Order, booking: Booking) -> Redirect:
    """On to the payment page where there is one, else to the booking."""
    booking = await open_payment(services, booking)
    payment, own = booking.open_payment, own_of(services, here, order)
    answer = see_other(payment.url if payment and payment.url else own)
    if order.is_guest:
        answer.cookies.append(way_back(here.region.slug, own, secure=services.settings.secure))
    return answer


PAGES: Final = (begin, fill_in, choose_seats, book)

ROUTES: list[ControllerRouterHandler] = [Router("/", route_handlers=PAGES, include_in_schema=False)]
