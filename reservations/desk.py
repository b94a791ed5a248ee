"""What an organiser sees and does: how full it is, how many places there are, who is in, and the doors."""

import re
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import segno
from asyncpg import UniqueViolationError
from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from markupsafe import Markup
from msgspec import Struct

from reservations import occupancy
from reservations.ask import Resize
from reservations.checkin import (
    CHECK_IN_BEFORE,
    DOORS_CLOSE_AFTER,
    DOORS_OPEN_BEFORE,
    By,
    CheckedIn,
    Scan,
    Scope,
    check_in,
    find_ticket,
    take_back,
)
from reservations.errors import PoolUnknown, SessionUnknown
from reservations.house import BookingHouse
from reservations.occupancy import FIRST, Attendance
from reservations.search import read_cursor
from reservations.ticket import number_of
from uit.ground.clock import day_in_flanders, start_of_day
from uit.ground.errors import NotFound, Refusal, Refused
from uit.ground.form import read_id, read_number
from uit.ground.region import Region
from uit.ground.seal import TicketSeal
from uit.ground.sql import Executor
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
    region_here,
    staff,
)
from uit.identity.visitor import Door

MINE: Final = staff("organiser", "box_office")
OK: Final = 200
MOST_PLACES: Final = 999_999
LINE_AND_NUMBER: Final = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})")
DONE: Final = {"terug": "De check-in is teruggenomen. Het ticket is weer geldig."}

House = NamedDependency[BookingHouse]


class PlacesForm(Struct, frozen=True):
    places: str = ""


class TicketForm(Struct, frozen=True):
    ticket: str = ""
    checkin_id: str = ""


class UndoForm(Struct, frozen=True):
    """Which ticket of the booking in the address, as `line.number`, and the check-in to take back."""

    ticket: str = ""
    checkin_id: str = ""

    def seal(self, region_id: int, booking_id: UUID) -> TicketSeal:
        """The ticket that is meant; what is no number is a ticket that nobody has."""
        read = LINE_AND_NUMBER.fullmatch(self.ticket)
        return TicketSeal(region_id, booking_id, *(map(int, read.groups()) if read else (0, 0)))


class DoorForm(Struct, frozen=True):
    door_id: str = ""


class Here(Struct, frozen=True):
    """Where the address leads: an organiser of a region, and mostly one session of it."""

    region: Region
    organiser_id: UUID
    session_id: UUID

    @property
    def home(self) -> str:
        return f"/{self.region.slug}/organisaties/{self.organiser_id}"

    @property
    def address(self) -> str:
        return f"{self.home}/sessies/{self.session_id}"

    @property
    def key(self) -> tuple[int, UUID, UUID]:
        return self.region.id, self.organiser_id, self.session_id

    @property
    def scope(self) -> Scope:
        return Scope(self.region.id, frozenset({self.organiser_id}), self.session_id)


async def here(request: StaffRequest) -> Here:
    path = request.path_params
    return Here(await region_here(request), path["organiser_id"], path.get("session_id", FIRST))


@get("/", opt=MINE)
async def show_sessions(request: StaffRequest, house: House, na: FromQuery[str] = "") -> Template:
    where, now = await here(request), house.clock.now()
    async with house.database.reading() as connection:
        facts = await desk_facts(connection, where)
        sessions, more = await occupancy.coming_sessions(connection, *where.key[:2], now, read_cursor(na))
    tomorrow = start_of_day(day_in_flanders(now) + timedelta(days=1))
    return page(
        "reservations/desk_sessions.html",
        **facts,
        now=now,
        today=[each for each in sessions if each.starts_at < tomorrow],
        later=[each for each in sessions if each.starts_at >= tomorrow],
        from_start=not na,
        next_page=f"{where.home}?na={more.as_text()}" if more else None,
    )


@get("/sessies/{session_id:uuid}", opt=MINE)
async def show_session(request: StaffRequest, house: House) -> Template:
    return await session_page(house, await here(request))


@get("/sessies/{session_id:uuid}/boekingen", opt=MINE)
async def show_parties(request: StaffRequest, house: House, na: FromQuery[UUID] = FIRST) -> Template:
    where = await here(request)
    async with house.database.reading() as connection:
        facts = await desk_facts(connection, where)
        session = await read_session(connection, where)
        parties, more = await occupancy.parties_of(connection, where.region.id, where.session_id, na)
    return page(
        "reservations/desk_parties.html",
        **facts,
        session=session,
        parties=[(number_of(each.booking_id), each) for each in parties],
        next_page=f"{where.address}/boekingen?na={more}" if more else None,
    )


