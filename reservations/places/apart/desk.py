"""Places that are set apart, at the desk of an organiser."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.booking.services import BookingServices
from reservations.places.apart.form import SetApartForm, channels, labels, options
from reservations.places.apart.set_apart import read_clients, read_set_apart, release, set_apart
from reservations.places.pool import read_layouts
from reservations.sessions.organiser_desk import ADDRESS, OrganiserDesk, desk_facts, desk_here, read_session
from reservations.waiting.due import serve_due_lines
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here, staff
from uit.web.view import form_again, page, see_other

STAFF: Final = staff("organiser")
APART: Final = "/sessies/{session_id:uuid}/apart"
TEMPLATE: Final = "reservations/places/apart/set_apart.html"
GivenServices = NamedDependency[BookingServices]


def notice_after(act: str) -> str | None:
    return {
        "apart": _("De plaatsen zijn apart gehouden."),
        "vrij": _("Wat niet verkocht was, staat weer te koop. Wie wacht, komt eerst."),
    }.get(act)


@get(APART, opt=STAFF)
async def show_set_apart(
    request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        facts = await apart_facts(connection, desk, SetApartForm(str(services.ids.new())))
    return page(TEMPLATE, **facts, flash=notice_after(gedaan))


@post(APART, opt=STAFF)
async def keep_apart(
    request: StaffRequest, services: GivenServices, data: URLEncodedBody[SetApartForm]
) -> Template | Redirect:
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        facts = await apart_facts(tx, desk, data)
        read = data.read(await read_clients(tx, *desk.organiser_key), author.now)
        if isinstance(read, dict):
            return page(TEMPLATE, 422, **facts | {"errors": read})
        refusal = await set_apart(tx, author, desk.session_id, read)
    if refusal:
        return form_again(TEMPLATE, refusal, **facts)
    return see_other(f"{desk.address}/apart?gedaan=apart")


@post(f"{APART}/{{pool_id:uuid}}/vrijgeven", opt=STAFF)
async def let_go(request: StaffRequest, pool_id: FromPath[UUID], services: GivenServices) -> Redirect:
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        await read_session(tx, desk)
        await release(tx, author, desk.session_id, pool_id)
    await serve_due_lines(services, desk.region.id)
    return see_other(f"{desk.address}/apart?gedaan=vrij")


async def apart_facts(tx: Executor, desk: OrganiserDesk, typed: SetApartForm) -> dict[str, Any]:
    """Raises SessionUnknown, also for a session of another organiser."""
    session = await read_session(tx, desk)
    layout = (await read_layouts(tx, desk.region.id, [desk.session_id]))[desk.session_id]
    return {
        **await desk_facts(tx, desk),
        "session": session,
        "room": layout.room,
        "found": await read_set_apart(tx, desk.region.id, desk.session_id),
        "whom": options(await read_clients(tx, *desk.organiser_key)),
        "channels": channels(),
        "typed": typed,
        "labels": labels(),
        "errors": {},
    }


ROUTES: list[ControllerRouterHandler] = [
    Router(ADDRESS, route_handlers=[show_set_apart, keep_apart, let_go], include_in_schema=False)
]
