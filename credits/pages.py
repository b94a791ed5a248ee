"""A resident's own credit: what there is, until when, and what happened to it."""

from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template
from litestar.types import ControllerRouterHandler

from credits.statement import read_statement
from uit.ground.house import House
from uit.ground.web.view import page
from uit.identity.entry import RESIDENT, ResidentRequest, region_here


@get("/{region:str}/mijn-krediet", opt=RESIDENT, include_in_schema=False)
async def show_credit(
    request: ResidentRequest, house: NamedDependency[House], na: FromQuery[UUID | None] = None
) -> Template:
    region = await region_here(request)
    async with house.database.reading() as connection:
        statement = await read_statement(connection, request.user.person_id, region.id, na, house.clock.now())
    return page("credits/statement.html", region=region, signed_in=True, credit=statement, first=na is None)


ROUTES: list[ControllerRouterHandler] = [show_credit]