@get("/sessies/{session_id:uuid}/boekingen/{booking_id:uuid}", opt=MINE)
async def show_party(
    request: StaffRequest, booking_id: FromPath[UUID], house: House, gedaan: FromQuery[str] = ""
) -> Template:
    facts = await party_facts(house, await here(request), booking_id)
    return page("reservations/desk_party.html", **facts, flash=DONE.get(gedaan))


@post("/sessies/{session_id:uuid}/boekingen/{booking_id:uuid}/terug", opt=MINE)
async def undo_check_in(
    request: StaffRequest, booking_id: FromPath[UUID], data: URLEncodedBody[UndoForm], house: House
) -> Template | Redirect:
    """A ticket that was checked in by mistake is good again."""
    where = await here(request)
    seal, by = data.seal(where.region.id, booking_id), By("staff", str(request.user.staff_id))
    scan = Scan(seal, where.scope, by, form_id(data.checkin_id, house))
    async with house.database.transaction() as tx:
        refused = await take_back(tx, scan, house.clock, house.ids)
    if refused:
        facts = await party_facts(house, where, booking_id)
        return form_again("reservations/desk_party.html", refused, **facts)
    return see_other(f"{where.address}/boekingen/{booking_id}?gedaan=terug")


@get("/sessies/{session_id:uuid}/plaatsen/{pool_id:uuid}", opt=MINE)
async def show_places(request: StaffRequest, pool_id: FromPath[UUID], house: House) -> Template:
    facts = await places_facts(house, await here(request), pool_id)
    return page("reservations/desk_places.html", **facts, places=facts["pool"].capacity)


@post("/sessies/{session_id:uuid}/plaatsen/{pool_id:uuid}", opt=MINE)
async def change_places(
    request: StaffRequest, pool_id: FromPath[UUID], data: URLEncodedBody[PlacesForm], house: House
) -> Template | Redirect:
    where, typed = await here(request), data.places.strip()
    facts, places = await places_facts(house, where, pool_id), read_number(typed, MOST_PLACES)
    if places is None:
        pool = facts["pool"]
        errors = {"places": f"Vul een getal in van {pool.taken + pool.held} tot {pool.licensed_capacity}."}
        return page("reservations/desk_places.html", 422, **facts, errors=errors, places=typed)
    ask = Resize(where.region.id, where.session_id, pool_id, places, request.user.staff_id)
    answer = await house.turnstile.ask(ask)
    if isinstance(answer, Refusal):
        return form_again("reservations/desk_places.html", answer, **facts, places=typed)
    return see_other(where.address)


@post("/sessies/{session_id:uuid}/binnen", opt=MINE, status_code=OK)
async def let_in(request: StaffRequest, data: URLEncodedBody[TicketForm], house: House) -> Template:
    """The page of the session again, with the answer: scan after scan, without a click."""
    where = await here(request)
    async with house.database.reading() as connection:
        await read_session(connection, where)
    answer = await scanned(house, data, where.scope, By("staff", str(request.user.staff_id)))
    return await session_page(house, where, status_of(answer), answer=answer)


