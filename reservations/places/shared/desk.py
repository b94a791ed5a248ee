"""Places that an organiser shares with others, at its desk, and which of its dates hang under them."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from credits.region_desk import OFFICER
from reservations.booking.services import BookingServices
from reservations.places.pool import MOST_PLACES
from reservations.places.shared.form import SharingForm, labels
from reservations.places.shared.sharing import (
    change_places,
    end_part,
    hang,
    read_hanging,
    read_others,
    share,
    shared_with,
    take_part,
)
from reservations.sessions.either_desk import EitherDesk, either_desk_here
from reservations.sessions.organiser_desk import ADDRESS, OrganiserDesk, desk_facts, desk_here, read_session
from reservations.waiting.due import serve_due_lines
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here, staff
from uit.web.form import read_number
from uit.web.view import form_again, page, see_other

STAFF: Final = staff("organiser")
OFFICERS: Final = staff(OFFICER)
HANGING: Final = "reservations/places/shared/hanging.html"
GivenServices = NamedDependency[BookingServices]


def notice_after(act: str) -> str | None:
    return {
        "gemaakt": _("De gedeelde plaatsen zijn er. Wie je vroeg, ziet je vraag op de eigen pagina."),
        "ja": _("Je deelt mee. Kies nu bij een datum dat ze meetelt."),
        "gestopt": _("Je deelt niet meer mee. Wat verkocht is, blijft waar het telde."),
        "aantal": _("Het aantal is aangepast."),
        "telt": _("Wat vanaf nu verkocht wordt, telt ook bij de gedeelde plaatsen."),
        "los": _("Wat vanaf nu verkocht wordt, telt niet meer bij de gedeelde plaatsen."),
    }.get(act)


class CapacityTyped(Struct, frozen=True):
    capacity: str = ""


def template_of(desk: EitherDesk) -> str:
    whose = "of_organiser" if desk.organiser_id else "of_region"
    return f"reservations/places/shared/{whose}.html"


def address_of(desk: EitherDesk) -> str:
    return f"{desk.home}/samen"


async def show_shared(
    request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    typed = SharingForm(str(services.ids.new()))
    async with services.database.reading() as connection:
        desk = await either_desk_here(request, connection)
        facts = await shared_facts(connection, desk, services, typed)
    return page(template_of(desk), **facts, flash=notice_after(gedaan))


async def share_places(
    request: StaffRequest, services: GivenServices, data: URLEncodedBody[dict[str, str]]
) -> Template | Redirect:
    author, typed = await author_here(request), SharingForm.typed(data)
    async with services.database.transaction() as tx:
        desk = await either_desk_here(request, tx)
        read = typed.read(await read_others(tx, desk.region_id, desk.organiser_id))
        if isinstance(read, dict):
            facts = await shared_facts(tx, desk, services, typed)
            return page(template_of(desk), 422, **facts | {"errors": read})
        await share(tx, author, desk.organiser_id, read)
    return see_other(f"{address_of(desk)}?gedaan=gemaakt")


async def save_places(
    request: StaffRequest,
    pool_id: FromPath[UUID],
    data: URLEncodedBody[CapacityTyped],
    services: GivenServices,
) -> Template | Redirect:
    author, places = await author_here(request), read_number(data.capacity, MOST_PLACES)
    async with services.database.transaction() as tx:
        desk = await either_desk_here(request, tx)
        facts = await shared_facts(tx, desk, services, SharingForm(str(services.ids.new())))
        if places is None:
            errors = {f"capacity_{pool_id.hex}": _("Vul een getal in.")}
            return page(template_of(desk), 422, **facts | {"errors": errors})
        refusal = await change_places(tx, author, desk.organiser_id, pool_id, places)
    if refusal:
        return form_again(template_of(desk), refusal, **facts)
    await serve_due_lines(services, desk.region_id)
    return see_other(f"{address_of(desk)}?gedaan=aantal")


@post("/samen/{pool_id:uuid}/meedoen", opt=STAFF)
async def agree_to_share(request: StaffRequest, pool_id: FromPath[UUID], services: GivenServices) -> Redirect:
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        await take_part(tx, author, desk.organiser_id, pool_id)
    return see_other(f"{desk.home}/samen?gedaan=ja")


@post("/samen/{pool_id:uuid}/stoppen", opt=STAFF)
async def stop_sharing(request: StaffRequest, pool_id: FromPath[UUID], services: GivenServices) -> Redirect:
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        await end_part(tx, author, desk.organiser_id, pool_id)
    return see_other(f"{desk.home}/samen?gedaan=gestopt")


@get("/sessies/{session_id:uuid}/samen", opt=STAFF)
async def show_hanging(
    request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        facts = await hanging_facts(connection, desk)
    return page(HANGING, **facts, flash=notice_after(gedaan))


@post("/sessies/{session_id:uuid}/samen/{pool_id:uuid}/{act:str}", opt=STAFF)
async def hang_or_leave(
    request: StaffRequest, pool_id: FromPath[UUID], act: FromPath[str], services: GivenServices
) -> Template | Redirect:
    """`telt`: from now on its tickets draw on these places too; anything else: no more."""
    desk, author, under = await desk_here(request), await author_here(request), act == "telt"
    async with services.database.transaction() as tx:
        facts = await hanging_facts(tx, desk)
        refusal = await hang(tx, author, desk.organiser_id, desk.session_id, pool_id, under=under)
    if refusal:
        return form_again(HANGING, refusal, **facts)
    await serve_due_lines(services, desk.region.id)
    return see_other(f"{desk.address}/samen?gedaan={'telt' if under else 'los'}")


async def shared_facts(
    tx: Executor, desk: EitherDesk, services: BookingServices, typed: SharingForm
) -> dict[str, Any]:
    return {
        **desk.facts,
        "own": address_of(desk),
        "found": await shared_with(tx, desk.region_id, desk.organiser_id, services.clock.now()),
        "organisers": await read_others(tx, desk.region_id, desk.organiser_id),
        "typed": typed,
        "labels": labels(),
        "errors": {},
    }


async def hanging_facts(tx: Executor, desk: OrganiserDesk) -> dict[str, Any]:
    """Raises SessionUnknown, also for a session of another organiser."""
    session = await read_session(tx, desk)
    found = await read_hanging(tx, *desk.key)
    return {**await desk_facts(tx, desk), "session": session, "found": found}


def routes_at(path: str, opt: dict[str, Any]) -> Router:
    handlers: list[ControllerRouterHandler] = [
        get("/", opt=opt)(show_shared),
        post("/", opt=opt)(share_places),
        post("/{pool_id:uuid}/aantal", opt=opt)(save_places),
    ]
    return Router(f"{path}/samen", route_handlers=handlers, include_in_schema=False)


ROUTES: list[ControllerRouterHandler] = [
    routes_at("/{region:str}", OFFICERS),
    routes_at(ADDRESS, STAFF),
    Router(
        ADDRESS,
        route_handlers=[agree_to_share, stop_sharing, show_hanging, hang_or_leave],
        include_in_schema=False,
    ),
]
