"""At a till: tickets for others, of another date, tariff or number. Only the difference changes hands."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct
from msgspec.structs import replace

from credits.errors import DrawerTooLow
from credits.till.facts import read_till_facts
from credits.till.rounding import difference_rounding
from credits.till.sale import Paid, Sale
from credits.till.till import read_drawer
from credits.till.till_desk import ADDRESS, TILL
from reservations.booking.answers import Booked, Swapped, as_refusal
from reservations.booking.decide import decide
from reservations.booking.facts import Facts
from reservations.booking.services import BookingServices
from reservations.booking.tickets import number_of
from reservations.booking.turnstile import read_without_locks
from reservations.box_office.held import is_sold_by
from reservations.box_office.payment_form import (
    PaymentForm,
    payment_form_in,
    read_difference,
    read_payment,
    ways,
)
from reservations.box_office.selling.for_sale import DateForSale, date_for_sale, dates_for_sale
from reservations.box_office.swapping.swapping import (
    TICKETS,
    GoingBack,
    act_of,
    going_back,
    swap_command,
    with_room,
)
from reservations.box_office.taking_back.handing_in import WAIVER
from reservations.box_office.till_page import OpenTill, open_till_here
from reservations.errors import BookingUnknown, SwapChanged
from reservations.order.choice import Choice
from reservations.order.form import Form, SeenTotal, encode_seen_total, read_counts, read_form
from uit.core.errors import Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.identity.authentication import StaffRequest
from uit.web.form import Errors
from uit.web.view import form_status, see_other

GivenServices = NamedDependency[BookingServices]


class ForSwap(Struct, frozen=True):
    """Tickets of a booking at a till, the date that is taken instead, and the id of the new booking."""

    till: OpenTill
    facts: Facts
    back: GoingBack
    date: DateForSale
    booking_id: UUID
    kept: dict[str, str]

    @property
    def choices(self) -> list[Choice]:
        """Who is of another organisation sells a price with a code as a sale, in which the code is typed."""
        found = with_room(self.date.offer.choices, self.back.places.get(self.date.session_id, 0))
        return [each for each in found if not (each.asks_code and self.till.desk.worker.at_counter)]

    def address(self, **more: str) -> str:
        old = self.back.command.booking_id
        here = self.till.address("ruilen", old, self.date.session_id, self.booking_id)
        return f"{here}?{urlencode(self.kept | more)}"

    def price_cents(self, form: Form) -> int:
        return sum(line.amount_cents for line in self.date.lines(form))

    def due_cents(self, form: Form) -> int:
        """What the customer pays besides, or below zero gets."""
        return self.price_cents(form) - self.back.cash_cents

    def sale(self, form: Form, typed: PaymentForm, paid: Paid) -> Sale:
        paid = replace(paid, set_against_cents=self.back.cash_cents)
        return self.till.sale(typed, self.booking_id, self.date.lines(form), paid, typed.payment_id)

    def why_not(self, form: Form, typed: PaymentForm) -> Refusal | None:
        """Why it could not be swapped so now: decided as it would be, and nothing of it written."""
        if form.errors:
            return None
        sale = self.sale(form, typed, Paid())
        command = swap_command(self.back, self.booking_id, self.date.session_id, form.places, sale)
        [answer] = decide(self.facts, [command], self.till.desk.author.now)
        return answer if isinstance(answer, Refusal) else None

    def page(
        self,
        form: Form,
        typed: PaymentForm | None = None,
        errors: Errors | None = None,
        refusal: Refusal | None = None,
    ) -> Template:
        ids = self.till.desk.author.ids
        typed = typed or PaymentForm(ids.new(), ids.new())
        unsold, price_cents, due_cents = (
            self.why_not(form, typed),
            self.price_cents(form),
            self.due_cents(form),
        )
        refusal, wrong = refusal or unsold, form.errors | (errors or {})
        facts = self.till.payment_facts(typed, self.date.lines(form))
        facts["bill"] = [*facts["bill"], (_("Terug van de eerste tickets"), -self.back.cash_cents)]
        facts["labels"] |= {choice.field: choice.label for choice in self.choices}
        facts |= {
            "number": number_of(self.back.command.booking_id),
            "handed_in": self.back.tickets,
            "other": self.back.other,
            "card": self.date.card,
            "choices": self.choices,
            "places": form,
            "kept": self.kept,
            "is_swapped": not form.errors and unsold is None,
            "seen_total": encode_seen_total(SeenTotal(price_cents, price_cents, price_cents), form.places),
            "due_cents": due_cents,
            "cash_cents": due_cents + difference_rounding(due_cents, due_cents),
            "ways": ways(due_cents),
            "action": self.address(),
            "other_date": self.till.address("ruilen", self.back.command.booking_id)
            + f"?{urlencode(self.kept)}",
            "errors": wrong,
            "refusal": refusal,
        }
        return self.till.page("swapping/swap", form_status(refusal, wrong), **facts)


def kept_of(typed: Mapping[str, str]) -> dict[str, str]:
    """What an address keeps of the tickets that were chosen, and of a waiver."""
    return {name: typed[name] for name in (TICKETS, WAIVER) if typed.get(name)}


async def back_here(
    services: BookingServices,
    till: OpenTill,
    path: tuple[UUID, UUID | None, UUID],
    typed: Mapping[str, str],
) -> tuple[Facts, GoingBack]:
    """The facts of a booking and of a date, and what goes back. Raises the refusal of what cannot."""
    old_id, session_id, booking_id = path
    sessions = [session_id] if session_id else []
    async with services.database.reading() as connection:
        document = await read_without_locks(connection, till.region_id, sessions, [old_id])
        tills = await read_till_facts(connection, till.region_id, till.session.id)
    facts = replace(msgspec.json.decode(document, type=Facts), tills=tills)
    if not facts.bookings or not is_sold_by(facts.bookings[0], till.organiser_id):
        raise RefusalError(BookingUnknown(old_id))
    where = till.session.seller_id, till.desk.worker.staff_id
    back = going_back(facts, typed, where, act_of(booking_id), till.desk.author.now)
    if isinstance(back, Refusal):
        raise RefusalError(back, redirect_to=None)
    return facts, back


@get("/{old_id:uuid}", opt=TILL)
async def choose_date(
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    old_id: FromPath[UUID],
    services: GivenServices,
    na: FromQuery[str] = "",
) -> Template:
    """For which date: also the same one, where the tariff or the number is another."""
    till = await open_till_here(request, services, till_session_id)
    kept = kept_of(dict(request.query_params))
    _, back = await back_here(services, till, (old_id, None, old_id), kept)
    found, more = await dates_for_sale(services, till, na)
    query, here = urlencode(kept), till.address("ruilen", old_id)
    swaps = [
        (
            each,
            f"{till.address('ruilen', old_id, each.id, services.ids.new())}?{query}",
            each.id in back.places,
        )
        for each in found
    ]
    shown: dict[str, Any] = {
        "number": number_of(old_id),
        "sessions": swaps,
        "back": till.address("terugnemen", old_id),
        "first": f"{here}?{query}" if na else None,
        "next": f"{here}?{query}&na={more.as_text()}" if more else None,
    }
    return till.page("swapping/sessions", **shown)


async def for_swap_here(
    request: StaffRequest,
    services: BookingServices,
    path: tuple[UUID, UUID, UUID, UUID],
    typed: Mapping[str, str],
) -> ForSwap:
    till_session_id, old_id, session_id, booking_id = path
    till = await open_till_here(request, services, till_session_id)
    date = await date_for_sale(services, till, session_id)
    facts, back = await back_here(services, till, (old_id, session_id, booking_id), typed)
    return ForSwap(till, facts, back, date, booking_id, kept_of(typed))


@get("/{old_id:uuid}/{session_id:uuid}/{booking_id:uuid}", opt=TILL)
async def show_swap(  # noqa: PLR0913, PLR0917  four of them are the address
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    old_id: FromPath[UUID],
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    services: GivenServices,
) -> Template:
    """How many places of which tariff instead, and what the difference is."""
    path, typed = (till_session_id, old_id, session_id, booking_id), dict(request.query_params)
    here = await for_swap_here(request, services, path, typed)
    return here.page(read_counts(typed, here.choices))


@post("/{old_id:uuid}/{session_id:uuid}/{booking_id:uuid}", opt=TILL)
async def swap(  # noqa: PLR0913, PLR0917  four of them are the address
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    old_id: FromPath[UUID],
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Template | Redirect:
    """Tickets end, others are booked and the difference is paid or given: all of it once, or nothing."""
    till = await open_till_here(request, services, till_session_id)
    if await is_swapped(services, till, old_id, booking_id):
        return to_tickets(till, old_id, booking_id)
    path = till_session_id, old_id, session_id, booking_id
    here = await for_swap_here(request, services, path, data)
    form = read_form(data, here.choices)
    if not form.is_booking:
        return see_other(here.address(**form.counts))
    answer = await swap_for(services, here, form, data)
    if not isinstance(answer, Refusal):
        return answer
    here = await for_swap_here(request, services, path, data)
    return here.page(form, payment_form_in(data), refusal=answer)


async def is_swapped(services: BookingServices, till: OpenTill, old_id: UUID, booking_id: UUID) -> bool:
    """Whether the same form swapped before: its tickets are then no longer there to be handed in."""
    async with services.database.reading() as connection:
        document = await read_without_locks(connection, till.region_id, [], [old_id, booking_id])
    bookings = {each.id: each for each in msgspec.json.decode(document, type=Facts).bookings}
    theirs = [bookings[each] for each in (old_id, booking_id) if each in bookings]
    return len(theirs) == len((old_id, booking_id)) and all(
        is_sold_by(each, till.organiser_id) for each in theirs
    )


def to_tickets(till: OpenTill, old_id: UUID, booking_id: UUID) -> Redirect:
    return see_other(f"{till.address('tickets', booking_id)}?ruil={old_id}")


async def swap_for(
    services: BookingServices, here: ForSwap, form: Form, data: Mapping[str, str]
) -> Template | Redirect | Refusal:
    """Swap by a form, where nothing changed since its page; a refusal is of what others did meanwhile."""
    typed, due_cents = payment_form_in(data), here.due_cents(form)
    if form.errors:
        return here.page(form, typed)
    seen_cents = read_difference(data.get("verschil", ""))
    if form.needs_confirmation or seen_cents != due_cents:
        return here.page(form, typed, refusal=SwapChanged(seen_cents or 0, due_cents))
    async with services.database.reading() as connection:
        drawer_cents = await read_drawer(connection, here.till.region_id, here.till.session.id)
    if -due_cents > drawer_cents:
        return here.page(form, typed, refusal=DrawerTooLow(-due_cents))
    paid = await read_payment(typed, due_cents, 0, services.terminal) if due_cents > 0 else Paid()
    if isinstance(paid, dict):
        return here.page(form, typed, errors=paid)
    sale = here.sale(form, typed, paid)
    command = swap_command(here.back, here.booking_id, here.date.session_id, form.places, sale)
    answer = await services.turnstile.answer(command)
    if isinstance(answer, Swapped | Booked):
        return to_tickets(here.till, command.booking_id, here.booking_id)
    return as_refusal(answer)


DESK: Final = (choose_date, show_swap, swap)

ROUTES: list[ControllerRouterHandler] = [
    Router(f"{ADDRESS}/{{till_session_id:uuid}}/ruilen", route_handlers=DESK, include_in_schema=False)
]
