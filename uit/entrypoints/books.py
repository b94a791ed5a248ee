"""`python -m uit journal`, `close-year` and `archive-year`: the books of a legal entity, for an operator."""

import sys
from argparse import ArgumentParser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Final

from msgspec import Struct

from credits.bookkeeping.archive import archive_year as write_archive
from credits.bookkeeping.closing import (
    BookYear,
    KindBalance,
    StillOwed,
    balances_of,
    find_close,
    owed_of,
    sum_of,
)
from credits.bookkeeping.journal import BookEntity, Period, journal_file, read_entities
from credits.errors import EntityUnknown
from reservations.bookkeeping.vat import VatMonth, read_vat, vat_file
from reservations.bookkeeping.years.closing import ask_year, period_of, year_refusal
from uit.core.clock import SystemClock
from uit.core.errors import Refusal
from uit.core.formats import euro
from uit.core.secret import read_or_make
from uit.core.settings import Settings, StoreProblem
from uit.database.pool import Database
from uit.database.statements import Executor
from uit.entrypoints.indented_json import indented_json
from uit.entrypoints.operating import opened_database, operator_of
from uit.entrypoints.refused import REFUSED
from uit.entrypoints.terminal import in_words, refuse, region_named
from uit.services.audit import Author
from uit.services.clock_check import ClockCheck
from uit.services.region import Region

CONNECTIONS: Final = 2
TERMINAL: Final = "en"


class Whose(Struct, frozen=True):
    """As it was typed: the slug of a region, and the number or id of a legal entity."""

    region: str
    entity: str


class Books(Struct, frozen=True):
    """Whose books a command is about, and in whose name it acts."""

    database: Database
    region: Region
    entity: BookEntity
    author: Author

    def year(self, year: int) -> BookYear:
        return BookYear(self.region.id, self.entity.id, year)


class YearFigures(Struct, frozen=True):
    """What a year holds and leaves to the next. `refusal` is the code of why it cannot be closed yet."""

    entity: str
    year: int
    refusal: str | None
    asked: bool
    closed: bool
    transfers: int
    moved_cents: int
    digest: str
    owed: StillOwed
    balances: list[KindBalance]
    vat: list[VatMonth]


def add_whose(parser: ArgumentParser) -> None:
    parser.add_argument("--region", required=True, help="the slug of the region")
    parser.add_argument("--entity", required=True, help="the enterprise number of whose books, or its id")


async def print_journal(settings: Settings, whose: Whose, days: tuple[date, date], *, vat: bool) -> int:
    """Print the journal between two days, or the VAT of what was sold in them, as a spreadsheet reads it."""
    async with opened_books(settings, whose) as books:
        period = Period(books.region.id, books.entity.id, *days)
        async for part in vat_parts(books, period) if vat else journal_file(books.database, period):
            sys.stdout.write(part)
    return 0


async def vat_parts(books: Books, period: Period) -> AsyncIterator[str]:
    async with books.database.reading() as connection:
        months = await read_vat(connection, period)
    yield vat_file(months)


async def close_year(settings: Settings, whose: Whose, year: int, *, dry_run: bool, as_json: bool) -> int:
    """Ask to close a year, and print its figures. With `dry_run`, only print them.

    The exit code is 1 where it cannot be closed. A person at the desk confirms what an operator asked.
    """
    key = read_or_make(settings.secrets_path).signing
    async with opened_books(settings, whose) as books:
        await check_clock(books.database)
        wanted = books.year(year)
        answer = await (
            year_refusal(books.database, wanted, books.author)
            if dry_run
            else ask_year(books.database, wanted, books.author, None, key)
        )
        refusal = answer if isinstance(answer, Refusal) else None
        async with books.database.reading() as connection:
            found = await figures(connection, books.entity, wanted, refusal)
    print(indented_json(found) if as_json else "\n".join(as_lines(found)))
    if refusal is None and not dry_run:
        print(f"Asked. Somebody at the desk confirms it: /{whose.region}/jaren", file=sys.stderr)
    if refusal:
        print(in_words(refusal), file=sys.stderr)
    return REFUSED if refusal else 0


async def figures(tx: Executor, entity: BookEntity, wanted: BookYear, refusal: Refusal | None) -> YearFigures:
    close, found = await find_close(tx, wanted), await sum_of(tx, wanted)
    return YearFigures(
        entity=entity.name,
        year=wanted.year,
        refusal=refusal.code if refusal else None,
        asked=close is not None,
        closed=close is not None and close.confirmed_at is not None,
        transfers=found.transfers,
        moved_cents=found.moved_cents,
        digest=found.digest.hex(),
        owed=await owed_of(tx, wanted),
        balances=await balances_of(tx, wanted),
        vat=await read_vat(tx, period_of(wanted)),
    )


async def archive_year(settings: Settings, whose: Whose, year: int, folder: Path) -> int:
    """Write the files of a closed year in a folder, and print what verifies them."""
    key = read_or_make(settings.secrets_path).signing
    async with opened_books(settings, whose) as books:
        await check_clock(books.database)
        answer = await write_archive(books.database, books.year(year), books.author, key, folder)
    if isinstance(answer, Refusal):
        refuse(answer)
    print(f"{folder}: SHA256SUMS has SHA-256 {answer.hex()}")
    return 0


@asynccontextmanager
async def opened_books(settings: Settings, whose: Whose) -> AsyncIterator[Books]:
    """The books of a legal entity, by its number or id. Raises CommandRefused where there are none."""
    async with opened_database(settings) as database:
        async with database.reading() as connection:
            region = await region_named(connection, whose.region)
            found = find_entity(await read_entities(connection, region.id), whose.entity)
        yield Books(database, region, found, operator_of(region.id))


async def check_clock(database: Database) -> None:
    """Raises StoreProblem where the clock of this machine is wrong: whether a year is over goes by it."""
    if not await ClockCheck(SystemClock(), database).agrees():
        raise StoreProblem("The clock of this machine is not that of the database. Set it right first.")


def find_entity(entities: list[BookEntity], text: str) -> BookEntity:
    number = "".join(each for each in text if each.isdigit())
    known = [each for each in entities if text == str(each.id)]
    known += [each for each in entities if number and number == each.enterprise_number]
    return known[0] if known else refuse(EntityUnknown())


def as_lines(found: YearFigures) -> list[str]:
    owed, moved = found.owed, euro(found.moved_cents, TERMINAL)
    refunds, disputed = euro(owed.refund_cents, TERMINAL), euro(owed.disputed_cents, TERMINAL)
    balances = [f"{each.kind:10} {euro(each.cents, TERMINAL):>16}  {each.owner}" for each in found.balances]
    return [
        f"{found.entity}, {found.year}: {found.transfers} transfers, {moved} moved, SHA-256 {found.digest}",
        f"Carried: {owed.refunds} refunds of {refunds}, disputed {disputed}",
        *map(str.rstrip, balances),
    ]
