"""What a partner books for somebody, and gives back."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.booking.acting import as_helped
from reservations.booking.answers import Booked, Ended, as_refusal
from reservations.booking.member import read_member
from reservations.booking.services import BookingServices
from reservations.groups.booked_for import booking_facts, dates_facts, order_page, read_book, read_give_up
from reservations.groups.order import HowManyForm, PartnerOrder, read_how_many, read_member_order
from reservations.groups.partner_desk import GROUP_WORKER, SOCIAL_WORKER
from reservations.order.had import without_hint
from reservations.served.open_served import OpenServed, open_served
from uit.core.errors import NotFound, Refusal, RefusalError
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, staff
from uit.web.form import Errors
from uit.web.view import form_status, see_other

PARTNERS: Final = staff(GROUP_WORKER, SOCIAL_WORKER)
GivenServices = NamedDependency[BookingServices]
Typed = URLEncodedBody[dict[str, str]]


@get("/{membership_id:uuid}/boeken", opt=PARTNERS)
async def choose_date(
    request: StaffRequest, services: GivenServices, zoek: FromQuery[str] = "", na: FromQuery[str] = ""
) -> Template:
    async with services.database.reading() as tx:
        here = await open_served(request, tx)
        return here.desk.page("groups/dates", **await dates_facts(tx, here, services.ids, zoek, na))


async def order_here(
    request: StaffRequest, tx: Executor, session_id: UUID, booking_id: UUID
) -> tuple[OpenServed, PartnerOrder]:
    """Raises NotFound for somebody for whom this partner may not book, or who is no member any more."""
    here = await open_served(request, tx)
    region_id, served = here.desk.region.id, here.served
    member = await read_member(tx, region_id, served.person_id)
    if member is None or not served.powers.book:
        raise RefusalError(NotFound())
    key = here.by, [served.given], member, session_id, booking_id
    return here, await read_member_order(tx, region_id, *key, here.desk.author.now)


@get("/{membership_id:uuid}/boeken/{session_id:uuid}/{booking_id:uuid}", opt=PARTNERS)
async def fill_in(
    request: StaffRequest,
    services: GivenServices,
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
) -> Template:
    async with services.database.reading() as tx:
        here, order = await order_here(request, tx, session_id, booking_id)
    return order_page(here, order, HowManyForm({}, {}, {}))


@post("/{membership_id:uuid}/boeken/{session_id:uuid}/{booking_id:uuid}", opt=PARTNERS)
async def book(
    request: StaffRequest,
    services: GivenServices,
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    data: Typed,
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
        helped = as_helped([here.served.given], here.desk.author.today)
        refusal = await without_hint(tx, here.desk.region.id, [helped], as_refusal(answer))
    return order_page(here, order, form, refusal)


@get("/{membership_id:uuid}/boekingen/{booking_id:uuid}", opt=PARTNERS)
async def show_booking(
    request: StaffRequest, services: GivenServices, booking_id: FromPath[UUID]
) -> Template:
    """What was booked, and giving some back. Its tickets are with the member, and on their pass."""
    async with services.database.reading() as tx:
        return await booking_page(tx, services, await open_served(request, tx), booking_id, {})


async def booking_page(  # noqa: PLR0913  whose booking, and what was typed there
    tx: Executor,
    services: BookingServices,
    here: OpenServed,
    booking_id: UUID,
    typed: Mapping[str, str],
    *,
    errors: Errors | None = None,
    refusal: Refusal | None = None,
) -> Template:
    facts = await booking_facts(tx, here, services.ids, booking_id, typed, errors, refusal)
    return here.desk.page(
        "served/outing/booking",
        form_status(refusal, errors),
        served=here.served,
        back=here.address(),
        **facts,
    )


@post("/{membership_id:uuid}/boekingen/{booking_id:uuid}/annuleren", opt=PARTNERS)
async def give_back(
    request: StaffRequest,
    services: GivenServices,
    booking_id: FromPath[UUID],
    data: Typed,
) -> Template | Redirect:
    async with services.database.reading() as tx:
        here = await open_served(request, tx)
        command = read_give_up(here, booking_id, data)
        if isinstance(command, dict):
            return await booking_page(tx, services, here, booking_id, data, errors=command)
    answer = await services.turnstile.answer(command)
    if isinstance(answer, Ended):
        return see_other(here.address("boekingen", booking_id))
    async with services.database.reading() as tx:
        return await booking_page(tx, services, here, booking_id, data, refusal=as_refusal(answer))


DESK: Final = (choose_date, fill_in, book, show_booking, give_back)

ROUTES: list[ControllerRouterHandler] = [
    Router("/{region:str}/partners/{partner_id:uuid}/mensen", route_handlers=DESK, include_in_schema=False)
]
