"""Letting people in, at the desk and at a door, and the links by which volunteers stand at one."""

from typing import Final
from uuid import UUID

import segno
from asyncpg import UniqueViolationError
from litestar import Router, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from markupsafe import Markup
from msgspec import Struct

from reservations import occupancy
from reservations.checkin import DOORS_CLOSE_AFTER, DOORS_OPEN_BEFORE, By, CheckedIn, Scan, Scope, check_in
from reservations.desk import ADDRESS, MINE, GivenHouse, form_id, here, read_session, session_page
from reservations.errors import AlreadyIn
from reservations.find_ticket import find_ticket
from reservations.house import BookingHouse
from uit.ground.errors import Refusal
from uit.ground.web.view import form_again, page, see_other
from uit.identity import door
from uit.identity.entry import (
    ANYBODY,
    DOOR,
    AnyRequest,
    DoorRequest,
    StaffRequest,
    author_here,
    device_secret,
    door_cookie,
)
from uit.identity.visitor import Door

OK: Final = 200


class TicketForm(Struct, frozen=True):
    ticket: str = ""
    checkin_id: str = ""


class Scanned(Struct, frozen=True):
    """What a scan was answered, and of which booking the ticket is, where it is one."""

    answer: CheckedIn | Refusal
    booking_id: UUID | None = None

    @property
    def status(self) -> int:
        return self.answer.status if isinstance(self.answer, Refusal) else OK

    @property
    def is_in(self) -> bool:
        return isinstance(self.answer, CheckedIn | AlreadyIn)


class DoorForm(Struct, frozen=True):
    door_id: str = ""


@post("/sessies/{session_id:uuid}/binnen", opt=MINE, status_code=OK)
async def let_in(request: StaffRequest, data: URLEncodedBody[TicketForm], house: GivenHouse) -> Template:
    """The page of the session again, with the answer: scan after scan, without a click.

    Who is in, now or since an earlier scan, has a way to their booking, from where a mistake is taken back.
    """
    where = await here(request)
    async with house.database.reading() as connection:
        await read_session(connection, where)
    done = await scanned(house, data, where.scope, By("staff", str(request.user.staff_id)))
    party = f"{where.address}/boekingen/{done.booking_id}" if done.is_in else None
    return await session_page(house, where, done.status, answer=done.answer, party=party)


@post("/sessies/{session_id:uuid}/deuren", opt=MINE, status_code=OK)
async def make_door(
    request: StaffRequest, data: URLEncodedBody[DoorForm], house: GivenHouse
) -> Template | Redirect:
    """Show the address of the new link, now and never again. A form that is sent twice makes one link."""
    where = await here(request)
    try:
        async with house.database.transaction() as tx:
            session = await read_session(tx, where)
            opens_at, closes_at = session.starts_at - DOORS_OPEN_BEFORE, session.ends_at + DOORS_CLOSE_AFTER
            evening = door.Evening(where.organiser_id, where.session_id, opens_at, closes_at)
            token = await door.make(tx, await author_here(request), evening, form_id(data.door_id, house))
    except UniqueViolationError:
        return see_other(f"{where.address}#deuren")
    link = f"{house.settings.address}/deur/{token}"
    drawing = segno.make(link, error="m").svg_inline(omitsize=True, border=0)
    return await session_page(house, where, link=link, qr=Markup(drawing))  # noqa: S704  our own drawing


@post("/sessies/{session_id:uuid}/deuren/{door_id:uuid}/sluiten", opt=MINE)
async def close_door(request: StaffRequest, door_id: FromPath[UUID], house: GivenHouse) -> Redirect:
    where = await here(request)
    async with house.database.transaction() as tx:
        await door.revoke(tx, await author_here(request), where.organiser_id, door_id)
    return see_other(f"{where.address}#deuren")


@get("/{token:str}", opt=ANYBODY)
async def show_door(token: FromPath[str]) -> Template:
    """Only looks: who previews a link that was sent in a chat does not take it from the volunteer."""
    return page("reservations/door_open.html", token=token)


@post("/{token:str}", opt=ANYBODY)
async def open_door(request: AnyRequest, token: FromPath[str], house: GivenHouse) -> Template | Redirect:
    secret = device_secret(request)
    async with house.database.transaction() as tx:
        opened = await door.open_door(tx, token, secret, house.clock.now())
    if isinstance(opened, Refusal):
        return form_again("reservations/door_open.html", opened, token=token)
    answer = see_other("/deur")
    answer.cookies.append(door_cookie(house.settings, token, secret))
    return answer


@get("/", opt=DOOR)
async def stand_at_door(request: DoorRequest, house: GivenHouse) -> Template:
    return await door_page(house, request.user)


@post("/", opt=DOOR, status_code=OK)
async def scan_at_door(request: DoorRequest, data: URLEncodedBody[TicketForm], house: GivenHouse) -> Template:
    volunteer = request.user
    scope = Scope(volunteer.region_id, frozenset({volunteer.organiser_id}), volunteer.session_id)
    done = await scanned(house, data, scope, By("door", str(volunteer.link_id)))
    return await door_page(house, volunteer, done.status, done.answer)


async def scanned(house: BookingHouse, form: TicketForm, scope: Scope, by: By) -> Scanned:
    checkin_id = form_id(form.checkin_id, house)
    async with house.database.transaction() as tx:
        seal = await find_ticket(tx, form.ticket, scope, checkin_id, house.secrets.signing)
        if isinstance(seal, Refusal):
            return Scanned(seal)
        answer = await check_in(tx, Scan(seal, scope, by, checkin_id), house.clock, house.ids)
    return Scanned(answer, seal.booking_id)


async def door_page(
    house: BookingHouse, volunteer: Door, status: int = OK, answer: CheckedIn | Refusal | None = None
) -> Template:
    key = volunteer.region_id, volunteer.organiser_id, volunteer.session_id
    async with house.database.reading() as connection:
        session = await occupancy.read_attendance(connection, *key)
    facts = {"session": session, "link_id": volunteer.link_id, "checkin_id": house.ids.new()}
    return page("reservations/door.html", status, answer=answer, now=house.clock.now(), **facts)


DESK = (let_in, make_door, close_door)
DOORS = (stand_at_door, scan_at_door, show_door, open_door)
ROUTES: list[ControllerRouterHandler] = [
    Router(ADDRESS, route_handlers=DESK, include_in_schema=False),
    Router("/deur", route_handlers=DOORS, include_in_schema=False),
]
