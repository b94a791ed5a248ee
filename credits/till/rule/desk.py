"""The page on which a region says from which amount a second person signs for a till."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from credits.region_desk import OFFICER, region_facts
from credits.till.rule.rule import set_signing_limit, signing_limit
from uit.core.formats import typed_euro
from uit.core.translation import gettext as _
from uit.identity.authentication import StaffRequest, author_here, region_here, staff
from uit.services.services import Services
from uit.web.amount import cash_error, read_cash
from uit.web.form import Errors, Labels
from uit.web.view import page, see_other

WRITERS = staff(OFFICER)

GivenServices = NamedDependency[Services]


class RuleForm(Struct, frozen=True):
    amount: str = ""


def labels() -> Labels:
    return {"amount": _("Vanaf welk bedrag?")}


@get("/{region:str}/kassas", opt=WRITERS, include_in_schema=False)
async def show_rule(request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = "") -> Template:
    region = await region_here(request)
    async with services.database.reading() as connection:
        cents = await signing_limit(connection, region.id)
    flash = _("Bewaard. Het geldt vanaf de volgende sluiting.") if gedaan == "bewaard" else None
    return await rule_page(request, typed_euro(cents), flash=flash)


@post("/{region:str}/kassas", opt=WRITERS, include_in_schema=False)
async def change_rule(
    request: StaffRequest, data: URLEncodedBody[RuleForm], services: GivenServices
) -> Template | Redirect:
    cents = read_cash(data.amount)
    if cents is None:
        return await rule_page(request, data.amount, 422, errors={"amount": cash_error(data.amount)})
    async with services.database.transaction() as tx:
        await set_signing_limit(tx, await author_here(request), cents)
    return see_other(f"/{(await region_here(request)).slug}/kassas?gedaan=bewaard")


async def rule_page(
    request: StaffRequest,
    amount: str,
    status: int = 200,
    *,
    errors: Errors | None = None,
    flash: str | None = None,
) -> Template:
    facts = {"amount": amount, "errors": errors or {}, "labels": labels(), "flash": flash}
    return page("credits/till/rule/rule.html", status, **await region_facts(request), **facts)


ROUTES: list[ControllerRouterHandler] = [show_rule, change_rule]
