"""The partners of a region, at the desk of who runs it: organisations that work with people."""

from typing import Final

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from organisers.partners.form import PartnerForm, labels
from uit.core.translation import gettext as _
from uit.identity.authentication import StaffRequest, author_here, region_here, staff
from uit.identity.partner.partner import add_partner, partner_kinds, read_partners
from uit.identity.staff.role import REGION_OFFICER
from uit.services.services import Services
from uit.web.form import Errors, required_id
from uit.web.view import UNPROCESSABLE, page, see_other

OFFICER: Final = staff(REGION_OFFICER)
GivenServices = NamedDependency[Services]


@get("/", opt=OFFICER)
async def show_partners(
    request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    done = _("Toegevoegd. Wie er werkt, nodig je uit bij Collega's.") if gedaan == "partner" else None
    return await partners_page(request, services, PartnerForm(str(services.ids.new())), flash=done)


@post("/", opt=OFFICER)
async def create_partner(
    request: StaffRequest, data: URLEncodedBody[PartnerForm], services: GivenServices
) -> Template | Redirect:
    """Add a partner. Sent again, it adds nothing."""
    author, wanted = await author_here(request), data.read()
    partner_id = required_id({"partner_id": data.partner_id}, "partner_id")
    if isinstance(wanted, dict):
        return await partners_page(request, services, data, wanted)
    async with services.database.transaction() as tx:
        found = await add_partner(tx, author, partner_id, wanted)
    if found.id != partner_id:
        return await partners_page(request, services, data, {"name": _("Deze naam staat al in de lijst.")})
    return see_other(f"/{(await region_here(request)).slug}/beheer/partners?gedaan=partner")


async def partners_page(
    request: StaffRequest,
    services: Services,
    typed: PartnerForm,
    errors: Errors | None = None,
    flash: str | None = None,
) -> Template:
    region = await region_here(request)
    async with services.database.reading() as connection:
        partners = await read_partners(connection, region.id)
    return page(
        "organisers/partners/partners.html",
        UNPROCESSABLE if errors else 200,
        region=region,
        own=f"/{region.slug}/beheer",
        partners=partners,
        kinds=partner_kinds(),
        typed=typed,
        errors=errors or {},
        labels=labels(),
        flash=flash,
    )


ROUTES: list[ControllerRouterHandler] = [
    Router(
        "/{region:str}/beheer/partners",
        route_handlers=[show_partners, create_partner],
        include_in_schema=False,
    )
]
