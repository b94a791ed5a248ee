"""The places of a date: the parts of its room, and which tariffs count where."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.booking.services import BookingServices
from reservations.places.form import ALL_DATES, PartForm, chosen, kinds, labels, part_field, part_options
from reservations.places.parts import arrange, make_part, remove_part
from reservations.places.pool import dates_of_activity, read_layouts
from reservations.sessions.organiser_desk import ADDRESS, OrganiserDesk, desk_facts, desk_here, read_session
from reservations.waiting.due import serve_due_lines
from uit.core.errors import Refusal
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here, staff
from uit.web.form import Errors
from uit.web.view import form_again, page, see_other

STAFF: Final = staff("organiser")
PLACES: Final = "/sessies/{session_id:uuid}/plaatsen"
TEMPLATE: Final = "reservations/places/places.html"
GivenServices = NamedDependency[BookingServices]


def notice_after(act: str) -> str | None:
    return {
        "deel": _("Het deel is er. Wat vanaf nu verkocht wordt, telt mee."),
        "indeling": _("Bewaard. Wat al verkocht is, blijft waar het was."),
        "weg": _("Het deel is weg."),
    }.get(act)


@get(PLACES, opt=STAFF)
async def show_parts(request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = "") -> Template:
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        facts = await parts_facts(connection, desk, services, PartForm(str(services.ids.new())))
    return page(TEMPLATE, **facts, flash=notice_after(gedaan))


@post(PLACES, opt=STAFF)
async def add_part(
    request: StaffRequest, services: GivenServices, data: URLEncodedBody[dict[str, str]]
) -> Template | Redirect:
    desk, author, typed = await desk_here(request), await author_here(request), PartForm.typed(data)
    async with services.database.transaction() as tx:
        facts = await parts_facts(tx, desk, services, typed)
        read = typed.read(facts["layout"])
        if isinstance(read, dict):
            return page(TEMPLATE, 422, **facts | {"errors": read})
        dates = await dates_in(tx, desk, services, typed.dates)
        refusal = await make_part(tx, author, desk.session_id, dates, read)
    if refusal:
        return form_again(TEMPLATE, refusal, **facts)
    return see_other(f"{desk.address}/plaatsen?gedaan=deel")


@post(f"{PLACES}/indeling", opt=STAFF)
async def save_arrangement(
    request: StaffRequest, services: GivenServices, data: URLEncodedBody[dict[str, str]]
) -> Template | Redirect:
    """Where each tariff and each part counts. What is not in the form stays as it is."""
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        facts = await parts_facts(tx, desk, services, PartForm(str(services.ids.new())))
        dates = await dates_in(tx, desk, services, data.get("which", ""))
        refusal = await arrange(tx, author, desk.session_id, dates, *chosen(data, facts["layout"]))
    if refusal:
        return form_again(TEMPLATE, refusal, **facts)
    await serve_due_lines(services, desk.region.id)
    return see_other(f"{desk.address}/plaatsen?gedaan=indeling")


@post(f"{PLACES}/{{pool_id:uuid}}/weghalen", opt=STAFF)
async def take_away(
    request: StaffRequest, pool_id: FromPath[UUID], services: GivenServices
) -> Template | Redirect:
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        facts = await parts_facts(tx, desk, services, PartForm(str(services.ids.new())))
        refusal: Refusal | None = await remove_part(tx, author, desk.session_id, pool_id)
    if refusal:
        return form_again(TEMPLATE, refusal, **facts)
    return see_other(f"{desk.address}/plaatsen?gedaan=weg")


async def dates_in(tx: Executor, desk: OrganiserDesk, services: BookingServices, dates: str) -> list[UUID]:
    """The dates that a form is about: this one, or all of its activity that are to come."""
    if dates != ALL_DATES:
        return [desk.session_id]
    return [each.id for each in await dates_of_activity(tx, *desk.key, services.clock.now())]


async def parts_facts(
    tx: Executor, desk: OrganiserDesk, services: BookingServices, typed: PartForm
) -> dict[str, Any]:
    """Raises SessionUnknown, also for a session of another organiser."""
    session = await read_session(tx, desk)
    layout = (await read_layouts(tx, desk.region.id, [desk.session_id]))[desk.session_id]
    dates = await dates_of_activity(tx, *desk.key, services.clock.now())
    errors: Errors = {}
    return {
        **await desk_facts(tx, desk),
        "session": session,
        "layout": layout,
        "dates": len(dates),
        "part_field": part_field,
        "part_options": part_options,
        "typed": typed,
        "kinds": kinds(),
        "labels": labels(),
        "errors": errors,
    }


ROUTES: list[ControllerRouterHandler] = [
    Router(
        ADDRESS,
        route_handlers=[show_parts, add_part, save_arrangement, take_away],
        include_in_schema=False,
    )
]
