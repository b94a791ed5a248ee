"""API: the statement of a resident, for their own program."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.types import ControllerRouterHandler

from credits.wallet.statement import Statement, read_statement
from uit.core.errors import NotFound, RefusalError
from uit.identity.authentication import HOLDER
from uit.identity.visitor import Holder
from uit.services.services import Services
from uit.web.documented import documented

Slug = Annotated[
    str | None, QueryParameter(max_length=40, description="One region; without it, all of them.")
]
After = Annotated[UUID | None, QueryParameter(description="`next` of the page before.")]


@get(
    "/api/v1/me/statement",
    opt=HOLDER,
    operation_id="getStatement",
    tags=["me"],
    **documented("Read your credit", 404, 422, 503, security_scheme="holder"),
)
async def show_statement(
    request: Request[Holder, Any, Any],
    services: NamedDependency[Services],
    region: Slug = None,
    after: After = None,
) -> Statement:
    """Your credit: available, held and spent, when it lapses, and what happened to it, newest first."""
    region_id = None if region is None else await region_of(services, region)
    async with services.database.reading() as connection:
        return await read_statement(
            connection, request.user.person_id, region_id, after, services.clock.now()
        )


async def region_of(services: Services, slug: str) -> int:
    region = await services.regions.by_slug(slug)
    if region is None:
        raise RefusalError(NotFound())
    return region.id


ROUTES: list[ControllerRouterHandler] = [show_statement]
