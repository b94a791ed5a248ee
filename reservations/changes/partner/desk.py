"""Who works for a partner changes what it booked: for a group, or for somebody whom it helps."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.booking.actor import ByGroup
from reservations.booking.answers import Changed
from reservations.booking.own_booking import OwnBooking
from reservations.booking.services import BookingServices
from reservations.booking.turnstile import read_booking
from reservations.booking.visit import Visit
from reservations.changes.at_till import TillSaid
from reservations.changes.own_change import Ways, change_facts, make_change, with_code
from reservations.errors import BookingUnknown
from reservations.groups.booked_for import BookedFor
from reservations.groups.open_group import open_group
from reservations.groups.partner_desk import GROUP_WORKER, SOCIAL_WORKER, PartnerDesk
from reservations.served.open_served import open_served
from uit.core.errors import NotFound, Refusal, RefusalError
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, staff
from uit.web.address import client_address
from uit.web.view import see_other

GivenServices = NamedDependency[BookingServices]
Typed = URLEncodedBody[dict[str, str]]
GROUP: Final = "/groepen/{group_id:uuid}/boekingen/{booking_id:uuid}/wijzigen"
PERSON: Final = "/mensen/{membership_id:uuid}/boekingen/{booking_id:uuid}/wijzigen"
WORKER: Final = staff(GROUP_WORKER)
PARTNERS: Final = staff(GROUP_WORKER, SOCIAL_WORKER)
CREDIT_ALONE: Final = Ways()
"""What costs more is paid from the purse of who comes, or not at all."""


async def booking_of(tx: Executor, here: BookedFor, booking_id: UUID) -> OwnBooking:
    """A booking that was made as who acts here. Raises BookingUnknown for any other."""
    region, own = here.desk.region, here.address("boekingen", booking_id)
    booking = await read_booking(tx, region.id, booking_id)
    if booking is None or not here.made(booking.by):
        raise RefusalError(BookingUnknown(booking_id))
    return OwnBooking(Visit(region, None, None, is_staff=True), booking_id, own, here.by)


async def change_page(  # noqa: PLR0913, PLR0917  whose booking at which desk, and what was typed and answered
    services: BookingServices,
    tx: Executor,
    desk: PartnerDesk,
    mine: OwnBooking,
    typed: Mapping[str, str],
    answer: Refusal | TillSaid | None = None,
) -> Template:
    status, facts = await change_facts(services, tx, mine, typed, CREDIT_ALONE, answer)
    facts["address"] = facts.pop("own")
    return desk.page("changes/partner/change", status, is_of_group=isinstance(mine.by, ByGroup), **facts)


async def change_as(
    request: StaffRequest,
    services: BookingServices,
    desk: PartnerDesk,
    mine: OwnBooking,
    typed: Mapping[str, str],
) -> Template | Redirect:
    """Change it as it was shown, once for the id of the form."""
    mine, tried_too_often = await with_code(services, mine, typed, client_address(request))
    answer = tried_too_often or await make_change(services, mine, typed, CREDIT_ALONE)
    if isinstance(answer, Changed):
        return see_other(mine.own)
    async with services.database.reading() as tx:
        return await change_page(services, tx, desk, mine, typed, answer)


async def of_group(request: StaffRequest, tx: Executor, booking_id: UUID) -> tuple[PartnerDesk, OwnBooking]:
    here = await open_group(request, tx)
    return here.desk, await booking_of(tx, here, booking_id)


async def of_person(request: StaffRequest, tx: Executor, booking_id: UUID) -> tuple[PartnerDesk, OwnBooking]:
    """Raises NotFound for somebody for whom this partner may not book."""
    here = await open_served(request, tx)
    if not here.served.powers.book:
        raise RefusalError(NotFound())
    return here.desk, await booking_of(tx, here, booking_id)


@get(GROUP, opt=WORKER)
async def ask_of_group(
    request: StaffRequest, booking_id: FromPath[UUID], services: GivenServices
) -> Template:
    """Another date, more or fewer people: what that costs is said first."""
    async with services.database.reading() as tx:
        desk, mine = await of_group(request, tx, booking_id)
        return await change_page(services, tx, desk, mine, request.query_params)


@post(GROUP, opt=WORKER)
async def change_of_group(
    request: StaffRequest, booking_id: FromPath[UUID], data: Typed, services: GivenServices
) -> Template | Redirect:
    async with services.database.reading() as tx:
        desk, mine = await of_group(request, tx, booking_id)
    return await change_as(request, services, desk, mine, data)


@get(PERSON, opt=PARTNERS)
async def ask_of_person(
    request: StaffRequest, booking_id: FromPath[UUID], services: GivenServices
) -> Template:
    """The same for somebody whom the partner helps, within what it may spend for them."""
    async with services.database.reading() as tx:
        desk, mine = await of_person(request, tx, booking_id)
        return await change_page(services, tx, desk, mine, request.query_params)


@post(PERSON, opt=PARTNERS)
async def change_of_person(
    request: StaffRequest, booking_id: FromPath[UUID], data: Typed, services: GivenServices
) -> Template | Redirect:
    async with services.database.reading() as tx:
        desk, mine = await of_person(request, tx, booking_id)
    return await change_as(request, services, desk, mine, data)


DESK: Final = (ask_of_group, change_of_group, ask_of_person, change_of_person)

ROUTES: list[ControllerRouterHandler] = [
    Router("/{region:str}/partners/{partner_id:uuid}", route_handlers=DESK, include_in_schema=False)
]
