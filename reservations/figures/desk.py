"""The sheet of an evening, for its organiser."""

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.response import Template
from litestar.types import ControllerRouterHandler

from reservations.booking.services import BookingServices
from reservations.figures.figures import read_figures, sheet_of
from reservations.sessions.occupancy import is_settled
from reservations.sessions.organiser_desk import ADDRESS, ORGANISER, desk_facts, desk_here, read_session
from uit.core.clock import day_in_flanders
from uit.identity.authentication import StaffRequest
from uit.web.view import page

GivenServices = NamedDependency[BookingServices]


@get("/sessies/{session_id:uuid}/avondblad", opt=ORGANISER)
async def show_sheet(request: StaffRequest, services: GivenServices) -> Template:
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        facts, session = await desk_facts(connection, desk), await read_session(connection, desk)
        figures = await read_figures(connection, *desk.key, day_in_flanders(session.starts_at))
        settled = await is_settled(connection, *desk.key, services.clock.now())
    sheet = sheet_of(figures, is_settled=bool(settled))
    return page("reservations/figures/sheet.html", **facts, session=session, sheet=sheet)


ROUTES: list[ControllerRouterHandler] = [
    Router(ADDRESS, route_handlers=[show_sheet], include_in_schema=False)
]
