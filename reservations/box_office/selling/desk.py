"""At a till: selling places to who has no pass, and the tickets that they get."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct
from msgspec.structs import replace

from credits.till.sale import Paid, SaleLine
from credits.till.till_desk import ADDRESS, TILL
from reservations.booking.answers import Booked, as_refusal
from reservations.booking.commands import Book
from reservations.booking.facts import Line
from reservations.booking.price_code import CODES_OF_CLERK, code_digest, code_limit
from reservations.booking.services import BookingServices
from reservations.booking.visit import with_fields
from reservations.box_office.payment_form import (
    Change,
    PaymentForm,
    payment_form_in,
    read_change,
    read_change_or_payment,
)
from reservations.box_office.selling.for_sale import DateForSale, date_for_sale, dates_for_sale
from reservations.box_office.selling.selling import sale_command, tried, with_code
from reservations.box_office.till_page import (
    OpenTill,
    open_till_here,
)
from reservations.errors import PriceChanged
from reservations.order.choice import people_of
from reservations.order.form import Form, SeenTotal, encode_seen_total, read_counts, read_form
from reservations.order.seat_choice import seat_labels
from reservations.order.seat_step import STEP, asked_step, next_step
from uit.core.errors import Refusal
from uit.core.formats import euro
from uit.core.translation import gettext as _
from uit.identity.authentication import StaffRequest
from uit.web.form import Errors
from uit.web.view import form_status, see_other

GivenServices = NamedDependency[BookingServices]


class ForSale(Struct, frozen=True):
    """A date at a till, and the id under which a booking of it is made.

    `code_digest`: of the code that a clerk of a municipality typed for a price; the organiser's own staff
    types none.
    """

    till: OpenTill
    date: DateForSale
    booking_id: UUID
    code_digest: str | None = None

    def page(
        self,
        form: Form,
        typed: PaymentForm | None = None,
        errors: Errors | None = None,
        refusal: Refusal | None = None,
        change_cents: int | None = None,
    ) -> Template:
        """The form with what it comes to; with a refusal or errors it says so, and what to give back.

        What would be refused now has no part on which money is taken.
        """
        lines = self.date.lines(form)
        sold = self.tried(form, lines)
        unsold = sold if isinstance(sold, Refusal) else None
        refusal, wrong = refusal or unsold, form.errors | (errors or {})
        due_cents = sum(line.amount_cents for line in lines)
        facts = self.till.payment_facts(typed, lines)
        facts["labels"] |= {choice.field: choice.label for choice in self.date.offer.choices}
        facts["labels"] |= {**seat_labels(), "code": _("Code van de organisator")}
        facts |= {
            "card": self.date.card,
            "course": self.date.course,
            "offer": self.date.offer,
            "hall": self.date.hall,
            "seats": seats_of(sold.booking.lines) if isinstance(sold, Booked) else [],
            "places": form,
            "asks_code": self.date.asks_code,
            "types_code": self.types_code,
            "is_sold": bool(lines) and unsold is None,
            "seen_total": encode_seen_total(SeenTotal(due_cents, due_cents, due_cents), form.places),
            "action": self.address,
            "errors": wrong,
            "refusal": refusal,
            "change_cents": change_cents,
        }
        status = form_status(refusal, wrong)
        return self.till.page("selling/sale", status, **facts)

    @property
    def types_code(self) -> bool:
        """Whether who works here is of another organisation than the one that gives the code."""
        return self.till.desk.worker.at_counter

    @property
    def address(self) -> str:
        own = self.till.address("verkoop", self.date.session_id, self.booking_id)
        return with_fields(own, self.date.course.fields if self.date.course else {})

    def tried(self, form: Form, lines: tuple[SaleLine, ...]) -> Booked | Refusal | None:
        """What these places would be at this till if they were paid now, or why it would be refused them."""
        if not lines:
            return None
        ids = self.till.desk.author.ids
        typed = PaymentForm(ids.new(), ids.new())
        return tried(
            self.date.offer.facts, self.command(form, lines, typed, Paid()), self.till.desk.author.now
        )

    def command(self, form: Form, lines: tuple[SaleLine, ...], typed: PaymentForm, paid: Paid) -> Book:
        """The booking of these places, paid so at this till."""
        sale = self.till.sale(typed, self.booking_id, lines, paid, typed.payment_id)
        requested = self.date.requested(form)
        command = sale_command(self.till.region_id, self.booking_id, requested, sale)
        coded = with_code(self.date.offer, command.lines, self.code_digest)
        return replace(command, lines=coded, types_code=self.types_code)

    def hall_page(self, request: StaffRequest, form: Form) -> Template | Redirect | None:
        """The hall to choose seats in, where that was asked; once they are chosen, on to the sum."""
        people = people_of(self.date.offer.choices, form.places)
        step = asked_step(request.query_params, form, self.date.hall, people)
        if step is None:
            return None
        if step.is_done:
            return see_other(with_fields(self.address, form.counts | step.form.of_seats))
        return self.till.page(
            "seats",
            step.status,
            card=self.date.card,
            step=step,
            kept=form.counts | STEP,
            action=self.address,
            back=with_fields(self.address, form.counts),
        )

    def not_shown(self, before_cents: int | None, now_cents: int) -> Errors:
        """What is said where the places changed since the amount was shown."""
        said = (
            _("Je veranderde het aantal. Kijk het nieuwe bedrag na.")
            if before_cents is None
            else _(
                "Je veranderde het aantal: het is nu %(now)s in plaats van %(before)s. Kijk dat na.",
                now=euro(now_cents),
                before=euro(before_cents),
            )
        )
        return {choice.field: said for choice in self.date.offer.choices[:1]}


def seats_of(lines: Sequence[Line]) -> list[str]:
    """The seats that they get, where these are numbered."""
    return [seat for line in lines for ticket in line.tickets for seat in ticket.seats]


async def for_sale_here(
    request: StaffRequest, services: BookingServices, path: tuple[UUID, UUID, UUID]
) -> ForSale:
    till_session_id, session_id, booking_id = path
    till = await open_till_here(request, services, till_session_id)
    return await for_sale_at(services, till, session_id, booking_id, request.query_params)


async def for_sale_at(
    services: BookingServices, till: OpenTill, session_id: UUID, booking_id: UUID, asked: Mapping[str, str]
) -> ForSale:
    """What a till may sell of a date, and whether the till is still open, as it stands now."""
    return ForSale(till, await date_for_sale(services, till, session_id, asked), booking_id)


@get("/verkoop", opt=TILL)
async def choose_session(
    request: StaffRequest, till_session_id: FromPath[UUID], services: GivenServices, na: FromQuery[str] = ""
) -> Template:
    """The coming dates that are on sale now, soonest first."""
    till = await open_till_here(request, services, till_session_id)
    found, more = await dates_for_sale(services, till, na)
    sales = [(each, till.address("verkoop", each.id, services.ids.new()), False) for each in found]
    here = till.address("verkoop")
    further = f"{here}?na={more.as_text()}" if more else None
    return till.page("selling/sessions", sessions=sales, first=here if na else None, next=further)


@get("/verkoop/{session_id:uuid}/{booking_id:uuid}", opt=TILL)
async def show_sale(
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    services: GivenServices,
) -> Template | Redirect:
    """How many places of which tariff, what they cost, and how that is paid; or the hall, to choose seats."""
    sale = await for_sale_here(request, services, (till_session_id, session_id, booking_id))
    form = read_counts(dict(request.query_params), sale.date.offer.choices)
    return sale.hall_page(request, form) or sale.page(form)


@post("/verkoop/{session_id:uuid}/{booking_id:uuid}", opt=TILL)
async def sell(  # noqa: PLR0913, PLR0917  three of them are the address
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Template | Redirect:
    """Sell and take the money in one: places, receipt and tickets, or nothing. Once for a booking id.

    The button that only reckons, and the Enter key, lead to the sum, or to what goes back of what a customer
    gives. Nothing is sold for other places than
    those whose sum the page showed.
    """
    on_sale = await for_sale_here(request, services, (till_session_id, session_id, booking_id))
    form = read_form(data, on_sale.date.offer.choices)
    if not form.is_booking:
        if form.seen and data.get("given"):
            return said_again(on_sale, form, payment_form_in(data))
        if not form.code or next_step(form):
            return see_other(with_fields(on_sale.address, form.counts | form.of_seats | next_step(form)))
    on_sale, tried_too_often = await with_typed_code(services, on_sale, form)
    if tried_too_often:
        return on_sale.page(form, refusal=tried_too_often)
    if not form.is_booking:
        return on_sale.page(form)
    return await sell_for(services, on_sale, form, payment_form_in(data))


async def with_typed_code(
    services: BookingServices, on_sale: ForSale, form: Form
) -> tuple[ForSale, Refusal | None]:
    """What is sold with the code that was typed, or that too many were tried."""
    worker = on_sale.till.desk.worker
    if too_often := await code_limit(services.limiter, CODES_OF_CLERK, str(worker.staff_id), form.code):
        return on_sale, too_often
    digest = code_digest(services.secrets.signing, on_sale.till.region_id, form.code)
    return replace(on_sale, code_digest=digest), None


def said_again(on_sale: ForSale, form: Form, typed: PaymentForm) -> Template:
    """What goes back of what the customer gives, for who pressed Enter: nothing is sold by that key."""
    due_cents = sum(line.amount_cents for line in on_sale.date.lines(form))
    said = read_change(replace(typed, change=""), due_cents, 0)
    return not_yet_sold(on_sale, form, typed, said or {})


def not_yet_sold(on_sale: ForSale, form: Form, typed: PaymentForm, said: Errors | Change) -> Template:
    if isinstance(said, Change):
        return on_sale.page(form, typed, change_cents=said.cents)
    return on_sale.page(form, typed, errors=said)


async def sell_for(
    services: BookingServices, on_sale: ForSale, form: Form, typed: PaymentForm
) -> Template | Redirect:
    """Sell the places of a form for the money of a form, where they are those that the sum was for."""
    till, booking_id, session_id = on_sale.till, on_sale.booking_id, on_sale.date.session_id
    lines = on_sale.date.lines(form)
    due_cents = sum(line.amount_cents for line in lines)
    if form.errors:
        return on_sale.page(form, typed)
    if form.needs_confirmation:
        return on_sale.page(form, typed, errors=on_sale.not_shown(typed.due_cents, due_cents))
    if typed.due_cents != due_cents:
        return on_sale.page(form, typed, refusal=PriceChanged(typed.due_cents or 0, due_cents))
    paid = await read_change_or_payment(typed, due_cents, 0, services.terminal) if due_cents else Paid()
    if not isinstance(paid, Paid):
        return not_yet_sold(on_sale, form, typed, paid)
    answer = await services.turnstile.answer(on_sale.command(form, lines, typed, paid))
    if isinstance(answer, Booked):
        return see_other(till.address("tickets", booking_id))
    of_course = on_sale.date.course.fields if on_sale.date.course else {}
    code = on_sale.code_digest
    on_sale = await for_sale_at(services, till, session_id, booking_id, of_course)
    refusal = as_refusal(answer)
    return replace(on_sale, code_digest=code).page(form, till.anew(typed, refusal), refusal=refusal)


DESK: Final = (choose_session, show_sale, sell)

ROUTES: list[ControllerRouterHandler] = [
    Router(f"{ADDRESS}/{{till_session_id:uuid}}", route_handlers=DESK, include_in_schema=False)
]
