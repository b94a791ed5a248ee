"""The desk of closing years: a financial director asks, and somebody else who keeps the books confirms."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from credits.bookkeeping.closing import (
    BookYear,
    YearClose,
    balances_of,
    closing_refusal,
    find_close,
    owed_of,
    read_years,
    sum_of,
)
from credits.bookkeeping.journal import BookEntity, read_entities
from credits.bookkeeping.words import account_words
from credits.region_desk import region_facts
from reservations.bookkeeping.vat import VatMonth, add_months, kept_months, read_vat
from reservations.bookkeeping.years.closing import ask_year, confirm_year, period_of
from uit.core.errors import NotFound, Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here, region_here, roles_here, staff
from uit.services.services import Services
from uit.web.view import page, see_other

DIRECTOR: Final = "financial_director"
KEEPERS: Final = staff(DIRECTOR, "auditor")
ASKERS: Final = staff(DIRECTOR)
YEARS_BACK: Final = 12
"""An older year is listed when it was closed; one that nobody closed stands in the way of the next."""
FIRST_YEAR, LAST_YEAR = 2000, 2200

GivenServices = NamedDependency[Services]


class EntityYears(Struct, frozen=True):
    """A legal entity with the year that it is in, and how far each of its last years is.

    That is None for a year that nobody asked to close.
    """

    entity: BookEntity
    current: BookYear
    years: list[tuple[int, YearClose | None]]


def notice_after(act: str) -> str | None:
    return {
        "gevraagd": _("Gevraagd. Iemand anders moet het nu bevestigen."),
        "afgesloten": _("Het jaar is afgesloten."),
    }.get(act)


@get("/", opt=KEEPERS)
async def show_years(request: StaffRequest, services: GivenServices) -> Template:
    region, today = await region_here(request), (await author_here(request)).today
    recent = range(today.year - YEARS_BACK, today.year)
    async with services.database.reading() as connection:
        entities = await read_entities(connection, region.id)
        years = await read_years(connection, region.id, recent)
    listed = [
        EntityYears(each, BookYear(region.id, each.id, today.year), years.get(each.id, []))
        for each in entities
    ]
    return await years_page(request, "years", {"listed": listed})


@get("/{entity_id:uuid}/{year:int}", opt=KEEPERS)
async def show_year(
    request: StaffRequest,
    entity_id: FromPath[UUID],
    year: FromPath[int],
    services: GivenServices,
    gedaan: FromQuery[str] = "",
) -> Template:
    wanted = await year_here(request, services, entity_id, year)
    return await year_page(request, services, wanted, flash=notice_after(gedaan))


@post("/{entity_id:uuid}/{year:int}/afsluiten", opt=ASKERS)
async def ask(
    request: StaffRequest, entity_id: FromPath[UUID], year: FromPath[int], services: GivenServices
) -> Template | Redirect:
    wanted, author = await year_here(request, services, entity_id, year), await author_here(request)
    key = services.secrets.signing
    answer = await ask_year(services.database, wanted, author, request.user.staff_id, key)
    return await after(request, services, wanted, answer, "gevraagd")


@post("/{entity_id:uuid}/{year:int}/bevestigen", opt=KEEPERS)
async def confirm(
    request: StaffRequest, entity_id: FromPath[UUID], year: FromPath[int], services: GivenServices
) -> Template | Redirect:
    wanted, author = await year_here(request, services, entity_id, year), await author_here(request)
    answer = await confirm_year(services.database, wanted, author, request.user.staff_id)
    return await after(request, services, wanted, answer, "afgesloten")


async def after(
    request: StaffRequest, services: Services, wanted: BookYear, answer: YearClose | Refusal, done: str
) -> Template | Redirect:
    """The page of the year again: as it is now, or with why nothing was done."""
    if isinstance(answer, Refusal):
        return await year_page(request, services, wanted, refusal=answer)
    region = await region_here(request)
    return see_other(f"/{region.slug}/jaren/{wanted.entity_id}/{wanted.year}?gedaan={done}")


async def year_here(request: StaffRequest, services: Services, entity_id: UUID, year: int) -> BookYear:
    """The year of an address. Raises NotFound where the region keeps no such books."""
    region = await region_here(request)
    async with services.database.reading() as connection:
        await entity_here(connection, region.id, entity_id)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise RefusalError(NotFound())
    return BookYear(region.id, entity_id, year)


async def entity_here(tx: Executor, region_id: int, entity_id: UUID) -> BookEntity:
    found = next((each for each in await read_entities(tx, region_id) if each.id == entity_id), None)
    if found is None:
        raise RefusalError(NotFound())
    return found


async def year_page(
    request: StaffRequest,
    services: Services,
    wanted: BookYear,
    *,
    refusal: Refusal | None = None,
    flash: str | None = None,
) -> Template:
    """The page of a year: as it is, after an act, or with why nothing was done."""
    async with services.database.reading() as connection:
        facts = await year_facts(connection, wanted, request)
    facts |= {"refusal": refusal, "flash": flash}
    return await years_page(request, "year", facts, refusal.status if refusal else 200)


async def year_facts(tx: Executor, wanted: BookYear, request: StaffRequest) -> dict[str, Any]:
    """What a year holds and leaves, how far it is, and why it cannot be closed yet."""
    today, close = (await author_here(request)).today, await find_close(tx, wanted)
    return {
        "entity": await entity_here(tx, wanted.region_id, wanted.entity_id),
        "year": wanted.year,
        "close": close,
        "found": await sum_of(tx, wanted),
        "owed": await owed_of(tx, wanted),
        "balances": await balances_of(tx, wanted),
        "vat": add_months(await vat_of(tx, wanted, close)),
        "closing_refusal": await closing_refusal(tx, wanted, today),
        "asked_by_me": close is not None and close.asked_by == request.user.staff_id,
    }


async def vat_of(tx: Executor, wanted: BookYear, close: YearClose | None) -> list[VatMonth]:
    """What was sold by code: of a year that is closed what was kept of it, since bookings may be erased."""
    if close is not None and close.confirmed_at is not None:
        return await kept_months(tx, wanted.region_id, wanted.entity_id, wanted.year)
    return await read_vat(tx, period_of(wanted))


async def years_page(
    request: StaffRequest, template: str, facts: dict[str, Any], status: int = 200
) -> Template:
    region, roles = await region_here(request), await roles_here(request)
    return page(
        f"reservations/bookkeeping/years/{template}.html",
        status,
        **await region_facts(request),
        home=f"/{region.slug}",
        of_organiser=False,
        accounts=account_words(),
        may_ask=any(role.role == DIRECTOR for role in roles),
        **facts,
    )


ROUTES: list[ControllerRouterHandler] = [
    Router(
        "/{region:str}/jaren",
        route_handlers=[show_years, show_year, ask, confirm],
        include_in_schema=False,
    )
]
