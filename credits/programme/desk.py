"""The desk of programmes: opening a programme, its figures, and admitting organisers."""

from typing import Any, Final
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from credits.programme.form import AdmitForm, ProgrammeForm, labels
from credits.programme.programme import (
    Agreement,
    Opening,
    Organiser,
    Programme,
    admit,
    open_programme,
    read_legal_entity,
    read_organisers,
    read_programme,
    read_programmes,
)
from credits.region_desk import AUDITOR, DIRECTOR, OFFICER, region_facts
from uit.core.clock import day_in_flanders
from uit.core.errors import NotFound, Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here, region_here, staff
from uit.passes.membership.membership import Town, read_towns
from uit.services.audit import Author
from uit.services.services import Services
from uit.web.form import Errors
from uit.web.view import page, see_other

READERS: Final = (OFFICER, DIRECTOR, AUDITOR)
ALL: Final = "all"


def notice_after(act: str) -> str | None:
    """What the page says after an act of this desk."""
    return {
        "open": _("Het programma is open."),
        "toegelaten": _("Toegelaten. Vanaf vandaag kan je er met dit krediet betalen."),
    }.get(act)


async def programme_page(
    template: str, request: StaffRequest, facts: dict[str, Any], status: int = 200
) -> Template:
    return page(f"credits/programme/{template}.html", status, **await region_facts(request), **facts)


@get("/{region:str}/programmas", opt=staff(*READERS), include_in_schema=False)
async def show_programmes(request: StaffRequest, services: NamedDependency[Services]) -> Template:
    region = await region_here(request)
    async with services.database.reading() as connection:
        programmes = await read_programmes(connection, region.id, None, day_in_flanders(services.clock.now()))
    return await programme_page("programmes", request, {"programmes": programmes})


@get("/{region:str}/programmas/nieuw", opt=staff(OFFICER), include_in_schema=False)
async def show_opening(request: StaffRequest, services: NamedDependency[Services]) -> Template:
    region = await region_here(request)
    async with services.database.reading() as connection:
        towns = await read_towns(connection, region.id)
        entity = await read_legal_entity(connection, region.id)
    form = ProgrammeForm(services.ids.new(), funder=entity.name if entity else "")
    facts = opening_facts(form, towns, {}, first=entity is None)
    return await programme_page("opening", request, facts)


@post("/{region:str}/programmas/nieuw", opt=staff(OFFICER), include_in_schema=False)
async def create_programme(
    request: StaffRequest, data: URLEncodedBody[ProgrammeForm], services: NamedDependency[Services]
) -> Template | Redirect:
    region, author = await region_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        towns, first = await read_towns(tx, region.id), await read_legal_entity(tx, region.id) is None
        opening = data.read(region.id, towns, first=first)
        if not isinstance(opening, Opening):
            facts = opening_facts(data, towns, opening, first=first)
            return await programme_page("opening", request, facts, 422)
        if await open_programme(tx, opening, author.ids, author.now):
            await author.note(
                tx, "programme.open", "programme", opening.id, budget_cents=opening.budget_cents
            )
    return see_other(f"/{region.slug}/programmas/{opening.id}?gedaan=open")


def opening_facts(form: ProgrammeForm, towns: list[Town], errors: Errors, *, first: bool) -> dict[str, Any]:
    """The facts for the form. `first`: the region has no legal entity yet, so the form asks for it."""
    return {"form": form, "labels": labels(), "towns": choices(towns), "first": first, "errors": errors}


@get("/{region:str}/programmas/{programme_id:uuid}", opt=staff(*READERS), include_in_schema=False)
async def show_programme(
    request: StaffRequest,
    programme_id: FromPath[UUID],
    services: NamedDependency[Services],
    gedaan: FromQuery[str] = "",
) -> Template:
    facts = await programme_facts(services, await author_here(request), programme_id)
    return await programme_page("programme", request, facts | {"flash": notice_after(gedaan)})


async def programme_facts(services: Services, author: Author, programme_id: UUID) -> dict[str, Any]:
    async with services.database.reading() as connection:
        programme, organisers = await find_programme(connection, author, programme_id)
        towns = await read_towns(connection, author.region_id)
    return {
        "programme": programme,
        "admitted": [each for each in organisers if each.admitted_on],
        "others": [(each.id, each.name) for each in organisers if not each.admitted_on],
        "towns": dict(choices(towns)),
        "labels": labels(),
        "refusal": None,
        "errors": {},
    }


@post(
    "/{region:str}/programmas/{programme_id:uuid}/organisatoren", opt=staff(OFFICER), include_in_schema=False
)
async def admit_organisers(
    request: StaffRequest,
    programme_id: FromPath[UUID],
    data: URLEncodedBody[AdmitForm],
    services: NamedDependency[Services],
) -> Template | Redirect:
    region, author = await region_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        organisers = (await find_programme(tx, author, programme_id))[1]
        wanted = [each.id for each in organisers if data.organiser in (ALL, str(each.id))]
        answer = await admit(tx, Agreement(region.id, programme_id, wanted, author.today), author.ids)
        if not isinstance(answer, Refusal):
            await author.note(tx, "programme.admit", "programme", programme_id, organisers=answer)
            return see_other(f"/{region.slug}/programmas/{programme_id}?gedaan=toegelaten")
    facts = await programme_facts(services, author, programme_id)
    if not wanted:
        nobody_chosen = {"organiser": _("Kies een organisator.")}
        return await programme_page("programme", request, facts | {"errors": nobody_chosen}, 422)
    return await programme_page("programme", request, facts | {"refusal": answer}, answer.status)


def choices(towns: list[Town]) -> list[tuple[str, str]]:
    return [(town.refnis, town.name) for town in towns]


async def find_programme(
    tx: Executor, author: Author, programme_id: UUID
) -> tuple[Programme, list[Organiser]]:
    """A programme of the region and its organisers. Raises NotFound, also for one of another region."""
    programme = await read_programme(tx, author.region_id, programme_id, author.today)
    if programme is None:
        raise RefusalError(NotFound())
    return programme, await read_organisers(tx, author.region_id, programme_id, author.today)


ROUTES: list[ControllerRouterHandler] = [
    show_programmes,
    show_opening,
    create_programme,
    show_programme,
    admit_organisers,
]
