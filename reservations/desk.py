"""The desk of an organiser: its sessions, how full each is, and how many places there are."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from reservations import occupancy
from reservations.ask import Resize
from reservations.checkin import CHECK_IN_BEFORE, Scope
from reservations.errors import PoolUnknown, SessionUnknown
from reservations.house import BookingHouse
from reservations.occupancy import FIRST, Attendance
from reservations.search import read_cursor
from uit.ground.clock import day_in_flanders, start_of_day
from uit.ground.errors import Refusal, Refused
from uit.ground.form import read_id, read_number
from uit.ground.region import Region
from uit.ground.sql import Executor
from uit.ground.web.view import form_again, page, see_other
from uit.identity import door
from uit.identity.entry import StaffRequest, region_here, staff

MINE: Final = staff("organiser", "box_office")
ADDRESS: Final = "/{region:str}/organisaties/{organiser_id:uuid}"
MOST_PLACES: Final = 999_999


GivenHouse = NamedDependency[BookingHouse]


class PlacesForm(Struct, frozen=True):
    places: str = ""


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
async def show_sessions(request: StaffRequest, house: GivenHouse, na: FromQuery[str] = "") -> Template:
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
async def show_session(request: StaffRequest, house: GivenHouse) -> Template:
    return await session_page(house, await here(request))


@get("/sessies/{session_id:uuid}/plaatsen/{pool_id:uuid}", opt=MINE)
async def show_places(request: StaffRequest, pool_id: FromPath[UUID], house: GivenHouse) -> Template:
    facts = await places_facts(house, await here(request), pool_id)
    return page("reservations/desk_places.html", **facts, places=facts["pool"].capacity)


@post("/sessies/{session_id:uuid}/plaatsen/{pool_id:uuid}", opt=MINE)
async def change_places(
    request: StaffRequest,
    pool_id: FromPath[UUID],
    data: URLEncodedBody[PlacesForm],
    house: GivenHouse,
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


async def session_page(house: BookingHouse, where: Here, status: int = 200, **facts: object) -> Template:
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
        "reservations/desk_session.html",
        status,
        **{"answer": None, "party": None, "link": None, **shown, **new, **facts},
    )


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


ROUTES: list[ControllerRouterHandler] = [
    Router(
        ADDRESS,
        route_handlers=[show_sessions, show_session, show_places, change_places],
        include_in_schema=False,
    )
]
