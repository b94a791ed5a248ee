"""The desk on which who runs a region says from which age parents do not see where a young person goes."""

from typing import Final

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from uit.core.translation import gettext as _
from uit.identity.authentication import StaffRequest, author_here, region_here, staff
from uit.identity.staff.role import REGION_OFFICER
from uit.services.region import OLDEST_OWN, YOUNGEST_OWN, change_own_outings
from uit.services.services import Services
from uit.web.form import Errors, read_number
from uit.web.view import UNPROCESSABLE, page, see_other

OFFICER: Final = staff(REGION_OFFICER)
Given = NamedDependency[Services]


class SettingsForm(Struct, frozen=True):
    own_outings_from: str = ""


@get("/instellingen", opt=OFFICER)
async def show_settings(request: StaffRequest, gedaan: FromQuery[str] = "") -> Template:
    region = await region_here(request)
    flash = _("Bewaard. Binnen een minuut geldt dit overal.") if gedaan else None
    return await settings_page(request, str(region.own_outings_from), {}, flash)


@post("/instellingen", opt=OFFICER)
async def save_settings(
    request: StaffRequest, data: URLEncodedBody[SettingsForm], services: Given
) -> Template | Redirect:
    """Keep the age. A repeat changes nothing."""
    age = read_number(data.own_outings_from, OLDEST_OWN)
    if age is None or age < YOUNGEST_OWN:
        said = _("Vul een leeftijd in van %(least)s tot %(most)s.", least=YOUNGEST_OWN, most=OLDEST_OWN)
        return await settings_page(request, data.own_outings_from, {"own_outings_from": said})
    author, region = await author_here(request), await region_here(request)
    async with services.database.transaction() as tx:
        await change_own_outings(tx, author, age)
    services.regions.forget()
    return see_other(f"/{region.slug}/beheer/instellingen?gedaan=ja")


async def settings_page(
    request: StaffRequest, typed: str, errors: Errors, flash: str | None = None
) -> Template:
    region = await region_here(request)
    question = _("Vanaf welke leeftijd zien ouders niet meer waar hun kind naartoe gaat?")
    return page(
        "organisers/region_settings/settings.html",
        UNPROCESSABLE if errors else 200,
        region=region,
        own=f"/{region.slug}/beheer",
        labels={"own_outings_from": question},
        typed=typed,
        errors=errors,
        flash=flash,
        ages=(YOUNGEST_OWN, OLDEST_OWN),
    )


ROUTES: list[ControllerRouterHandler] = [
    Router("/{region:str}/beheer", route_handlers=[show_settings, save_settings], include_in_schema=False)
]
