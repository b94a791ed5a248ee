"""What a resident allows organisations to do for them, and which services help them: seen, given, ended."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.booking.services import BookingServices
from reservations.booking.visit import Visit, open_visit
from reservations.mandates.deeds import deeds_for
from reservations.mandates.form import labels, read_mandate
from uit.core.clock import day_in_flanders
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import RESIDENT, ResidentRequest, region_here
from uit.identity.errors import TooYoung
from uit.identity.partner.mandate import (
    NewMandate,
    end_mandate,
    give_mandate,
    read_mandates,
    read_services,
)
from uit.identity.partner.partner import read_partners
from uit.identity.partner.served_person import stop_helping
from uit.identity.person.consent import ENTRUSTS_FROM, too_young
from uit.identity.person.person import read_person
from uit.identity.person.powers import a_year_after
from uit.services.audit import Author
from uit.web.form import Errors, required_id
from uit.web.view import see_other

Given = NamedDependency[BookingServices]
Typed = URLEncodedBody[dict[str, str]]


def notice_after(done: str) -> str | None:
    return {
        "gegeven": _("Bewaard. De organisatie mag dit nu voor jou."),
        "gestopt": _("Dit is gestopt."),
    }.get(done)


@get("/", opt=RESIDENT)
async def show_mandates(request: ResidentRequest, services: Given, gedaan: FromQuery[str] = "") -> Template:
    async with open_visit(request, services) as (here, tx):
        return await mandates_page(tx, services, here, flash=notice_after(gedaan))


@post("/", opt=RESIDENT)
async def give(request: ResidentRequest, services: Given, data: Typed) -> Template | Redirect:
    author, mandate_id = await author_of(request, services), required_id(data, "mandate_id")
    async with services.database.transaction() as tx:
        partners = {each.id for each in await read_partners(tx, author.region_id)}
        wanted = read_mandate(data, mandate_id, partners, author.today)
        refusal = await too_young_to_give(tx, author.today, request.user.person_id)
        if isinstance(wanted, NewMandate) and refusal is None:
            await give_mandate(tx, author, request.user.person_id, wanted, "own_screen")
    if isinstance(wanted, NewMandate) and refusal is None:
        return see_other(address_of(request, "gegeven"))
    async with open_visit(request, services) as (here, tx):
        return await mandates_page(
            tx, services, here, data, {} if isinstance(wanted, NewMandate) else wanted, refusal=refusal
        )


async def too_young_to_give(tx: Executor, day: date, person_id: UUID) -> TooYoung | None:
    person = await read_person(tx, person_id)
    return too_young(person.born_on if person else None, day, ENTRUSTS_FROM)


@post("/{given_id:uuid}/stoppen", opt=RESIDENT)
async def stop(request: ResidentRequest, services: Given, given_id: FromPath[UUID]) -> Redirect:
    """End a mandate, or the help of a service, at once. A repeat changes nothing."""
    author, person_id = await author_of(request, services), request.user.person_id
    async with services.database.transaction() as tx:
        await end_mandate(tx, author, person_id, given_id)
        for each in await read_services(tx, author.region_id, person_id):
            if each.id == given_id:
                await stop_helping(tx, author, each.partner_id, given_id)
    return see_other(address_of(request, "gestopt"))


async def mandates_page(  # noqa: PLR0913  whose page, and what was typed there
    tx: Executor,
    services: BookingServices,
    here: Visit,
    typed: Mapping[str, str] | None = None,
    errors: Errors | None = None,
    *,
    flash: str | None = None,
    refusal: TooYoung | None = None,
) -> Template:
    today = day_in_flanders(services.clock.now())
    region_id, person_id = here.region.id, here.person_id
    assert person_id
    return here.page(
        "mandates/mandates",
        refusal.status if refusal else 422 if errors else 200,
        refusal=refusal,
        is_minor=await too_young_to_give(tx, today, person_id) is not None,
        mandates=await read_mandates(tx, region_id, person_id, today),
        helping=await read_services(tx, region_id, person_id),
        deeds=await deeds_for(tx, here),
        partners=[(str(each.id), each.name) for each in await read_partners(tx, region_id)],
        typed=typed or {"tot": a_year_after(today).isoformat()},
        errors=errors or {},
        labels=labels(),
        mandate_id=services.ids.new(),
        flash=flash,
    )


async def author_of(request: ResidentRequest, services: BookingServices) -> Author:
    region, now = await region_here(request), services.clock.now()
    return Author(region.id, "person", str(request.user.person_id), now, services.ids)


def address_of(request: ResidentRequest, done: str) -> str:
    return f"/{request.path_params['region']}/wie-helpt-mij/organisaties?gedaan={done}"


PAGES: Final = (show_mandates, give, stop)

ROUTES: list[ControllerRouterHandler] = [
    Router("/{region:str}/wie-helpt-mij/organisaties", route_handlers=PAGES, include_in_schema=False)
]
