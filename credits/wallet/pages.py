"""The page of a resident's credit: amounts, when they lapse, and transfers."""

from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template
from litestar.types import ControllerRouterHandler

from credits.wallet.statement import read_statement
from uit.identity.authentication import RESIDENT, ResidentRequest, region_here
from uit.services.services import Services
from uit.web.view import page


@get("/{region:str}/mijn-krediet", opt=RESIDENT, include_in_schema=False)
async def show_credit(
    request: ResidentRequest, services: NamedDependency[Services], na: FromQuery[UUID | None] = None
) -> Template:
    region = await region_here(request)
    async with services.database.reading() as connection:
        statement = await read_statement(
            connection, request.user.person_id, region.id, na, services.clock.now()
        )
    return page(
        "credits/wallet/statement.html", region=region, signed_in=True, credit=statement, first=na is None
    )


ROUTES: list[ControllerRouterHandler] = [show_credit]
