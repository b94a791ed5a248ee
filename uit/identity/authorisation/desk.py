"""The desk on which who runs a region enters its authorisation for the number of the national register."""

from typing import Final
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from uit.core.translation import gettext as _
from uit.identity.authentication import StaffRequest, author_here, region_here, staff
from uit.identity.authorisation.authorisation import Authorisation, enter, read_authorisations, stop
from uit.identity.authorisation.form import AuthorisationForm, authorisation_labels
from uit.identity.staff.role import REGION_OFFICER
from uit.services.services import Services
from uit.web.form import Errors
from uit.web.view import UNPROCESSABLE, page, see_other

OFFICER: Final = staff(REGION_OFFICER)
HOME: Final = "/{region:str}/beheer/rijksregister"
Given = NamedDependency[Services]


@get(HOME, opt=OFFICER, include_in_schema=False)
async def show_authorisations(
    request: StaffRequest, services: Given, gedaan: FromQuery[str] = ""
) -> Template:
    form = AuthorisationForm(str(services.ids.new()))
    done = {
        "bewaard": _("De machtiging is bewaard."),
        "gestopt": _("Gestopt. Niemand zoekt nog op dit nummer."),
    }
    return await authorisations_page(request, services, form, {}, done.get(gedaan))


@post(HOME, opt=OFFICER, include_in_schema=False)
async def enter_authorisation(
    request: StaffRequest, data: URLEncodedBody[AuthorisationForm], services: Given
) -> Template | Redirect:
    author, wanted = await author_here(request), data.read()
    if not isinstance(wanted, Authorisation):
        return await authorisations_page(request, services, data, wanted)
    async with services.database.transaction() as tx:
        await enter(tx, author, wanted)
    return see_other(f"/{(await region_here(request)).slug}/beheer/rijksregister?gedaan=bewaard")


@post(f"{HOME}/{{authorisation_id:uuid}}/stoppen", opt=OFFICER, include_in_schema=False)
async def end_authorisation(
    request: StaffRequest, authorisation_id: FromPath[UUID], services: Given
) -> Redirect:
    author = await author_here(request)
    async with services.database.transaction() as tx:
        await stop(tx, author, authorisation_id)
    return see_other(f"/{(await region_here(request)).slug}/beheer/rijksregister?gedaan=gestopt")


async def authorisations_page(
    request: StaffRequest,
    services: Services,
    form: AuthorisationForm,
    errors: Errors,
    flash: str | None = None,
) -> Template:
    region, author = await region_here(request), await author_here(request)
    async with services.database.reading() as connection:
        entered = await read_authorisations(connection, region.id)
    return page(
        "identity/authorisation/authorisations.html",
        UNPROCESSABLE if errors else 200,
        region=region,
        own=f"/{region.slug}/beheer",
        entered=entered,
        today=author.today,
        typed=form,
        errors=errors,
        labels=authorisation_labels(),
        flash=flash,
    )


ROUTES: list[ControllerRouterHandler] = [show_authorisations, enter_authorisation, end_authorisation]
