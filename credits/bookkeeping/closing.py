"""Closing a year of the books of a legal entity: one person asks, another confirms, balances are kept.

What is asked for is fixed by a digest over all transfers of the year. When it is confirmed the digest is
reckoned anew; where it differs, nothing is closed. Whether the books are right is asked before, in
`reservations/bookkeeping/years/closing.py`.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from credits.errors import (
    EarlierYearOpen,
    SamePersonConfirms,
    YearChanged,
    YearClosed,
    YearNotAsked,
    YearNotOver,
    YearWaits,
)
from uit.core import signature
from uit.core.clock import start_of_day
from uit.core.errors import Refusal
from uit.database.statements import Executor, Statements, as_json
from uit.services.audit import Author

SQL = Statements(__name__)
DAYS_AFTER: Final = 1
"""So long after its end a year can be closed: nothing that began in it is still being written then."""
SIGNED_FOR: Final = b"uit.year_close|"


class BookYear(Struct, frozen=True):
    """A year of Brussels in the books of a legal entity."""

    region_id: int
    entity_id: UUID
    year: int

    @property
    def first(self) -> date:
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        return date(self.year, 12, 31)

    @property
    def since(self) -> datetime:
        return start_of_day(self.first)

    @property
    def until(self) -> datetime:
        return start_of_day(date(self.year + 1, 1, 1))

    @property
    def closes_from(self) -> date:
        return date(self.year + 1, 1, 1) + timedelta(days=DAYS_AFTER)


class MovedYear(Struct, frozen=True):
    entity_id: UUID
    year: int


class YearClose(Struct, frozen=True):
    """How far a year is: asked for, and then confirmed, archived and erased."""

    year: int
    transfers: int
    moved_cents: int
    digest: bytes
    signature: bytes
    asked_by: UUID | None
    asked_by_name: str | None
    asked_at: datetime
    confirmed_by_name: str | None
    confirmed_at: datetime | None
    archive_digest: bytes | None
    archived_at: datetime | None
    erased_at: datetime | None


class EntityClose(YearClose, frozen=True):
    """That of a legal entity, among those of others."""

    entity_id: UUID


class YearSum(Struct, frozen=True):
    """The transfers of a year together. `digest` is SHA-256 over the SHA-256 of each, in the order of ids."""

    transfers: int
    moved_cents: int
    digest: bytes


class Unfinished(Struct, frozen=True):
    """What of a year still waits for somebody, so that it cannot be closed."""

    tills: int
    payments: int


class StillOwed(Struct, frozen=True):
    """What a year leaves to the next: it is listed, and carried in the balances."""

    refunds: int
    refund_cents: int
    disputed_cents: int


class KindBalance(Struct, frozen=True):
    """What all accounts of a kind and an owner stand at together; a purse has the name of nobody."""

    kind: str
    owner: str
    accounts: int
    cents: int


class ClosingVat(Struct, frozen=True):
    """What was sold in a month of one VAT code, in the shape of `credits.closing_vat`."""

    month: int
    vat_code: str
    rate_bp: int
    gross_cents: int


read_closes = SQL.many("read_closes", EntityClose)
read_close = SQL.maybe("read_close", YearClose)
lock_close = SQL.command("lock_close")
first_open_year = SQL.value("first_open_year", int)
years_moved = SQL.many("years_moved", MovedYear)
sum_year = SQL.one("sum_year", YearSum)
read_unfinished = SQL.one("read_unfinished", Unfinished)
read_owed = SQL.one("read_owed", StillOwed)
read_balances = SQL.many("read_balances", KindBalance)
write_request = SQL.command("write_request")
write_confirmation = SQL.command("write_confirmation")
write_balances = SQL.command("write_balances")
write_vat = SQL.command("write_vat")


async def read_years(
    tx: Executor, region_id: int, years: Sequence[int]
) -> dict[UUID, list[tuple[int, YearClose | None]]]:
    """By legal entity: those of these years in which something moved, and all that were asked for.

    The last one first, each with how far it is; None for one that nobody asked to close.
    """
    known = {(each.entity_id, each.year): each for each in await read_closes(tx, region_id)}
    moved = {(each.entity_id, each.year) for each in await years_moved(tx, region_id, years)}
    found: dict[UUID, list[tuple[int, YearClose | None]]] = {}
    for entity_id, year in sorted({*known, *moved}, key=lambda key: key[1], reverse=True):
        found.setdefault(entity_id, []).append((year, known.get((entity_id, year))))
    return found


async def find_close(tx: Executor, wanted: BookYear) -> YearClose | None:
    return await read_close(tx, wanted.region_id, wanted.entity_id, wanted.year)


async def sum_of(tx: Executor, wanted: BookYear) -> YearSum:
    return await sum_year(tx, wanted.region_id, wanted.entity_id, wanted.since, wanted.until)


async def owed_of(tx: Executor, wanted: BookYear) -> StillOwed:
    return await read_owed(tx, wanted.region_id, wanted.entity_id, wanted.until)


async def balances_of(tx: Executor, wanted: BookYear) -> list[KindBalance]:
    """What accounts stood at when the year ended, summed by kind and owner."""
    return await read_balances(
        tx, wanted.region_id, wanted.entity_id, wanted.year, wanted.since, wanted.until
    )


async def closing_refusal(tx: Executor, wanted: BookYear, today: date) -> Refusal | None:
    """Why a year cannot be closed yet; None when it can, as far as its own rows say."""
    before = await find_close(tx, wanted)
    if before and before.confirmed_at:
        return YearClosed(wanted.year)
    if today < wanted.closes_from:
        return YearNotOver(wanted.year, wanted.closes_from)
    earlier: int | None = await first_open_year(tx, wanted.region_id, wanted.entity_id, wanted.since)
    if earlier is not None:
        return EarlierYearOpen(wanted.year, earlier)
    waits = await read_unfinished(tx, wanted.region_id, wanted.entity_id, wanted.since, wanted.until)
    return YearWaits(wanted.year, waits.tills, waits.payments) if waits.tills or waits.payments else None


async def ask_to_close(
    tx: Executor, wanted: BookYear, author: Author, staff_id: UUID | None, key: bytes
) -> YearClose | Refusal:
    """Ask to close a year. Who asks again before somebody confirmed, asks in the place of who did before.

    `staff_id` is None for an operator at the command line.
    """
    refusal = await closing_refusal(tx, wanted, author.today)
    if refusal is not None:
        return refusal
    found = await sum_of(tx, wanted)
    signed = sign(key, wanted, found.digest)
    row = found.transfers, found.moved_cents, found.digest, signed
    changed = await write_request(
        tx, wanted.region_id, wanted.entity_id, wanted.year, *row, staff_id, author.now
    )
    if not changed:
        return YearClosed(wanted.year)
    await author.note(tx, "year.ask", "legal_entity", wanted.entity_id, year=wanted.year)
    return await stored_close(tx, wanted)


async def confirm_close(
    tx: Executor, wanted: BookYear, author: Author, staff_id: UUID, vat: Sequence[ClosingVat]
) -> YearClose | Refusal:
    """Close a year that somebody else asked for: keep its balances and what was sold by VAT code."""
    await lock_close(tx, wanted.region_id, wanted.entity_id, wanted.year)
    asked = await find_close(tx, wanted)
    refusal = await closing_refusal(tx, wanted, author.today) or confirm_refusal(wanted, asked, staff_id)
    if refusal is not None or asked is None:
        return refusal or YearNotAsked(wanted.year)
    if (await sum_of(tx, wanted)).digest != asked.digest:
        return YearChanged(wanted.year)
    key = wanted.region_id, wanted.entity_id, wanted.year
    await write_confirmation(tx, *key, staff_id, author.now)
    await write_balances(tx, *key, wanted.since, wanted.until)
    await write_vat(tx, *key, as_json(vat))
    await author.note(tx, "year.close", "legal_entity", wanted.entity_id, year=wanted.year)
    return await stored_close(tx, wanted)


def confirm_refusal(wanted: BookYear, asked: YearClose | None, staff_id: UUID) -> Refusal | None:
    if asked is None:
        return YearNotAsked(wanted.year)
    return SamePersonConfirms(wanted.year) if asked.asked_by == staff_id else None


async def stored_close(tx: Executor, wanted: BookYear) -> YearClose:
    found = await find_close(tx, wanted)
    assert found is not None, "it was just written"
    return found


def sign(key: bytes, wanted: BookYear, digest: bytes) -> bytes:
    """The signature over a year: HMAC-SHA-256 of its region, entity, year and digest."""
    return signature.sign(key, SIGNED_FOR, signed_content(wanted, digest))


def is_signed(key: bytes, wanted: BookYear, close: YearClose) -> bool:
    """Whether the digest of a year is the one that this installation signed."""
    return signature.is_signed(key, SIGNED_FOR, signed_content(wanted, close.digest), close.signature)


def signed_content(wanted: BookYear, digest: bytes) -> bytes:
    return f"{wanted.region_id}|{wanted.entity_id}|{wanted.year}|{digest.hex()}".encode()
