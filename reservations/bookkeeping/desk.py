"""The desk of the journal: what moved in the books of a legal entity, and the VAT of what it sold."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Response, Stream, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct
from msgspec.structs import replace

from credits.bookkeeping.journal import (
    DAYS_BACK,
    BookEntity,
    Period,
    balances_after,
    entity_of_organiser,
    first_entries,
    journal_file,
    last_day_moved,
    read_entities,
    sum_journal,
)
from credits.bookkeeping.words import account_words, transfer_words
from credits.region_desk import region_facts
from reservations.bookkeeping.form import JournalChoice, labels
from reservations.bookkeeping.vat import add_months, read_vat, vat_file
from reservations.sessions.occupancy import read_organiser
from uit.core.errors import NotFound, RefusalError
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here, region_here, staff
from uit.services.region import Region
from uit.services.services import Services
from uit.web.form import Errors
from uit.web.view import page

KEEPERS: Final = staff("financial_director", "auditor")
ORGANISER: Final = staff("organiser")
MOST_SHOWN: Final = 200
CSV: Final = "text/csv"
OWN: Final = "/{region:str}/organisaties/{organiser_id:uuid}/dagboek"

GivenServices = NamedDependency[Services]


class BooksDesk(Struct, frozen=True):
    """The books that somebody may see: all of a region, or what touches the accounts of one organiser."""

    region: Region
    organiser_id: UUID | None
    entities: Sequence[BookEntity]
    chosen: JournalChoice
    day: date
    organiser: str

    @property
    def home(self) -> str:
        organiser = f"/organisaties/{self.organiser_id}" if self.organiser_id else ""
        return f"/{self.region.slug}{organiser}"

    @property
    def period(self) -> Period | Errors:
        return self.chosen.read(self.region.id, self.entities, self.day, self.organiser_id)


async def books_here(request: StaffRequest, tx: Executor) -> BooksDesk:
    """The books of an address. Those of an organiser are of the legal entity that sells for it."""
    author, region, query = await author_here(request), await region_here(request), request.query_params
    organiser_id: UUID | None = request.path_params.get("organiser_id")
    entities = await read_entities(tx, region.id)
    if organiser_id is not None:
        own: UUID | None = await entity_of_organiser(tx, region.id, organiser_id)
        entities = [each for each in entities if each.id == own]
    chosen = JournalChoice(query.get("rechtspersoon", ""), query.get("van", ""), query.get("tot", ""))
    organiser = await read_organiser(tx, region.id, organiser_id) if organiser_id else ""
    period = chosen.read(region.id, entities, author.today, organiser_id)
    day = author.today
    if isinstance(period, Period) and not (chosen.first or chosen.last):
        day = await last_day_moved(tx, replace(period, first=day - timedelta(days=DAYS_BACK)))
    return BooksDesk(region, organiser_id, entities, chosen, day, organiser)


# The journal


@get("/{region:str}/dagboek", opt=KEEPERS, include_in_schema=False)
async def show_journal(request: StaffRequest, services: GivenServices) -> Template:
    return await journal_page(request, services)


@get(OWN, opt=ORGANISER, include_in_schema=False)
async def show_own_journal(request: StaffRequest, services: GivenServices) -> Template:
    return await journal_page(request, services)


async def journal_page(request: StaffRequest, services: Services) -> Template:
    """The sums and the VAT of the chosen days, with the first transfers of them."""
    async with services.database.reading() as connection:
        desk = await books_here(request, connection)
        period = desk.period
        facts = await region_facts(request) | desk_facts(desk) | {"errors": period}
        if isinstance(period, Period):
            months = await read_vat(connection, period)
            facts |= {
                "period": period,
                "errors": {},
                "sums": await sum_journal(connection, period),
                "entries": await first_entries(connection, period, MOST_SHOWN),
                "balances": await balances_after(connection, period),
                "vat": add_months(months),
            }
    status = 200 if isinstance(period, Period) or not desk.entities else 422
    return page("reservations/bookkeeping/journal.html", status, **facts)


def desk_facts(desk: BooksDesk) -> dict[str, Any]:
    return {
        "region": desk.region,
        "home": desk.home,
        "of_organiser": desk.organiser_id is not None,
        "organiser": desk.organiser,
        "entities": [(each.id, each.name) for each in desk.entities],
        "chosen": desk.chosen,
        "labels": labels(),
        "accounts": account_words(),
        "transfers": transfer_words(),
        "period": None,
        "most": MOST_SHOWN,
    }


@get("/{region:str}/dagboek/bestand", opt=KEEPERS, include_in_schema=False)
async def send_journal(request: StaffRequest, services: GivenServices) -> Stream:
    return await journal_stream(request, services)


@get(f"{OWN}/bestand", opt=ORGANISER, include_in_schema=False)
async def send_own_journal(request: StaffRequest, services: GivenServices) -> Stream:
    return await journal_stream(request, services)


async def journal_stream(request: StaffRequest, services: Services) -> Stream:
    period = await period_here(request, services)

    async def parts() -> AsyncIterator[str]:
        async for part in journal_file(services.database, period):
            yield part

    return Stream(parts, media_type=CSV, headers=as_file("dagboek", period))


@get("/{region:str}/dagboek/btw", opt=KEEPERS, include_in_schema=False)
async def send_vat(request: StaffRequest, services: GivenServices) -> Response[str]:
    return await vat_response(request, services)


@get(f"{OWN}/btw", opt=ORGANISER, include_in_schema=False)
async def send_own_vat(request: StaffRequest, services: GivenServices) -> Response[str]:
    return await vat_response(request, services)


async def vat_response(request: StaffRequest, services: Services) -> Response[str]:
    period = await period_here(request, services)
    async with services.database.reading() as connection:
        months = await read_vat(connection, period)
    return Response(vat_file(months), media_type=CSV, headers=as_file("btw", period))


async def period_here(request: StaffRequest, services: Services) -> Period:
    """The period of a file. Raises NotFound where the address names none that there is."""
    async with services.database.reading() as connection:
        period = (await books_here(request, connection)).period
    if not isinstance(period, Period):
        raise RefusalError(NotFound())
    return period


def as_file(name: str, period: Period) -> dict[str, str]:
    file_name = f"{name}-{period.first}-{period.last}.csv"
    return {"Content-Disposition": f'attachment; filename="{file_name}"', "Cache-Control": "no-store"}


ROUTES: list[ControllerRouterHandler] = [
    show_journal,
    send_journal,
    send_vat,
    show_own_journal,
    send_own_journal,
    send_own_vat,
]
