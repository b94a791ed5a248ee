"""The page of a resident's credit: what there is, until when, and what happened to it."""

from typing import Final

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template
from litestar.types import ControllerRouterHandler

from credits.wallet.statement import read_credit
from reservations.booking.services import BookingServices
from reservations.booking.visit import next_page, open_visit
from reservations.cursor import read_cursor
from reservations.statement.statement import read_entries
from uit.identity.authentication import RESIDENT, ResidentRequest


@get("/{region:str}/mijn-krediet", opt=RESIDENT)
async def show_credit(
    request: ResidentRequest,
    services: NamedDependency[BookingServices],
    na: FromQuery[str] = "",
) -> Template:
    person_id, before = request.user.person_id, read_cursor(na)
    async with open_visit(request, services) as (here, tx):
        credit = await read_credit(tx, person_id, [here.region.id], services.clock.now())
        entries, more = await read_entries(tx, here.region.id, person_id, before)
        further = next_page(here.address("mijn-krediet"), {}, more)
    return here.page("statement/statement", credit=credit, entries=entries, next=further, first=not before)


PAGES: Final = (show_credit,)

ROUTES: list[ControllerRouterHandler] = [Router("/", route_handlers=PAGES, include_in_schema=False)]
