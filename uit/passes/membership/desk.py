"""The desk for memberships that end since nobody uses them: whom no mail reaches, and who stays a member."""

from typing import Final
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from uit.core.errors import Refusal, RefusalError
from uit.identity.authentication import StaffRequest
from uit.passes.membership.unused import keep, read_warned
from uit.passes.registration.counter_desk import CLERK, counter_desk_here, open_member
from uit.services.services import Services
from uit.web.view import page, see_other

MOST_SHOWN: Final = 100


@get("/{region:str}/balie/ongebruikt", opt=CLERK, include_in_schema=False)
async def show_unused(request: StaffRequest, services: NamedDependency[Services]) -> Template:
    """Whom we cannot mail that their membership ends: somebody calls them, or tells them otherwise."""
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        found = await read_warned(tx, desk.region.id, desk.counter.towns, MOST_SHOWN + 1)
        warned = found[:MOST_SHOWN]
        people = " ".join(str(each.person_id) for each in warned)
        await desk.counter.note(tx, "person.search", "region", desk.region.id, by="unused", people=people)
    return page(
        "passes/membership/unused.html",
        region=desk.region,
        may_issue=desk.may_issue,
        warned=warned,
        more=len(found) > MOST_SHOWN,
    )


@post("/{region:str}/balie/personen/{membership_id:uuid}/houden", opt=CLERK, include_in_schema=False)
async def keep_membership(
    request: StaffRequest, membership_id: FromPath[UUID], services: NamedDependency[Services]
) -> Redirect:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        await open_member(tx, desk, membership_id)
        answer = await keep(tx, desk.counter, membership_id)
    if isinstance(answer, Refusal):
        raise RefusalError(answer)
    return see_other(desk.address("personen", f"{membership_id}?gedaan=houden"))


ROUTES: list[ControllerRouterHandler] = [show_unused, keep_membership]
