"""Letting people in at an organiser's desk: tickets, what each booking brings, and links for volunteers."""

import re
from typing import Final
from uuid import UUID

import segno
from asyncpg import UniqueViolationError
from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from markupsafe import Markup
from msgspec import Struct

from reservations.booking.services import BookingServices
from reservations.checkin.checkin import CheckinActor, Scan, Scope
from reservations.checkin.form import OK, UNREADABLE, TicketForm, WholeForm
from reservations.checkin.scan import scan
from reservations.checkin.undo import WholeCheckin, undo_checkin, undo_whole_checkin
from reservations.organiser_booking.organiser_booking import BOOKING, booking_facts
from reservations.sessions.doors import DOORS_CLOSE_AFTER, DOORS_OPEN_BEFORE
from reservations.sessions.organiser_desk import (
    ADDRESS,
    ORGANISER,
    OrganiserDesk,
    desk_here,
    read_session,
    session_facts,
)
from uit.core.errors import Refusal
from uit.core.seal import TicketSeal
from uit.identity.authentication import StaffRequest, author_here
from uit.identity.door import door_link
from uit.web.form import form_id
from uit.web.view import form_again, page, see_other

SESSION: Final = "reservations/sessions/session.html"
LINE_AND_NUMBER: Final = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})")

GivenServices = NamedDependency[BookingServices]


class DoorForm(Struct, frozen=True):
    door_id: str = ""


class UndoForm(Struct, frozen=True):
    """Which ticket of the booking in the address, as `line.number`, and the check-in to take back."""

    ticket: str = ""
    checkin_id: str = ""

    def seal(self, region_id: int, booking_id: UUID) -> TicketSeal:
        """The ticket that is meant; what is no number is a ticket that nobody has."""
        read = LINE_AND_NUMBER.fullmatch(self.ticket)
        return TicketSeal(region_id, booking_id, *(map(int, read.groups()) if read else (0, 0)))


@post("/sessies/{session_id:uuid}/binnen", opt=ORGANISER, status_code=OK)
async def let_in(
    request: StaffRequest, data: URLEncodedBody[TicketForm], services: GivenServices
) -> Template:
    """The page of the session again, with the answer: scan after scan, without a click.

    Who is in, now or since an earlier scan, has a way to their bookings, from where a mistake is taken back.
    """
    where = await desk_here(request)
    async with services.database.reading() as connection:
        await read_session(connection, where)
    if data.errors:
        facts = await session_facts(request, services, where)
        return page(SESSION, UNREADABLE, **facts | {"errors": data.errors})
    done = await scan(services, data.shown(scope_of(where), by_staff(request), services.ids))
    status = done.answer.status if isinstance(done.answer, Refusal) else OK
    facts = await session_facts(request, services, where)
    parties = [f"{where.address}/boekingen/{booking_id}" for booking_id in done.booking_ids]
    answered = {"answer": done.answer, "parties": parties, "to_confirm": data.to_confirm(done.answer)}
    return page(SESSION, status, **facts | answered)


@post("/sessies/{session_id:uuid}/terug", opt=ORGANISER, status_code=OK)
async def undo_whole(
    request: StaffRequest, data: URLEncodedBody[WholeForm], services: GivenServices
) -> Template | Redirect:
    """All that one check-in let in by mistake, such as what a pass opened, is good again."""
    where = await desk_here(request)
    whole = WholeCheckin(scope_of(where), by_staff(request), data.id(services.ids))
    async with services.database.transaction() as tx:
        refused = await undo_whole_checkin(tx, whole, services.clock, services.ids)
    if refused:
        facts = await session_facts(request, services, where)
        return page(SESSION, refused.status, **facts | {"answer": refused})
    return see_other(f"{where.address}?gedaan=terug")


@post("/sessies/{session_id:uuid}/deuren", opt=ORGANISER, status_code=OK)
async def make_door(
    request: StaffRequest, data: URLEncodedBody[DoorForm], services: GivenServices
) -> Template | Redirect:
    """Show the address of the new link, now and never again. A form that is sent twice makes one link."""
    where = await desk_here(request)
    try:
        async with services.database.transaction() as tx:
            session = await read_session(tx, where)
            opens_at, closes_at = session.starts_at - DOORS_OPEN_BEFORE, session.ends_at + DOORS_CLOSE_AFTER
            wanted = door_link.NewDoorLink(where.organiser_id, where.session_id, opens_at, closes_at)
            token = await door_link.make(
                tx, await author_here(request), wanted, form_id(data.door_id, services.ids)
            )
    except UniqueViolationError:
        return see_other(f"{where.address}#deuren")
    link = f"{services.settings.address}/deur/{token}"
    drawing = segno.make(link, error="m").svg_inline(omitsize=True, border=0)
    facts = await session_facts(request, services, where)
    return page(SESSION, **facts | {"link": link, "qr": Markup(drawing)})  # noqa: S704  our own drawing


@post("/sessies/{session_id:uuid}/deuren/{door_id:uuid}/sluiten", opt=ORGANISER)
async def close_door(request: StaffRequest, door_id: FromPath[UUID], services: GivenServices) -> Redirect:
    where = await desk_here(request)
    async with services.database.transaction() as tx:
        await door_link.revoke(tx, await author_here(request), where.organiser_id, door_id)
    return see_other(f"{where.address}?gedaan=deur")


@post("/sessies/{session_id:uuid}/boekingen/{booking_id:uuid}/terug", opt=ORGANISER)
async def undo_check_in(
    request: StaffRequest,
    booking_id: FromPath[UUID],
    data: URLEncodedBody[UndoForm],
    services: GivenServices,
) -> Template | Redirect:
    """A ticket that was checked in by mistake is good again."""
    where = await desk_here(request)
    seal, checkin_id = data.seal(where.region.id, booking_id), form_id(data.checkin_id, services.ids)
    shown = Scan(seal, scope_of(where), by_staff(request), checkin_id)
    async with services.database.transaction() as tx:
        refused = await undo_checkin(tx, shown, services.clock, services.ids)
    if refused:
        facts = await booking_facts(services, where, booking_id)
        return form_again(BOOKING, refused, **facts)
    return see_other(f"{where.address}/boekingen/{booking_id}?gedaan=terug")


def scope_of(where: OrganiserDesk) -> Scope:
    """What this desk may check in: tickets of its organiser for the session in the address."""
    return Scope(where.region.id, frozenset({where.organiser_id}), where.session_id)


def by_staff(request: StaffRequest) -> CheckinActor:
    return CheckinActor("staff", str(request.user.staff_id))


ROUTES: list[ControllerRouterHandler] = [
    Router(
        ADDRESS,
        route_handlers=[let_in, undo_whole, make_door, close_door, undo_check_in],
        include_in_schema=False,
    )
]
