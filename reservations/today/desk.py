"""What an organiser has to do today, what comes in thirty days, and what was."""

from datetime import timedelta
from typing import Any, Final

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template
from litestar.types import ControllerRouterHandler

from reservations.booking.services import BookingServices
from reservations.cursor import read_cursor
from reservations.measures.measure import read_excess
from reservations.places.shared.sharing import shared_with
from reservations.sessions.organiser_desk import ADDRESS, ORGANISER, desk_facts, desk_here
from reservations.sessions.task import tasks_of_organiser
from reservations.tariffs.waiting import waiting_tariffs
from reservations.today.evenings import ahead, count_to_pay_back, past, soon, undecided
from reservations.today.line import HEIGHT, WIDTH, line_of
from uit.core.clock import day_in_flanders, start_of_day
from uit.identity.authentication import StaffRequest
from uit.web.view import page

GivenServices = NamedDependency[BookingServices]
A_DAY: Final = timedelta(days=1)
EVENING_ENDS: Final = timedelta(hours=6)
"""What begins before this hour of the night belongs to the evening before."""


@get("/vandaag", opt=ORGANISER)
async def show_today(request: StaffRequest, services: GivenServices) -> Template:
    """Tonight with its door, and what needs somebody this week."""
    desk, now = await desk_here(request), services.clock.now()
    tomorrow = start_of_day(day_in_flanders(now) + A_DAY)
    async with services.database.reading() as connection:
        facts = await desk_facts(connection, desk)
        evenings = await soon(connection, *desk.organiser_key, now)
        undecided_dates = await undecided(connection, *desk.organiser_key, now)
        tasks = await tasks_of_organiser(connection, *desk.organiser_key, now)
        keeps = desk.keeps_books
        tariffs = await waiting_tariffs(connection, *desk.organiser_key, now) if keeps else []
        shared = await shared_with(connection, *desk.organiser_key, now) if keeps else []
        back = await count_to_pay_back(connection, *desk.organiser_key) if keeps else 0
        excess = await read_excess(connection, desk.region.id, now, desk.organiser_id, 1) if keeps else []
    tonight = [each for each in evenings if each.starts_at < tomorrow + EVENING_ENDS]
    shown: dict[str, Any] = {
        "region": desk.region,
        "now": now,
        "found": tasks,
        "tonight": tonight,
        "tomorrow": tomorrow,
        "undecided": undecided_dates,
        "lines": [each for each in evenings if each.waiting or each.offered],
        "unpaid": [each for each in evenings if each.unpaid and each.status != "cancelled"],
        "missed": [each for each in evenings if each.missed],
        "waiting_tariffs": tariffs,
        "to_pay_back": back,
        "asked_to_share": [each for each in shared if not each.is_agreed],
        "excess": next(iter(excess), None),
    }
    return page("reservations/today/today.html", **facts, **shown)


@get("/dertig-dagen", opt=ORGANISER)
async def show_ahead(request: StaffRequest, services: GivenServices) -> Template:
    """The next thirty days: how full each session is, and how it came to be."""
    desk, now = await desk_here(request), services.clock.now()
    async with services.database.reading() as connection:
        facts = await desk_facts(connection, desk)
        sessions = await ahead(connection, *desk.organiser_key, now)
    today = day_in_flanders(now)
    lines = {each.id: line_of(each.days, each.people, each.capacity, today) for each in sessions}
    box = {"width": WIDTH, "height": HEIGHT}
    return page("reservations/today/ahead.html", **facts, sessions=sessions, lines=lines, box=box)


@get("/voorbij", opt=ORGANISER)
async def show_past(request: StaffRequest, services: GivenServices, na: FromQuery[str] = "") -> Template:
    """What was: who came, and what it brought, without a name."""
    desk, now = await desk_here(request), services.clock.now()
    async with services.database.reading() as connection:
        facts = await desk_facts(connection, desk)
        evenings, more = await past(connection, *desk.organiser_key, now, read_cursor(na))
    next_page = f"{desk.home}/voorbij?na={more.as_text()}" if more else None
    own = f"{desk.home}/voorbij" if na else None
    return page("reservations/today/past.html", **facts, evenings=evenings, next_page=next_page, start=own)


ROUTES: list[ControllerRouterHandler] = [
    Router(ADDRESS, route_handlers=[show_today, show_ahead, show_past], include_in_schema=False)
]
