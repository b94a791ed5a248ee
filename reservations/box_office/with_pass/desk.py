"""At a till of an organiser: places for who shows a pass. It says *in orde*, or what is still to be paid."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec.structs import replace

from credits.till.sale import Paid
from credits.till.till_desk import ADDRESS, OWN_STAFF
from reservations.booking.answers import Booked, as_refusal
from reservations.booking.commands import Book
from reservations.booking.services import BookingServices
from reservations.booking.visit import with_fields
from reservations.box_office.order_at_till import TillTotal
from reservations.box_office.payment_form import (
    Change,
    PaymentForm,
    labels,
    payment_form_in,
    read_change_or_payment,
)
from reservations.box_office.selling.for_sale import dates_for_sale
from reservations.box_office.till_page import open_till_here
from reservations.box_office.with_pass.booked import bookings_here
from reservations.box_office.with_pass.shown import (
    PassOrder,
    fields_of,
    is_sold,
    permit_shown,
    read_pass_order,
    shown_here,
    without_own_price,
)
from reservations.errors import RemainingChanged
from reservations.order.choice import people_of
from reservations.order.form import Form, SeenTotal, encode_seen_total, read_counts, read_form
from reservations.order.seat_choice import seat_labels
from reservations.order.seat_step import STEP, asked_step, next_step
from reservations.turn_card_sales.on_sale import read_of_organiser
from uit.core.errors import Refusal
from uit.core.translation import DUTCH
from uit.core.translation import gettext as _
from uit.identity.authentication import StaffRequest
from uit.web.form import Errors, required_id
from uit.web.view import UNPROCESSABLE, form_status, see_other

GivenServices = NamedDependency[BookingServices]
DATE: Final = "/{permission_id:uuid}/{session_id:uuid}/{booking_id:uuid}"


@get("/", opt=OWN_STAFF)
async def show_scan(
    request: StaffRequest, till_session_id: FromPath[UUID], services: GivenServices
) -> Template:
    till = await open_till_here(request, services, till_session_id)
    return till.page("with_pass/scan", permission_id=services.ids.new(), errors={})


@post("/", opt=OWN_STAFF)
async def scan(
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Template | Redirect:
    """A pass is scanned. What was scanned stands in no address: who has it may book with it."""
    till, given_id = (
        await open_till_here(request, services, till_session_id),
        required_id(data, "permission_id"),
    )
    token = data.get("token", "").strip()
    if not token:
        errors = {"token": _("Scan de pas.")}
        return till.page("with_pass/scan", UNPROCESSABLE, permission_id=given_id, errors=errors)
    answer = await permit_shown(services, till, token, given_id)
    if isinstance(answer, Refusal):
        return till.page("with_pass/scan", answer.status, permission_id=given_id, errors={}, refusal=answer)
    return see_other(answer)


@get("/{permission_id:uuid}", opt=OWN_STAFF)
async def choose_date(
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    permission_id: FromPath[UUID],
    services: GivenServices,
    na: FromQuery[str] = "",
) -> Template:
    """The coming dates of this organiser that are on sale, for who showed the pass, and what they have."""
    till = await open_till_here(request, services, till_session_id)
    async with services.database.reading() as connection:
        shown = await shown_here(connection, till, permission_id)
        now = services.clock.now()
        booked = await bookings_here(connection, shown, now)
        cards = await read_of_organiser(connection, till.region_id, till.organiser_id, now, DUTCH)
    found, more = await dates_for_sale(services, till, na)
    dates = [(each, shown.address(each.id, services.ids.new()), False) for each in found]
    further = f"{shown.address()}?na={more.as_text()}" if more else None
    first = shown.address() if na else None
    own = [
        (each, f"{shown.address('boekingen', each.booking_id)}/wijzigen?sessie={each.session_id}")
        for each in booked
    ]
    facts: dict[str, Any] = {
        "name": shown.name,
        "booked": own,
        "sessions": dates,
        "turn_cards": [(each, shown.address(each.session_id, services.ids.new())) for each in cards],
        "first": first,
        "next": further,
    }
    return till.page("with_pass/dates", **facts)


@get(DATE, opt=OWN_STAFF)
async def show_order(  # noqa: PLR0913, PLR0917  four of them are the address
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    permission_id: FromPath[UUID],
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    services: GivenServices,
) -> Template | Redirect:
    """How many places, and whether that is in order; or the hall, to choose seats in."""
    path = till_session_id, permission_id, session_id, booking_id
    order = await order_here(request, services, path, request.query_params)
    form = read_counts(dict(request.query_params), order.choices)
    return hall_page(request, order, form) or order_page(services, order, form)


def hall_page(request: StaffRequest, order: PassOrder, form: Form) -> Template | Redirect | None:
    """The hall to choose seats in, where that was asked; once they are chosen, on to what is due."""
    made, people = order.at_till.order, people_of(order.choices, form.places)
    step = asked_step(request.query_params, form, made.hall, people)
    if step is None:
        return None
    if step.is_done:
        return see_other(with_fields(address_of(order), form.counts | step.form.of_seats))
    return order.shown.till.page(
        "seats",
        step.status,
        card=made.card,
        step=step,
        kept=form.counts | STEP,
        action=address_of(order),
        back=with_fields(address_of(order), form.counts),
    )


async def order_here(
    request: StaffRequest,
    services: BookingServices,
    path: tuple[UUID, UUID, UUID, UUID],
    asked: Mapping[str, str],
) -> PassOrder:
    till_session_id, permission_id, session_id, booking_id = path
    till = await open_till_here(request, services, till_session_id)
    async with services.database.reading() as connection:
        shown = await shown_here(connection, till, permission_id)
        return await read_pass_order(connection, shown, session_id, booking_id, asked)


def total_of(services: BookingServices, order: PassOrder, form: Form) -> TillTotal | None:
    if form.errors or not any(form.places.values()):
        return None
    return order.at_till.total(order.places(form.places), services.clock.now())


def order_page(  # noqa: PLR0913, PLR0917  what was typed, and what is said about it
    services: BookingServices,
    order: PassOrder,
    form: Form,
    typed: PaymentForm | None = None,
    errors: Errors | None = None,
    refusal: Refusal | None = None,
    change_cents: int | None = None,
) -> Template:
    """The amounts are what is due: never a price, what credit paid, or what is left of it."""
    order = order.seated(form)
    total, ids = total_of(services, order, form), services.ids
    refusal, wrong = refusal or (total.refusal if total else None), form.errors | (errors or {})
    refusal = without_own_price(refusal) if refusal else None
    facts: dict[str, Any] = {}
    if total:
        seen = SeenTotal(total.due_cents, total.due_cents, total.due_cents)
        facts = total.payment_facts(typed or PaymentForm(ids.new(), ids.new()))
        facts["seen_total"] = encode_seen_total(seen, form.places)
    return order.shown.till.page(
        "with_pass/order",
        form_status(refusal, wrong),
        name=order.shown.name,
        card=order.at_till.order.card,
        course=order.at_till.order.course,
        turns=order.at_till.order.turns,
        sold_as=order.at_till.order.sold_as,
        choices=order.choices,
        hall=order.at_till.order.hall,
        places=form,
        is_good=total is not None and total.refusal is None,
        total=total,
        **facts,
        action=address_of(order),
        others=order.shown.address(),
        labels={**labels(), **seat_labels(), **fields_of(order.choices)},
        errors=wrong,
        refusal=refusal,
        change_cents=change_cents,
        slip=typed.slip if typed else "",
    )


def address_of(order: PassOrder) -> str:
    made = order.at_till.order
    return order.shown.address(made.card.session.id, made.booking_id)


@post(DATE, opt=OWN_STAFF)
async def sell(  # noqa: PLR0913, PLR0917  four of them are the address
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    permission_id: FromPath[UUID],
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Template | Redirect:
    """Book and take what is due in one, once for a booking id; Enter leads to what is due."""
    path = till_session_id, permission_id, session_id, booking_id
    order = await order_here(request, services, path, {**request.query_params, **data})
    form = order.at_till.order.as_shown(read_form(data, order.choices))
    order = order.seated(form)
    if not form.is_booking and not form.errors:
        fields = form.counts | form.of_seats | order.at_till.order.of_turns | next_step(form)
        return see_other(with_fields(address_of(order), fields))
    async with services.database.reading() as connection:
        if await is_sold(connection, order, form.places):
            return see_other(order.shown.till.address("tickets", booking_id))
    total = total_of(services, order, form)
    typed = payment_form_in(data) if "receipt_id" in data else None
    if form.seen is None or total is None or total.refusal:
        return order_page(services, order, form, typed)
    command = await command_of(services, order, form, total, typed)
    if isinstance(command, Template):
        return command
    return await sold_or_again(services, order, form, command, typed)


async def command_of(
    services: BookingServices, order: PassOrder, form: Form, total: TillTotal, typed: PaymentForm | None
) -> Book | Template:
    """What is told to the turnstile, where what is due is what the page said."""
    assert form.seen
    places, seen_cents = order.places(form.places), form.seen.remaining_cents
    if seen_cents != total.due_cents or (total.due_cents and typed is None):
        refusal = RemainingChanged(seen_cents, total.due_cents)
        return order_page(services, order, form, typed, refusal=refusal)
    if typed is None or not total.due_cents:
        return replace(order.at_till.command(places), remaining_seen_cents=total.due_cents)
    credit_cents = total.total.credit_cents
    paid = await read_change_or_payment(typed, total.due_cents, credit_cents, services.terminal)
    if isinstance(paid, Change):
        return order_page(services, order, form, typed, change_cents=paid.cents)
    if not isinstance(paid, Paid):
        return order_page(services, order, form, typed, errors=paid)
    return order.at_till.paid_command(places, typed, paid)


async def sold_or_again(
    services: BookingServices, order: PassOrder, form: Form, command: Book, typed: PaymentForm | None
) -> Template | Redirect:
    answer, till = await services.turnstile.answer(command), order.shown.till
    if isinstance(answer, Booked):
        return see_other(till.address("tickets", command.booking_id))
    refusal = as_refusal(answer)
    typed = till.anew(typed, refusal) if typed else None
    async with services.database.reading() as connection:
        session_id = order.at_till.order.card.session.id
        asked = order.at_till.order.of_turns
        again = await read_pass_order(connection, order.shown, session_id, command.booking_id, asked)
    return order_page(services, again, form, typed, refusal=refusal)


DESK: Final = (show_scan, scan, choose_date, show_order, sell)

ROUTES: list[ControllerRouterHandler] = [
    Router(f"{ADDRESS}/{{till_session_id:uuid}}/pas", route_handlers=DESK, include_in_schema=False)
]
