"""The page on which a region says whether UiTdatabank counts what was booked here."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from credits.region_desk import OFFICER, region_facts
from organisers.source import COUNTINGS, read_counting, set_counting
from organisers.uitdatabank.event import SOURCE
from uit.core.translation import gettext as _
from uit.identity.authentication import StaffRequest, author_here, region_here, staff
from uit.services.services import Services
from uit.web.form import Errors, Labels
from uit.web.view import page, see_other

WRITERS = staff(OFFICER)

GivenServices = NamedDependency[Services]


class CountingForm(Struct, frozen=True):
    counting: str = ""


def labels() -> Labels:
    return {"counting": _("Telt UiTdatabank mee wat hier geboekt wordt?")}


@get("/{region:str}/uitdatabank", opt=WRITERS, include_in_schema=False)
async def show_counting(
    request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    region = await region_here(request)
    async with services.database.reading() as connection:
        counting = await read_counting(connection, region.id, SOURCE)
    flash = _("Bewaard. Het geldt vanaf de volgende import.") if gedaan == "bewaard" else None
    return await counting_page(request, counting, flash=flash)


@post("/{region:str}/uitdatabank", opt=WRITERS, include_in_schema=False)
async def change_counting(
    request: StaffRequest, data: URLEncodedBody[CountingForm], services: GivenServices
) -> Template | Redirect:
    counting = next((each for each in COUNTINGS if each == data.counting), None)
    if counting is None:
        return await counting_page(request, "", 422, errors={"counting": _("Kies een van de drie.")})
    async with services.database.transaction() as tx:
        await set_counting(tx, await author_here(request), SOURCE, counting)
    return see_other(f"/{(await region_here(request)).slug}/uitdatabank?gedaan=bewaard")


async def counting_page(
    request: StaffRequest,
    counting: str,
    status: int = 200,
    *,
    errors: Errors | None = None,
    flash: str | None = None,
) -> Template:
    facts = {"counting": counting, "errors": errors or {}, "labels": labels(), "flash": flash}
    return page("reservations/importing/counting.html", status, **await region_facts(request), **facts)


ROUTES: list[ControllerRouterHandler] = [show_counting, change_counting]
