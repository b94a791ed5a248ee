"""At the counter, for who is there or on the telephone: find a date, say the price, take the money, book."""

from collections.abc import Container, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec.structs import replace

from credits.errors import TillClosed
from credits.till.sale import Paid
from reservations.booking.answers import Booked, as_refusal
from reservations.booking.commands import Book, PayWith
from reservations.booking.price_code import CODES_OF_CLERK, code_digest, code_limit
from reservations.booking.services import BookingServices
from reservations.booking.visit import with_fields
from reservations.box_office.order_at_till import TillTotal, is_booked
from reservations.box_office.payment_form import (
    Change,
    PaymentForm,
    anew,
    payment_form_in,
    read_change_or_payment,
)
from reservations.catalogue.agenda import SessionCard
from reservations.catalogue.search import ONE_DAY, Search
from reservations.counter.at_counter import at_counter
from reservations.counter.dates import Dates, find_dates, labels, read_wanted, times_of
from reservations.counter.ordering import Coming, CounterOrder, holder_of_price, read_coming, read_order
from reservations.errors import RemainingChanged
from reservations.order.form import Form, read_counts, read_form
from reservations.order.had import without_hint
from reservations.order.seat_step import STEP, asked_step, next_step
from reservations.order.who_comes import WHO, nobody, ticked
from reservations.turn_card_sales.on_sale import TurnCardOnSale
from reservations.waiting_room.gate import rooms_of
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest
from uit.passes.errors import PermissionNeeded
from uit.passes.registration.counter_desk import CLERK
from uit.web.form import Errors
from uit.web.kept_form import kept_redirect
from uit.web.view import UNPROCESSABLE, form_status, see_other

GivenServices = NamedDependency[BookingServices]
ADDRESS: Final = "/{region:str}/balie/personen/{membership_id:uuid}/boeken"
BOOK: Final = "boeken"
SEARCHED: Final = ("van", "waar", "na", "activiteit")


@get("/", opt=CLERK)
async def choose_date(
    request: StaffRequest, membership_id: FromPath[UUID], services: GivenServices
) -> Template:
    """What there is today, on another day or by a word, at the price of who comes."""
    typed = {name: request.query_params.get(name, "") for name in SEARCHED}
    chosen = ticked(request.query_params)
    who = request.query_params.get(WHO, "") if chosen is None else chosen
    async with services.database.transaction() as tx:
        here = await at_counter(request, tx, membership_id)
        await here.desk.counter.note(tx, "person.read", "person", here.open.person.id)
        coming = await read_coming(tx, here, who)
        wanted = read_wanted(typed, here.desk.counter.today)
        if chosen == "":
            wanted = nobody(coming.choosable)
        found = await found_dates(tx, coming, wanted, typed["activiteit"], services.clock.now())
    rooms, region_id = rooms_of(request), coming.here.desk.region.id
    waits = {card.session.id for card in found.cards if rooms.needs_turn(region_id, card.session.id)}
    return dates_page(services, coming, typed, wanted, found, waits)


async def found_dates(
    tx: Executor, coming: Coming, wanted: Search | Errors, event: str, now: datetime
) -> Dates:
    """What a search finds; nothing where it has errors."""
    if not isinstance(wanted, Search):
        return Dates()
    region_id, holder = coming.here.desk.region.id, await holder_of_price(tx, coming)
    language = coming.here.holder.language
    if event:
        return await times_of(tx, region_id, event, wanted.from_day, holder, now, language=language)
    return await find_dates(tx, region_id, wanted, holder, now, language=language)


def dates_page(  # noqa: PLR0913, PLR0917  what was asked, and what there is
    services: BookingServices,
    coming: Coming,
    typed: Mapping[str, str],
    wanted: Search | Errors,
    found: Dates,
    waits: Container[UUID],
) -> Template:
    """`waits`: the dates for which one needs a turn, which lead to their waiting room."""
    here, errors = coming.here, {} if isinstance(wanted, Search) else wanted
    own, today = here.address(BOOK), here.desk.counter.today
    shown = [
        (card, here.address("wachtkamer", card.session.id))
        if card.session.id in waits
        else (card, address_of(services, coming, card))
        for card in found.cards
    ]
    kept = {**typed, **coming.who, "na": ""}
    helped = {each.membership_id for each in coming.others}
    by_day = isinstance(wanted, Search) and not wanted.words
    after = wanted.from_day + ONE_DAY if isinstance(wanted, Search) else today
    return here.page(
        "dates",
        UNPROCESSABLE if errors else 200,
        coming=coming,
        typed={**typed, "van": wanted.from_day.isoformat() if isinstance(wanted, Search) else typed["van"]},
        errors=errors,
        labels={**{each.field: _("Wie komt er?") for each in coming.choosable}, **labels()},
        dates=shown,
        own=own,
        tomorrow=with_fields(own, {**coming.who, "van": after.isoformat()}) if by_day else None,
        family=[each for each in here.open.households if each.membership_id not in helped],
        next=with_fields(own, kept | {"na": found.next.as_text()}) if found.next else None,
        first=with_fields(own, kept) if typed["na"] else None,
    )


