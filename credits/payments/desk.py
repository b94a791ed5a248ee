"""Who sells in a region, each in whose name: at the desk of its programme officers."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from credits.errors import MandateChain
from credits.payments.mandate import give_mandate, read_selling_organisers, revoke_mandate
from credits.payments.mandate_form import MandateForm, labels
from credits.region_desk import AUDITOR, DIRECTOR, OFFICER, region_facts
from uit.core.errors import NotFound, RefusalError
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here, staff
from uit.services.services import Services
from uit.web.view import page, see_other

READERS: Final = staff(OFFICER, DIRECTOR, AUDITOR)
WRITERS: Final = staff(OFFICER)
GivenServices = NamedDependency[Services]


async def sellers_facts(request: StaffRequest, tx: Executor, services: Services) -> dict[str, Any]:
    shared = await region_facts(request)
    organisers = await read_selling_organisers(tx, shared["region"].id)
    return {
        **shared,
        "organisers": organisers,
        "choices": [("", _("Kies")), *((each.id, each.name) for each in organisers)],
        "form": MandateForm(services.ids.new()),
        "labels": labels(),
        "errors": {},
    }


@get("/", opt=READERS)
async def show_sellers(
    request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    """Every organiser, and who sells for it."""
    flash = {"bewaard": _("Bewaard."), "gestopt": _("Gestopt: de organisator verkoopt weer zelf.")}.get(
        gedaan
    )
    async with services.database.reading() as connection:
        facts = await sellers_facts(request, connection, services)
    return page("credits/payments/sellers.html", **facts, flash=flash)


@post("/mandaten", opt=WRITERS)
async def add_mandate(
    request: StaffRequest, data: URLEncodedBody[MandateForm], services: GivenServices
) -> Template | Redirect:
    """Let the region, or another organiser, sell for one in its own name."""
    author = await author_here(request)
    async with services.database.transaction() as tx:
        facts = await sellers_facts(request, tx, services)
        mandate = data.read(facts["organisers"], author.today)
        if isinstance(mandate, dict):
            return page("credits/payments/sellers.html", 422, **facts | {"form": data, "errors": mandate})
        given = await give_mandate(tx, author.region_id, mandate, services.ids, author.today)
        if isinstance(given, MandateChain):
            return page(
                "credits/payments/sellers.html", given.status, **facts | {"form": data, "refusal": given}
            )
        if given:
            who = {"organiser_id": str(mandate.organiser_id), "agent_id": str(mandate.agent_id)}
            await author.note(tx, "mandate.give", "mandate", mandate.id, **who)
    return see_other(f"/{facts['region'].slug}/verkopers?gedaan=bewaard")


@post("/{organiser_id:uuid}/stoppen", opt=WRITERS)
async def end_mandate_of(
    request: StaffRequest, organiser_id: FromPath[UUID], services: GivenServices
) -> Redirect:
    """From now on the organiser sells for itself again."""
    author = await author_here(request)
    async with services.database.transaction() as tx:
        facts = await sellers_facts(request, tx, services)
        found = next((each for each in facts["organisers"] if each.id == organiser_id), None)
        if found is None:
            raise RefusalError(NotFound())
        if await revoke_mandate(tx, author.region_id, found, author.today):
            await author.note(tx, "mandate.revoke", "organiser", organiser_id)
    return see_other(f"/{facts['region'].slug}/verkopers?gedaan=gestopt")


DESK: Final = (show_sellers, add_mandate, end_mandate_of)

ROUTES: list[ControllerRouterHandler] = [
    Router("/{region:str}/verkopers", route_handlers=DESK, include_in_schema=False)
]
