"""The pages of an organiser's desk that lead to others: those of its menu, and how to do an evening."""

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template
from litestar.types import ControllerRouterHandler

from reservations.booking.services import BookingServices
from reservations.organiser_menu.menu import GROUPS, group_of
from reservations.sessions.organiser_desk import ADDRESS, ORGANISER, desk_facts, desk_here
from uit.core.errors import NotFound, RefusalError
from uit.identity.authentication import StaffRequest, staff
from uit.web.view import page

OWN = staff("organiser")


@get("/menu/{group:str}", opt=OWN)
async def show_group(
    request: StaffRequest, group: FromPath[str], services: NamedDependency[BookingServices]
) -> Template:
    if group not in GROUPS:
        raise RefusalError(NotFound())
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        facts = await desk_facts(connection, desk)
    return page("reservations/organiser_menu/group.html", **facts, group=group_of(group))


@get("/hulp", opt=ORGANISER)
async def show_help(request: StaffRequest, services: NamedDependency[BookingServices]) -> Template:
    """How to do an evening, from making it to being paid."""
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        facts = await desk_facts(connection, desk)
    return page("reservations/organiser_menu/help.html", **facts)


ROUTES: list[ControllerRouterHandler] = [
    Router(ADDRESS, route_handlers=[show_group, show_help], include_in_schema=False)
]