def address_of(services: BookingServices, coming: Coming, card: SessionCard) -> str:
    """Where a date is booked; of an activity with several times that day, where those are."""
    own = coming.here.address(BOOK)
    if card.times > 1:
        day = day_in_flanders(card.session.starts_at).isoformat()
        return with_fields(own, {"activiteit": str(card.session.event_id), "van": day, **coming.who})
    return with_fields(f"{own}/{card.session.id}/{services.ids.new()}", coming.who)


@get("/{session_id:uuid}/{booking_id:uuid}", opt=CLERK)
async def show_order(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    services: GivenServices,
) -> Template | Redirect:
    """How many places, what they cost, and how that is paid; or the hall, to choose seats in."""
    asked = request.query_params
    order = await order_here(request, services, membership_id, session_id, booking_id, asked)
    form = read_counts(dict(request.query_params), order.order.offer.choices)
    return hall_page(request, order, form) or order_page(services, order, form)


def hall_page(request: StaffRequest, order: CounterOrder, form: Form) -> Template | Redirect | None:
    """The hall to choose seats in, where that was asked; once they are chosen, on to the sum."""
    made = order.order
    step = asked_step(request.query_params, form, made.hall, made.people(form))
    if step is None:
        return None
    back = with_fields(order.own_address, form.counts | made.who)
    if step.is_done:
        return see_other(with_fields(order.own_address, form.counts | step.form.of_seats | made.who))
    kept = form.counts | made.who | STEP
    return order.here.page(
        "seats", step.status, order=made, step=step, kept=kept, action=order.own_address, back=back
    )


async def order_here(  # noqa: PLR0913, PLR0917  which booking of whom, and what is asked of it
    request: StaffRequest,
    services: BookingServices,
    membership_id: UUID,
    session_id: UUID,
    booking_id: UUID,
    asked: Mapping[str, str],
) -> CounterOrder:
    async with services.database.reading() as connection:
        here = await at_counter(request, connection, membership_id)
        return await read_order(connection, here, session_id, booking_id, asked, services.clock.now())


def order_page(  # noqa: PLR0913, PLR0917  what was typed, and what is said about it
    services: BookingServices,
    order: CounterOrder,
    form: Form,
    typed: PaymentForm | None = None,
    errors: Errors | None = None,
    refusal: Refusal | None = None,
    change_cents: int | None = None,
) -> Template:
    order = order.seated(form)
    total = order.total(form, services.clock.now())
    typed = typed or PaymentForm(services.ids.new(), services.ids.new())
    refusal, wrong = refusal or (total.refusal if total else None), form.errors | (errors or {})
    return order.here.page(
        "order",
        form_status(refusal, wrong),
        counter_order=order,
        order=order.order,
        names=order.coming.names,
        turn_cards=[(each, address_of_card(services, order, each)) for each in order.turn_cards],
        form=form,
        total=total,
        labels=order.labels,
        errors=wrong,
        refusal=refusal,
        change_cents=change_cents,
        slip=typed.slip,
        action=order.address,
        own=order.own_address,
        now=services.clock.now(),
        bill=order.order.bill(form, total.total) if total else [],
        **(total.payment_facts(typed) if total else {}),
    )


def address_of_card(services: BookingServices, order: CounterOrder, card: TurnCardOnSale) -> str:
    """Where a card of turns is sold to who comes."""
    own = order.here.address(BOOK, card.session_id, services.ids.new())
    return with_fields(own, order.coming.who)


