"""The worklist of a counter."""

from typing import Final
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from credits.worklist.worklist import KINDS, mark_done, read_worklist
from uit.core.errors import NotFound, RefusalError
from uit.core.translation import gettext as _
from uit.identity.authentication import StaffRequest
from uit.passes.registration.counter_desk import CLERK, counter_desk_here, open_member
from uit.services.services import Services
from uit.web.view import page, see_other

MOST_SHOWN: Final = 50
LONGEST: Final = 100


class DoneForm(Struct, frozen=True):
    kind: str = ""
    about: str = ""


@get("/{region:str}/balie/werklijst", opt=CLERK, include_in_schema=False)
async def show_worklist(
    request: StaffRequest, services: NamedDependency[Services], gedaan: FromQuery[str] = ""
) -> Template:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        tasks = await read_worklist(tx, desk.counter, MOST_SHOWN)
        people = [each.person_id for found in tasks.values() for each in found]
        await desk.counter.note_search(tx, "worklist", people)
    return page(
        "credits/worklist/worklist.html",
        region=desk.region,
        may_issue=desk.may_issue,
        tasks=tasks,
        most=MOST_SHOWN,
        flash=_("Dat is gedaan.") if gedaan else None,
    )


@post("/{region:str}/balie/werklijst/{membership_id:uuid}", opt=CLERK, include_in_schema=False)
async def take_off(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    data: URLEncodedBody[DoneForm],
    services: NamedDependency[Services],
) -> Redirect:
    """Mark a task of a member as done, and look at the next."""
    desk = await counter_desk_here(request)
    if data.kind not in KINDS or not 0 < len(data.about) <= LONGEST:
        raise RefusalError(NotFound())
    async with services.database.transaction() as tx:
        await open_member(tx, desk, membership_id)
        await mark_done(tx, desk.counter, membership_id, data.kind, data.about)
    return see_other(desk.address("werklijst?gedaan=1"))


ROUTES: list[ControllerRouterHandler] = [show_worklist, take_off]