@post("/sessies/{session_id:uuid}/deuren", opt=MINE, status_code=OK)
async def make_door(
    request: StaffRequest, data: URLEncodedBody[DoorForm], house: House
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
async def close_door(request: StaffRequest, door_id: FromPath[UUID], house: House) -> Redirect:
    where = await here(request)
    async with house.database.transaction() as tx:
        await door.revoke(tx, await author_here(request), where.organiser_id, door_id)
    return see_other(f"{where.address}#deuren")


@get("/{token:str}", opt=ANYBODY)
async def show_door(token: FromPath[str]) -> Template:
    """Only looks: who previews a link that was sent in a chat does not take it from the volunteer."""
    return page("reservations/door_open.html", token=token)


@post("/{token:str}", opt=ANYBODY)
async def open_door(request: AnyRequest, token: FromPath[str], house: House) -> Template | Redirect:
    secret = device_secret(request)
    async with house.database.transaction() as tx:
        opened = await door.open_door(tx, token, secret, house.clock.now())
    if isinstance(opened, Refusal):
        return form_again("reservations/door_open.html", opened, token=token)
    answer = see_other("/deur")
    answer.cookies.append(door_cookie(house.settings, token, secret))
    return answer


@get("/", opt=DOOR)
async def stand_at_door(request: DoorRequest, house: House) -> Template:
    return await door_page(house, request.user)


@post("/", opt=DOOR, status_code=OK)
async def scan_at_door(request: DoorRequest, data: URLEncodedBody[TicketForm], house: House) -> Template:
    volunteer = request.user
    scope = Scope(volunteer.region_id, frozenset({volunteer.organiser_id}), volunteer.session_id)
    answer = await scanned(house, data, scope, By("door", str(volunteer.link_id)))
    return await door_page(house, volunteer, status_of(answer), answer)


async def scanned(house: BookingHouse, form: TicketForm, scope: Scope, by: By) -> CheckedIn | Refusal:
    checkin_id = form_id(form.checkin_id, house)
    async with house.database.transaction() as tx:
        seal = await find_ticket(tx, form.ticket, scope, checkin_id, house.secrets.signing)
        if isinstance(seal, Refusal):
            return seal
        return await check_in(tx, Scan(seal, scope, by, checkin_id), house.clock, house.ids)


def status_of(answer: CheckedIn | Refusal) -> int:
    return answer.status if isinstance(answer, Refusal) else OK


async def door_page(
    house: BookingHouse, volunteer: Door, status: int = OK, answer: CheckedIn | Refusal | None = None
) -> Template:
    key = volunteer.region_id, volunteer.organiser_id, volunteer.session_id
    async with house.database.reading() as connection:
        session = await occupancy.read_attendance(connection, *key)
    facts = {"session": session, "link_id": volunteer.link_id, "checkin_id": house.ids.new()}
    return page("reservations/door.html", status, answer=answer, now=house.clock.now(), **facts)


async def session_page(house: BookingHouse, where: Here, status: int = OK, **facts: object) -> Template:
    """All about one session; `facts` add what just happened."""
    now = house.clock.now()
    async with house.database.reading() as connection:
        session = await read_session(connection, where)
        shown = {
            **await desk_facts(connection, where),
            "session": session,
            "opens_at": session.starts_at - CHECK_IN_BEFORE,
            "pools": await occupancy.read_pools(connection, *where.key),
            "tariffs": await occupancy.read_tariffs(connection, where.region.id, where.session_id),
            "doors": await door.links_of(connection, *where.key, now),
        }
    new = {"checkin_id": house.ids.new(), "door_id": house.ids.new(), "now": now}
    return page(
        "reservations/desk_session.html", status, **{"answer": None, "link": None, **shown, **new, **facts}
    )


async def party_facts(house: BookingHouse, where: Here, booking_id: UUID) -> dict[str, Any]:
    async with house.database.reading() as connection:
        facts = await desk_facts(connection, where)
        session = await read_session(connection, where)
        tickets = await occupancy.read_party(connection, where.region.id, booking_id, where.session_id)
    if not tickets:
        raise Refused(NotFound())
    return {
        **facts,
        "session": session,
        "number": number_of(booking_id),
        "tickets": tickets,
        "own": f"{where.address}/boekingen/{booking_id}",
    }


async def places_facts(house: BookingHouse, where: Here, pool_id: UUID) -> dict[str, Any]:
    async with house.database.reading() as connection:
        facts = await desk_facts(connection, where)
        session = await read_session(connection, where)
        pools = await occupancy.read_pools(connection, *where.key)
    pool = next((each for each in pools if each.id == pool_id), None)
    if pool is None:
        raise Refused(PoolUnknown(pool_id))
    return {**facts, "session": session, "pool": pool}


async def desk_facts(tx: Executor, where: Here) -> dict[str, Any]:
    organiser = await occupancy.read_organiser(tx, *where.key[:2])
    return {"home": where.home, "address": where.address, "organiser": organiser}


async def read_session(tx: Executor, where: Here) -> Attendance:
    """The session, when it is of the organiser in the address."""
    session = await occupancy.read_attendance(tx, *where.key)
    if session is None:
        raise Refused(SessionUnknown(where.session_id))
    return session


def form_id(text: str, house: BookingHouse) -> UUID:
    """The id that a form carries; a new one for what is no id."""
    return read_id(text) or house.ids.new()


DESK = (
    show_sessions,
    show_session,
    show_parties,
    show_party,
    undo_check_in,
    show_places,
    change_places,
    let_in,
    make_door,
    close_door,
)
DOORS = (stand_at_door, scan_at_door, show_door, open_door)
ROUTES: list[ControllerRouterHandler] = [
    Router("/{region:str}/organisaties/{organiser_id:uuid}", route_handlers=DESK, include_in_schema=False),
    Router("/deur", route_handlers=DOORS, include_in_schema=False),
]
