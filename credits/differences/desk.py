"""The desk of who answers for the money of a region: where the provider's books and ours differ."""

from typing import Any, Final
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from credits.differences.difference import (
    AT_ONCE,
    Difference,
    close_difference,
    count_open,
    read_closed,
    read_one,
    read_open,
)
from credits.region_desk import DIRECTOR, OFFICER, region_facts
from uit.core.errors import NotFound, RefusalError
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.identity.authentication import StaffRequest, author_here, region_here, roles_here, staff
from uit.services.services import Services
from uit.web.form import Errors, text_error
from uit.web.view import page, see_other

READERS: Final = staff(DIRECTOR, OFFICER)
ADDRESS: Final = "/{region:str}/verschillen"
ONE: Final = f"{ADDRESS}/{{difference_id:uuid}}"
LONGEST_REASON: Final = 300


class ReasonForm(Struct, frozen=True):
    reason: str = ""


async def desk_page(
    request: StaffRequest, template: str, facts: dict[str, Any], status: int = 200
) -> Template:
    may_close = any(role.role == DIRECTOR for role in await roles_here(request))
    shared = await region_facts(request) | {"may_close": may_close}
    return page(f"credits/differences/{template}.html", status, **shared | facts)


@get(ADDRESS, opt=READERS, include_in_schema=False)
async def show_differences(
    request: StaffRequest, services: NamedDependency[Services], gedaan: FromQuery[str] = ""
) -> Template:
    """What is open, oldest first, and what was closed of late."""
    region = await region_here(request)
    async with services.database.reading() as connection:
        facts = {
            "found": await read_open(connection, region.id, AT_ONCE),
            "closed": await read_closed(connection, region.id, AT_ONCE),
            "count": await count_open(connection, region.id),
        }
    flash = _("Afgesloten.") if gedaan == "afgesloten" else None
    return await desk_page(request, "differences", {"flash": flash, **facts})


@get(ONE, opt=READERS, include_in_schema=False)
async def show_difference(
    request: StaffRequest, services: NamedDependency[Services], difference_id: FromPath[UUID]
) -> Template:
    difference = await difference_here(request, services, difference_id)
    return await desk_page(request, "difference", one_facts(difference))


@post(ONE, opt=staff(DIRECTOR), include_in_schema=False)
async def close(
    request: StaffRequest,
    data: URLEncodedBody[ReasonForm],
    services: NamedDependency[Services],
    difference_id: FromPath[UUID],
) -> Template | Redirect:
    """Close a difference with a reason, once."""
    difference = await difference_here(request, services, difference_id)
    author, region = await author_here(request), await region_here(request)
    error = text_error(data.reason, _("Schrijf hoe het verschil er kwam."), LONGEST_REASON)
    if error:
        return await desk_page(
            request, "difference", one_facts(difference, data.reason, {"reason": error}), 422
        )
    async with services.database.transaction() as tx:
        refusal = await close_difference(tx, author, difference_id, one_line(data.reason))
    if refusal:
        raise RefusalError(refusal)
    return see_other(f"/{region.slug}/verschillen?gedaan=afgesloten")


async def difference_here(request: StaffRequest, services: Services, difference_id: UUID) -> Difference:
    region = await region_here(request)
    async with services.database.reading() as connection:
        found = await read_one(connection, region.id, difference_id)
    if found is None:
        raise RefusalError(NotFound())
    return found


def one_facts(difference: Difference, typed: str = "", errors: Errors | None = None) -> dict[str, Any]:
    labels = {"reason": _("Hoe kwam het?")}
    return {"difference": difference, "typed": typed, "errors": errors or {}, "labels": labels}


ROUTES: list[ControllerRouterHandler] = [show_differences, show_difference, close]
