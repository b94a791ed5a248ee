"""Measures, at the desk of a region and at that of an organiser: seen first, taken in one act."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from credits.region_desk import OFFICER
from reservations.booking.services import BookingServices
from reservations.measures import measure
from reservations.measures.by_venue import by_venue
from reservations.measures.form import MeasureForm, labels
from reservations.sessions.either_desk import EitherDesk, either_desk_here
from reservations.sessions.organiser_desk import ADDRESS
from reservations.waiting.due import serve_due_lines
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here, staff
from uit.web.form import Errors
from uit.web.view import UNPROCESSABLE, page, see_other

OF_REGION: Final = staff(OFFICER)
OF_ORGANISER: Final = staff("organiser")
GivenServices = NamedDependency[BookingServices]


def template_of(desk: EitherDesk) -> str:
    whose = "of_organiser" if desk.organiser_id else "of_region"
    return f"reservations/measures/{whose}.html"


def address_of(desk: EitherDesk) -> str:
    return f"{desk.home}/maatregelen"


def notice_after(act: str) -> str | None:
    return {
        "genomen": _("De maatregel geldt. Niemand verliest een plaats."),
        "gestopt": _("De maatregel geldt niet meer."),
    }.get(act)


async def show_measures(
    request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    typed = MeasureForm(str(services.ids.new()))
    return await measures_page(request, services, typed, flash=notice_after(gedaan))


async def take_measure(
    request: StaffRequest, data: URLEncodedBody[MeasureForm], services: GivenServices
) -> Template | Redirect:
    """Show whom it touches, and take it once that was seen. A repeat changes nothing."""
    author = await author_here(request)
    async with services.database.transaction() as tx:
        desk = await either_desk_here(request, tx)
        read = data.read(await scopes_of(tx, desk, services), desk.organiser_id, author.today)
        if not isinstance(read, dict) and data.seen == "true":
            await measure.take(tx, author, read)
            return see_other(f"{address_of(desk)}?gedaan=genomen")
    if isinstance(read, dict):
        return await measures_page(request, services, data, errors=read)
    async with services.database.reading() as connection:
        touched = await measure.touched_by(connection, desk.region_id, read, author.now)
    return await measures_page(request, services, data, preview=read, touched=touched)


async def end_measure(request: StaffRequest, measure_id: FromPath[UUID], services: GivenServices) -> Redirect:
    author = await author_here(request)
    async with services.database.transaction() as tx:
        desk = await either_desk_here(request, tx)
        await measure.end(tx, author, measure_id, desk.organiser_id)
    await serve_due_lines(services, desk.region_id)
    return see_other(f"{address_of(desk)}?gedaan=gestopt")


async def scopes_of(tx: Executor, desk: EitherDesk, services: BookingServices) -> list[tuple[str, str]]:
    """What a measure can be for here, as a form names it, with its name."""
    venues = await measure.read_venues(tx, desk.region_id, desk.organiser_id, services.clock.now())
    in_venues = [(f"venue:{each.key}", each.name) for each in venues]
    if desk.organiser_id:
        return [(f"organiser:{desk.organiser_id}", _("Alles wat wij doen")), *in_venues]
    towns = await measure.read_municipalities(tx, desk.region_id)
    organisers = await measure.read_organisers(tx, desk.region_id)
    return [
        ("region:", _("In de hele regio")),
        *((f"municipality:{each.key}", each.name) for each in towns),
        *((f"organiser:{each.key}", _("Alles van %(name)s", name=each.name)) for each in organisers),
        *in_venues,
    ]


async def measures_page(  # noqa: PLR0913  each is what a page may show
    request: StaffRequest,
    services: BookingServices,
    typed: MeasureForm,
    *,
    errors: Errors | None = None,
    flash: str | None = None,
    preview: measure.NewMeasure | None = None,
    touched: Sequence[measure.CappedSession] = (),
) -> Template:
    author = await author_here(request)
    async with services.database.reading() as connection:
        desk = await either_desk_here(request, connection)
        key = desk.region_id, author.today, desk.organiser_id
        measures = await measure.measures_to_come(connection, *key)
        over = (desk.region_id, author.now, desk.organiser_id, measure.SHOWN)
        excess = await measure.read_excess(connection, *over)
        scopes = await scopes_of(connection, desk, services)
    return page(
        template_of(desk),
        UNPROCESSABLE if errors else 200,
        **desk.facts,
        own=address_of(desk),
        measures=measures,
        excess=excess,
        excess_rooms=by_venue(excess),
        scopes=scopes,
        typed=typed,
        preview=preview,
        touched=touched,
        touched_rooms=by_venue(touched),
        errors=errors or {},
        labels=labels(),
        flash=flash,
    )


def routes_at(path: str, opt: dict[str, Any]) -> Router:
    handlers: list[ControllerRouterHandler] = [
        get("/", opt=opt)(show_measures),
        post("/", opt=opt)(take_measure),
        post("/{measure_id:uuid}/stoppen", opt=opt)(end_measure),
    ]
    return Router(f"{path}/maatregelen", route_handlers=handlers, include_in_schema=False)


ROUTES: list[ControllerRouterHandler] = [
    routes_at("/{region:str}", OF_REGION),
    routes_at(ADDRESS, OF_ORGANISER),
]
