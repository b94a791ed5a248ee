"""The pages of who works for a partner: its groups, what each has left, and booking for them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.booking.answers import Booked, Ended, as_refusal
from reservations.booking.giving_up import givable, read_facts
from reservations.booking.services import BookingServices
from reservations.booking.tickets import (
    TICKETS_SHOWN,
    as_code,
    as_pass,
    cancel_until,
    drawn,
    number_of,
    outings_seen,
    read_tickets,
    read_together,
)
from reservations.booking.to_pay import read_to_pay
from reservations.booking.visit import next_page
from reservations.catalogue.agenda import read_cards
from reservations.cursor import read_cursor
from reservations.errors import BookingUnknown
from reservations.groups.bookings import (
    HOW_MANY,
    dates_on_sale,
    give_up_command,
    offered,
    offered_by_price,
    read_bookings,
)
from reservations.groups.order import SEEN, HowManyForm, PartnerOrder, read_group_order, read_how_many
from reservations.groups.partner_desk import GROUP_WORKER, PartnerDesk, desk_here, group_of
from reservations.groups.worker import read_states
from reservations.waiting_room.gate import rooms_of
from uit.core.clock import start_of_day
from uit.core.errors import Refusal, RefusalError
from uit.core.one_line import one_line
from uit.core.translation import DUTCH
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, staff
from uit.passes.group.group import GroupPass, read_groups_of
from uit.web.form import Errors, read_number, required_id
from uit.web.view import UNPROCESSABLE, see_other

WORKER: Final = staff(GROUP_WORKER)
MOST_SHOWN: Final = 200
LONGEST_SEARCH: Final = 60
FIRST_YEAR: Final = 2000
GivenServices = NamedDependency[BookingServices]
Typed = URLEncodedBody[dict[str, str]]


@get("/", opt=WORKER)
async def show_partner(request: StaffRequest, services: GivenServices) -> Template:
    async with services.database.reading() as tx:
        desk = await desk_here(request, tx)
        groups = await read_groups_of(tx, desk.region.id, desk.partner.id)
        states = await read_states(tx, desk.region.id, groups, desk.author.today)
    return desk.page("groups/groups", states=states)


@get("/overzicht", opt=WORKER)
async def show_year(request: StaffRequest, services: GivenServices, jaar: FromQuery[str] = "") -> Template:
    """What all groups did in a year: to print, and to keep with the accounts."""
    async with services.database.reading() as tx:
        desk = await desk_here(request, tx)
        year = max(read_number(jaar, 2999) or desk.author.today.year, FIRST_YEAR)
        groups = await read_groups_of(tx, desk.region.id, desk.partner.id)
        states = await read_states(tx, desk.region.id, groups, desk.author.today, year)
        period = start_of_day(date(year, 1, 1)), start_of_day(date(year + 1, 1, 1))
        found = await read_bookings(
            tx, desk.region.id, [each.id for each in groups], *period, 10 * MOST_SHOWN
        )
    names = {each.id: each.name for each in groups}
    return desk.page("groups/year", states=states, bookings=found, names=names, year=year)


@get("/groepen/{group_id:uuid}", opt=WORKER)
async def show_group(request: StaffRequest, group_id: FromPath[UUID], services: GivenServices) -> Template:
    """What a group has left, the code of its pass, and what it booked."""
    async with services.database.reading() as tx:
        desk = await desk_here(request, tx)
        group = await group_of(tx, desk, group_id)
        (state,) = await read_states(tx, desk.region.id, [group], desk.author.today)
        period = desk.author.now - timedelta(days=400), desk.author.now + timedelta(days=1000)
        found = await read_bookings(tx, desk.region.id, [group_id], *period, MOST_SHOWN)
    now = desk.author.now
    return desk.page(
        "groups/group",
        state=state,
        works=group.works_on(desk.author.today),
        qr=drawn(group.token(services.secrets.signing)),
        coming=[each for each in found if each.ends_at > now and each.people][::-1],
        past=[each for each in found if each.ends_at <= now or not each.people],
    )


@get("/groepen/{group_id:uuid}/boeken", opt=WORKER)
async def choose_date(
    request: StaffRequest,
    group_id: FromPath[UUID],
    services: GivenServices,
    zoek: FromQuery[str] = "",
    na: FromQuery[str] = "",
) -> Template:
    text = one_line(zoek)[:LONGEST_SEARCH]
    async with services.database.reading() as tx:
        desk = await desk_here(request, tx)
        group = await group_of(tx, desk, group_id)
        region_id, now = desk.region.id, desk.author.now
        ids, more = await dates_on_sale(tx, region_id, text, now, read_cursor(na), with_rooms=True)
        cards = await read_cards(tx, region_id, ids, None, now, language=DUTCH)
    begin = desk.address("groepen", group_id, "boeken")
    return desk.page(
        "groups/dates",
        who=group.name,
        back=desk.address("groepen", group.id),
        text=text,
        dates=[(card, f"{begin}/{card.session.id}/{services.ids.new()}") for card in cards],
        rooms={card.session.id for card in cards if rooms_of(request).needs_turn(region_id, card.session.id)},
        queue=desk.address("groepen", group.id, "wachtkamer"),
        first=begin if na else None,
        next=next_page(begin, {"zoek": text}, more),
    )


@get("/groepen/{group_id:uuid}/boeken/{session_id:uuid}/{booking_id:uuid}", opt=WORKER)
async def fill_in(
    request: StaffRequest,
    group_id: FromPath[UUID],
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    services: GivenServices,
) -> Template:
    async with services.database.reading() as tx:
        desk, order = await order_here(request, tx, group_id, session_id, booking_id)
        group = await group_of(tx, desk, group_id)
    return order_page(desk, group, order, HowManyForm({}, {}, {}))


async def order_here(
    request: StaffRequest, tx: Executor, group_id: UUID, session_id: UUID, booking_id: UUID
) -> tuple[PartnerDesk, PartnerOrder]:
    desk = await desk_here(request, tx)
    await group_of(tx, desk, group_id)
    by, now = desk.by(group_id), desk.author.now
    return desk, await read_group_order(tx, desk.region.id, by, session_id, booking_id, now)


def order_page(
    desk: PartnerDesk,
    group: GroupPass,
    order: PartnerOrder,
    form: HowManyForm,
    refusal: Refusal | None = None,
) -> Template:
    """The form with what it comes to, and above it why it is refused, or would be."""
    total = None if form.errors else order.total(form.places, desk.author.now)
    address = desk.address("groepen", group.id, "boeken", order.session.id, order.booking_id)
    return desk.page(
        "groups/order",
        refusal.status if refusal else UNPROCESSABLE if form.errors else 200,
        who=group.name,
        back=desk.address("groepen", group.id, "boeken"),
        order=order,
        form=form,
        total=total,
        action=address,
        errors=form.errors,
        refusal=refusal or (total.refusal if total else None),
        labels=order.labels,
    )


@post("/groepen/{group_id:uuid}/boeken/{session_id:uuid}/{booking_id:uuid}", opt=WORKER)
async def book(  # noqa: PLR0913, PLR0917  three of them are the address
    request: StaffRequest,
    group_id: FromPath[UUID],
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    data: Typed,
    services: GivenServices,
) -> Template | Redirect:
    """Show what it comes to, and book once that was shown."""
    async with services.database.reading() as tx:
        desk, order = await order_here(request, tx, group_id, session_id, booking_id)
        group = await group_of(tx, desk, group_id)
    form = read_how_many(data, order.choices)
    total = None if form.errors else order.total(form.places, desk.author.now)
    if total is None or not form.is_booking or data.get(SEEN) != total.seen:
        return order_page(desk, group, order, form)
    command = total.bound(order.command(form.places), services.ids.new())
    answer = await services.turnstile.answer(command)
    if isinstance(answer, Booked):
        return see_other(desk.address("groepen", group_id, "boekingen", booking_id))
    async with services.database.reading() as tx:
        desk, order = await order_here(request, tx, group_id, session_id, booking_id)
    return order_page(desk, group, order, form, as_refusal(answer))


@get("/groepen/{group_id:uuid}/boekingen/{booking_id:uuid}", opt=WORKER)
async def show_booking(
    request: StaffRequest, group_id: FromPath[UUID], booking_id: FromPath[UUID], services: GivenServices
) -> Template:
    """The code for all of the group, when and where, and giving some back."""
    async with services.database.reading() as tx:
        desk = await desk_here(request, tx)
        return await booking_page(services, tx, desk, await group_of(tx, desk, group_id), booking_id, {})


async def booking_page(  # noqa: PLR0913, PLR0917  whose booking at which desk, and what was typed there
    services: BookingServices,
    tx: Executor,
    desk: PartnerDesk,
    group: GroupPass,
    booking_id: UUID,
    typed: Mapping[str, str],
    errors: Errors | None = None,
    refusal: Refusal | None = None,
) -> Template:
    region_id, key, now = desk.region.id, services.secrets.signing, desk.author.now
    facts = await read_facts(tx, region_id, booking_id)
    outings = await outings_seen(tx, region_id, [booking_id], None)
    if not facts.bookings or not outings or facts.bookings[0].by.group_id != group.id:
        raise RefusalError(BookingUnknown(booking_id))
    tickets = await read_tickets(tx, region_id, booking_id, TICKETS_SHOWN, 0, None)
    gives = givable(facts, desk.by(group.id), now)
    return desk.page(
        "groups/booking",
        refusal.status if refusal else UNPROCESSABLE if errors else 200,
        group=group,
        booking=facts.bookings[0],
        number=number_of(booking_id),
        outing=outings[0],
        codes=[
            as_code(key, region_id, booking_id, each)
            for each in await read_together(tx, region_id, booking_id)
        ],
        passes=[as_pass(key, region_id, booking_id, each) for each in tickets if each.status == "confirmed"],
        givable=gives,
        offered=offered(gives),
        prices=offered_by_price(gives),
        cancel_until=cancel_until(outings),
        cancellation_id=services.ids.new(),
        address=desk.address("groepen", group.id, "boekingen", booking_id),
        typed=typed,
        errors=errors or {},
        refusal=refusal,
        labels={HOW_MANY: _("Hoeveel plaatsen geef je terug?")},
        **await read_to_pay(tx, facts.bookings[0], now),
    )


@post("/groepen/{group_id:uuid}/boekingen/{booking_id:uuid}/annuleren", opt=WORKER)
async def give_back(
    request: StaffRequest,
    group_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    data: Typed,
    services: GivenServices,
) -> Template | Redirect:
    """Give up so many places: their number and their credit are the group's again."""
    cancellation_id = required_id(data, "cancellation_id")
    async with services.database.reading() as tx:
        desk = await desk_here(request, tx)
        group = await group_of(tx, desk, group_id)
        command = give_up_command(desk.region.id, booking_id, desk.by(group_id), cancellation_id, data)
        if isinstance(command, dict):
            return await booking_page(services, tx, desk, group, booking_id, data, errors=command)
    answer = await services.turnstile.answer(command)
    if isinstance(answer, Ended):
        return see_other(desk.address("groepen", group_id, "boekingen", booking_id))
    async with services.database.reading() as tx:
        return await booking_page(services, tx, desk, group, booking_id, data, refusal=as_refusal(answer))


DESK: Final = (show_partner, show_year, show_group, choose_date, fill_in, book, show_booking, give_back)

ROUTES: list[ControllerRouterHandler] = [
    Router("/{region:str}/partners/{partner_id:uuid}", route_handlers=DESK, include_in_schema=False)
]