@post("/{session_id:uuid}/{booking_id:uuid}", opt=CLERK)
async def book(  # noqa: PLR0913, PLR0917  three of them are the address
    request: StaffRequest,
    membership_id: FromPath[UUID],
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Template | Redirect:
    """Book what was shown, once for an id; the button that only reckons, and Enter, lead to the sum."""
    try:
        asked = {**request.query_params, **data}
        order = await order_here(request, services, membership_id, session_id, booking_id, asked)
    except RefusalError as refused:
        if isinstance(refused.refusal, PermissionNeeded) and refused.redirect_to:
            return await kept_redirect(request, refused.redirect_to)
        raise
    form = order.order.as_shown(read_form(data, order.order.offer.choices))
    if before := others_chosen(services, order, form):
        return before
    order = order.seated(form)
    if not form.is_booking and not form.errors and (next_step(form) or not form.code):
        fields = form.counts | form.of_seats | order.order.who | next_step(form)
        return see_other(with_fields(order.own_address, fields))
    async with services.database.reading() as connection:
        if await is_booked(connection, order.at_till, form.places):
            return see_other(order.here.address("boekingen", booking_id))
    order, tried_too_often = await with_typed_code(services, order, form)
    if tried_too_often or not form.is_booking:
        return order_page(services, order, form, refusal=tried_too_often)
    return await book_shown(services, order, form, payment_form_in(data) if "receipt_id" in data else None)


async def with_typed_code(
    services: BookingServices, order: CounterOrder, form: Form
) -> tuple[CounterOrder, Refusal | None]:
    """The order with the code that the clerk typed for a price, or that too many were tried."""
    if too_often := await code_limit(services.limiter, CODES_OF_CLERK, str(order.here.staff_id), form.code):
        return order, too_often
    return order.with_code(code_digest(services.secrets.signing, order.order.region_id, form.code)), None


async def book_shown(
    services: BookingServices, order: CounterOrder, form: Form, typed: PaymentForm | None
) -> Template | Redirect:
    """Book for the total that was shown; the page with it where it was not, or where it is refused."""
    total = order.total(form, services.clock.now())
    if form.seen is None or total is None or total.refusal:
        return order_page(services, order, form, typed)
    command = await command_of(services, order, form, total, typed)
    if isinstance(command, Template):
        return command
    return await booked_or_again(services, order, form, command, typed)


def others_chosen(services: BookingServices, order: CounterOrder, form: Form) -> Template | Redirect | None:
    """The page for whom was ticked, where that is not whom it was for: nobody is booked for unshown."""
    chosen, made = ticked(form.typed), order.order
    if chosen is None:
        return None
    if not chosen:
        return order_page(services, order, replace(form, errors=nobody(made.choosable)))
    asked = chosen.split(",")
    if {each.value for each in made.choosable if each.is_chosen} == {*asked}:
        return None
    return see_other(
        with_fields(order.own_address, made.counts_for(form, asked) | made.of_course | {WHO: chosen})
    )


async def command_of(
    services: BookingServices, order: CounterOrder, form: Form, total: TillTotal, typed: PaymentForm | None
) -> Book | Template:
    """What is told to the turnstile: by credit, with money that the till takes, or to be paid later.

    Who pressed that the money is here gets no place that waits for it, and the other way round.
    """
    assert form.seen
    if typed is not None and not total.takes_money:
        return order_page(services, order, form, typed, refusal=TillClosed(_("Je kassa")))
    if total.takes_money and (typed is None or typed.due_cents != total.due_cents):
        before_cents = typed.due_cents if typed else None
        refusal = RemainingChanged(before_cents or 0, total.due_cents)
        return order_page(services, order, form, typed, refusal=refusal)
    if typed is None:
        return unpaid_command(order, form, total)
    credit_cents = total.total.credit_cents
    paid = await read_change_or_payment(typed, total.due_cents, credit_cents, services.terminal)
    if isinstance(paid, Change):
        return order_page(services, order, form, typed, change_cents=paid.cents)
    if not isinstance(paid, Paid):
        return order_page(services, order, form, typed, errors=paid)
    return order.at_till.paid_command(form.places, typed, paid)


def unpaid_command(order: CounterOrder, form: Form, total: TillTotal) -> Book:
    """By credit alone, or with what it does not pay at the organiser's own box office, later."""
    assert form.seen
    remaining_cents = form.seen.remaining_by(PayWith.DESK)
    command = order.at_till.command(form.places)
    seen = replace(command, price_seen_cents=form.seen.price_cents, remaining_seen_cents=remaining_cents)
    if not total.due_cents:
        return seen
    return replace(seen, pay_with=PayWith.DESK, payment_id=order.here.desk.counter.ids.new())


async def booked_or_again(
    services: BookingServices, order: CounterOrder, form: Form, command: Book, typed: PaymentForm | None
) -> Template | Redirect:
    """On to the tickets; the page again, as things stand then, when that is refused."""
    answer = await services.turnstile.answer(command)
    if isinstance(answer, Booked):
        return see_other(order.here.address("boekingen", command.booking_id))
    again = (await order_again(services, order)).with_code(order.order.code_digest)
    async with services.database.reading() as tx:
        region_id, others = again.order.region_id, again.coming.others
        refusal = await without_hint(tx, region_id, others, as_refusal(answer))
    typed = anew(typed, refusal, services.ids) if typed else None
    return order_page(services, again, form, typed, refusal=refusal)


async def order_again(services: BookingServices, order: CounterOrder) -> CounterOrder:
    async with services.database.reading() as connection:
        asked = order.order.card.session.id, order.order.booking_id, order.order.who
        return await read_order(connection, order.here, *asked, services.clock.now())


DESK: Final = (choose_date, show_order, book)

ROUTES: list[ControllerRouterHandler] = [Router(ADDRESS, route_handlers=DESK, include_in_schema=False)]
