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
from reservations.booking.services import BookingServices
from reservations.booking.tickets import (
    TICKETS_SHOWN,
    as_code,
    as_pass,
    drawn,
    read_tickets,
    read_together,
)
from reservations.groups.booked_for import booking_facts, dates_facts, order_page, read_book, read_give_up
from reservations.groups.bookings import offered_by_price, read_bookings
from reservations.groups.open_group import OpenGroup, open_group
from reservations.groups.order import HowManyForm, PartnerOrder, read_group_order, read_how_many
from reservations.groups.partner_desk import GROUP_WORKER, desk_here
from reservations.groups.worker import read_states
from reservations.waiting_room.gate import rooms_of
from uit.core.clock import start_of_day
from uit.core.errors import Refusal
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, staff
from uit.passes.group.group import read_groups_of
from uit.web.form import Errors, read_number
from uit.web.view import form_status, see_other

WORKER: Final = staff(GROUP_WORKER)
MOST_SHOWN: Final = 200
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
        here = await open_group(request, tx)
        desk, group, now = here.desk, here.group, here.desk.author.now
        (state,) = await read_states(tx, desk.region.id, [group], desk.author.today)
        period = now - timedelta(days=400), now + timedelta(days=1000)
        found = await read_bookings(tx, desk.region.id, [group_id], *period, MOST_SHOWN)
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
    request: StaffRequest, services: GivenServices, zoek: FromQuery[str] = "", na: FromQuery[str] = ""
) -> Template:
    async with services.database.reading() as tx:
        here = await open_group(request, tx)
        facts = await dates_facts(tx, here, services.ids, zoek, na, with_rooms=True)
    ids = [card.session.id for card, _ in facts["dates"]]
    queued = {each for each in ids if rooms_of(request).needs_turn(here.desk.region.id, each)}
    return here.desk.page("groups/dates", **facts, rooms=queued, queue=here.address("wachtkamer"))


@get("/groepen/{group_id:uuid}/boeken/{session_id:uuid}/{booking_id:uuid}", opt=WORKER)
async def fill_in(
    request: StaffRequest,
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    services: GivenServices,
) -> Template:
    async with services.database.reading() as tx:
        here, order = await order_here(request, tx, session_id, booking_id)
    return order_page(here, order, HowManyForm({}, {}, {}))


async def order_here(
    request: StaffRequest, tx: Executor, session_id: UUID, booking_id: UUID
) -> tuple[OpenGroup, PartnerOrder]:
    here = await open_group(request, tx)
    region_id, now = here.desk.region.id, here.desk.author.now
    return here, await read_group_order(tx, region_id, here.by, session_id, booking_id, now)


@post("/groepen/{group_id:uuid}/boeken/{session_id:uuid}/{booking_id:uuid}", opt=WORKER)
async def book(
    request: StaffRequest,
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    data: Typed,
    services: GivenServices,
) -> Template | Redirect:
    """Show what it comes to, and book once that was shown."""
    async with services.database.reading() as tx:
        here, order = await order_here(request, tx, session_id, booking_id)
    form = read_how_many(data, order.choices)
    command = read_book(here, order, form, services.ids)
    if command is None:
        return order_page(here, order, form)
    answer = await services.turnstile.answer(command)
    if isinstance(answer, Booked):
        return see_other(here.address("boekingen", booking_id))
    async with services.database.reading() as tx:
        here, order = await order_here(request, tx, session_id, booking_id)
    return order_page(here, order, form, as_refusal(answer))


@get("/groepen/{group_id:uuid}/boekingen/{booking_id:uuid}", opt=WORKER)
async def show_booking(
    request: StaffRequest, booking_id: FromPath[UUID], services: GivenServices
) -> Template:
    """The code for all of the group, when and where, and giving some back."""
    async with services.database.reading() as tx:
        return await booking_page(tx, services, await open_group(request, tx), booking_id, {})


async def booking_page(  # noqa: PLR0913  whose booking, and what was typed there
    tx: Executor,
    services: BookingServices,
    here: OpenGroup,
    booking_id: UUID,
    typed: Mapping[str, str],
    *,
    errors: Errors | None = None,
    refusal: Refusal | None = None,
) -> Template:
    region_id, key = here.desk.region.id, services.secrets.signing
    facts = await booking_facts(tx, here, services.ids, booking_id, typed, errors, refusal)
    tickets = await read_tickets(tx, region_id, booking_id, TICKETS_SHOWN, 0, None)
    together = await read_together(tx, region_id, booking_id)
    return here.desk.page(
        "groups/booking",
        form_status(refusal, errors),
        group=here.group,
        codes=[as_code(key, region_id, booking_id, each) for each in together],
        passes=[as_pass(key, region_id, booking_id, each) for each in tickets if each.status == "confirmed"],
        prices=offered_by_price(facts["givable"]),
        **facts,
    )


@post("/groepen/{group_id:uuid}/boekingen/{booking_id:uuid}/annuleren", opt=WORKER)
async def give_back(
    request: StaffRequest,
    booking_id: FromPath[UUID],
    data: Typed,
    services: GivenServices,
) -> Template | Redirect:
    """Give up so many places: their number and their credit are the group's again."""
    async with services.database.reading() as tx:
        here = await open_group(request, tx)
        command = read_give_up(here, booking_id, data)
        if isinstance(command, dict):
            return await booking_page(tx, services, here, booking_id, data, errors=command)
    answer = await services.turnstile.answer(command)
    if isinstance(answer, Ended):
        return see_other(here.address("boekingen", booking_id))
    async with services.database.reading() as tx:
        return await booking_page(tx, services, here, booking_id, data, refusal=as_refusal(answer))


DESK: Final = (show_partner, show_year, show_group, choose_date, fill_in, book, show_booking, give_back)

ROUTES: list[ControllerRouterHandler] = [
    Router("/{region:str}/partners/{partner_id:uuid}", route_handlers=DESK, include_in_schema=False)
]
