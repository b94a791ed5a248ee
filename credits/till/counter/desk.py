"""The desk of who works at a counter: for which organisers it sells, and which tills stand where."""

from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from credits.till.counter.counter import CLERK, place_till, read_counters, read_sellers_at_counters, towns_of
from credits.till.till import Till, find_till
from credits.till.till_desk import ADDRESS, LEAD, till_desk_here
from uit.core.errors import RefusalError
from uit.identity.authentication import StaffRequest, region_here, roles_here, staff
from uit.services.services import Services
from uit.web.view import page, see_other

GivenServices = NamedDependency[Services]


@get("/{region:str}/balie/kassas", opt=staff(CLERK, within_town=True), include_in_schema=False)
async def show_sellers(request: StaffRequest, services: GivenServices) -> Template:
    region, towns = await region_here(request), towns_of(await roles_here(request))
    async with services.database.reading() as connection:
        sellers = await read_sellers_at_counters(connection, region.id, sorted(towns))
    return page("credits/till/counter/sellers.html", region=region, sellers=sellers)


@post("/plaats/{till_id:uuid}", opt=LEAD)
async def place_one(
    request: StaffRequest,
    till_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Redirect:
    """Say where a till stands. What is no counter of the region is the organiser's own box office."""
    desk = await till_desk_here(request)
    async with services.database.transaction() as tx:
        till = await find_till(tx, desk.worker, till_id)
        if not isinstance(till, Till):
            raise RefusalError(till)
        known = {each.refnis for each in await read_counters(tx, desk.region.id)}
        chosen = data.get(f"counter-{till_id}", "")
        refnis = chosen if chosen in known else None
        if await place_till(tx, desk.worker, till_id, refnis):
            await desk.author.note(tx, "till.place", "till", till_id, counter=refnis)
    return see_other(desk.address())


ROUTES: list[ControllerRouterHandler] = [
    show_sellers,
    Router(ADDRESS, route_handlers=[place_one], include_in_schema=False),
]
