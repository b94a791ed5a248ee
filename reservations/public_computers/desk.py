"""Which computers of a region are public: at the desk of its programme officers."""

from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from credits.region_desk import OFFICER, region_facts
from reservations.booking.services import BookingServices
from reservations.public_computers.form import ComputerForm, labels
from reservations.public_computers.public_computer import (
    name_computer,
    read_public_computers,
    remove_computer,
)
from uit.core.translation import gettext as _
from uit.identity.authentication import StaffRequest, author_here, staff
from uit.web.address import client_address
from uit.web.form import Errors, required_id
from uit.web.view import UNPROCESSABLE, page, see_other

WRITERS: Final = staff(OFFICER)
GivenServices = NamedDependency[BookingServices]


def notice_after(act: str) -> str | None:
    return {
        "bewaard": _("Bewaard. Hier mag vanaf nu iedereen na elkaar boeken."),
        "weg": _("Weggehaald. Hier geldt de gewone grens weer."),
    }.get(act)


@get("/", opt=WRITERS)
async def show_computers(
    request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    typed = ComputerForm(str(services.ids.new()))
    return await computers_page(request, services, typed, flash=notice_after(gedaan))


@post("/", opt=WRITERS)
async def add_computer(
    request: StaffRequest, data: URLEncodedBody[ComputerForm], services: GivenServices
) -> Template | Redirect:
    """Name a computer, or all of a network. A repeat changes nothing."""
    author = await author_here(request)
    computer_id = required_id({"computer_id": data.computer_id}, "computer_id")
    read = data.read()
    if isinstance(read, dict):
        return await computers_page(request, services, data, errors=read)
    async with services.database.transaction() as tx:
        known = await name_computer(tx, author, computer_id, *read)
    if known and known.id != computer_id:
        errors = {"network": _("Dit adres staat al in de lijst, bij %(name)s.", name=known.name)}
        return await computers_page(request, services, data, errors=errors)
    return see_other(await home_of(request, "bewaard"))


@post("/{computer_id:uuid}/weghalen", opt=WRITERS)
async def take_away(request: StaffRequest, computer_id: FromPath[UUID], services: GivenServices) -> Redirect:
    author = await author_here(request)
    async with services.database.transaction() as tx:
        await remove_computer(tx, author, computer_id)
    return see_other(await home_of(request, "weg"))


async def home_of(request: StaffRequest, act: str) -> str:
    region = (await region_facts(request))["region"]
    return f"/{region.slug}/openbare-computers?gedaan={act}"


async def computers_page(
    request: StaffRequest,
    services: BookingServices,
    typed: ComputerForm,
    *,
    errors: Errors | None = None,
    flash: str | None = None,
) -> Template:
    shared = await region_facts(request)
    async with services.database.reading() as connection:
        computers = await read_public_computers(connection, shared["region"].id)
    return page(
        "reservations/public_computers/computers.html",
        UNPROCESSABLE if errors else 200,
        **shared,
        computers=computers,
        typed=typed,
        errors=errors or {},
        labels=labels(),
        here_now=client_address(request),
        flash=flash,
    )


DESK: Final = (show_computers, add_computer, take_away)

ROUTES: list[ControllerRouterHandler] = [
    Router("/{region:str}/openbare-computers", route_handlers=DESK, include_in_schema=False)
]
