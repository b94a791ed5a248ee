"""The desk of who answers for the money of a region: what it owes organisers that it sold for."""

from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from credits.errors import RemittanceTooMuch
from credits.region_desk import AUDITOR, DIRECTOR, region_facts
from credits.remittance.form import RemittanceForm, labels
from credits.remittance.remittance import (
    AT_ONCE,
    Debt,
    note_remittance,
    read_debt,
    read_debts,
    read_remittances,
)
from uit.core.clock import day_in_flanders
from uit.core.errors import NotFound, Refusal, RefusalError
from uit.core.formats import euro, typed_euro
from uit.core.translation import gettext as _
from uit.identity.authentication import StaffRequest, author_here, region_here, roles_here, staff
from uit.services.services import Services
from uit.web.form import Errors
from uit.web.view import form_status, page, see_other

READERS: Final = staff(DIRECTOR, AUDITOR)
GivenServices = NamedDependency[Services]


@get("/", opt=READERS)
async def show_debts(request: StaffRequest, services: GivenServices) -> Template:
    """What is owed to every organiser that somebody sold for."""
    region = await region_here(request)
    async with services.database.reading() as connection:
        debts = await read_debts(connection, region.id, None, None)
    return page("credits/remittance/debts.html", **await region_facts(request), debts=debts)


@get("/{debt_id:uuid}", opt=READERS)
async def show_debt(
    request: StaffRequest, services: GivenServices, debt_id: FromPath[UUID], gedaan: FromQuery[str] = ""
) -> Template:
    """One of them: how it came about, what was remitted, and a form for the next remittance."""
    flash = _("Genoteerd.") if gedaan == "genoteerd" else None
    return await debt_page(request, services, debt_id, flash=flash)


@post("/{debt_id:uuid}", opt=staff(DIRECTOR))
async def remit(
    request: StaffRequest,
    data: URLEncodedBody[RemittanceForm],
    services: GivenServices,
    debt_id: FromPath[UUID],
) -> Template | Redirect:
    """Note what was paid to the organiser, each once."""
    author, region = await author_here(request), await region_here(request)
    remittance = data.read(author.today)
    if isinstance(remittance, dict):
        return await debt_page(request, services, debt_id, data, remittance)
    async with services.database.transaction() as tx:
        refusal = await note_remittance(tx, author, debt_id, remittance)
    if refusal:
        return await debt_page(request, services, debt_id, data, refusal)
    return see_other(f"/{region.slug}/afdrachten/{debt_id}?gedaan=genoteerd")


async def debt_page(
    request: StaffRequest,
    services: Services,
    debt_id: UUID,
    typed: RemittanceForm | None = None,
    failed: Refusal | Errors | None = None,
    **shown: object,
) -> Template:
    """The page of a debt, with what was typed and is wrong. Raises NotFound for one of another region."""
    region = await region_here(request)
    async with services.database.reading() as connection:
        debt = await read_debt(connection, region.id, debt_id)
        remittances = await read_remittances(connection, region.id, debt_id, AT_ONCE)
    if debt is None:
        raise RefusalError(NotFound())
    refusal = failed if isinstance(failed, Refusal) else None
    return page(
        "credits/remittance/debt.html",
        form_status(refusal, failed),
        **await region_facts(request),
        may_remit=any(role.role == DIRECTOR for role in await roles_here(request)),
        debt=debt,
        remittances=remittances,
        typed=typed or first_form(services, debt),
        errors=errors_of(failed),
        refusal=refusal,
        labels=labels(),
        **shown,
    )


def first_form(services: Services, debt: Debt) -> RemittanceForm:
    """All that may be remitted, today."""
    today = day_in_flanders(services.clock.now())
    return RemittanceForm(services.ids.new(), typed_euro(debt.most_cents), today.isoformat())


def errors_of(failed: Refusal | Errors | None) -> Errors:
    """What is wrong, at the field that it is about; a refusal is said above the form as well."""
    match failed:
        case RemittanceTooMuch(most_cents=most):
            return {"amount": _("Dit is meer dan %(most)s.", most=euro(most))}
        case Refusal():
            return {"reference": _("Deze staat al in de boeken.")}
        case _:
            return failed or {}


DESK: Final = (show_debts, show_debt, remit)

ROUTES: list[ControllerRouterHandler] = [
    Router("/{region:str}/afdrachten", route_handlers=DESK, include_in_schema=False)
]
