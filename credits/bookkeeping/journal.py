"""The journal: every transfer of a legal entity, day by day, as its treasurer takes it over.

It names accounts and never a resident: what moves through a purse says "credit", and a booking is its number.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from credits.bookkeeping.closing import KindBalance
from credits.bookkeeping.spreadsheet import BYTE_ORDER_MARK, amount, day_text, harmless, lines
from credits.bookkeeping.words import account_words, transfer_words
from uit.core.clock import BRUSSELS, day_in_flanders, start_of_day
from uit.core.translation import gettext as _
from uit.database.pool import Database
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
AT_ONCE: Final = 2000
"""How many transfers are read at a time; a connection is lent for each time anew."""
FIRST: Final = UUID(int=0)
DAYS_BACK: Final = 31
"""So far back a journal looks for the last day on which something moved."""


class BookEntity(Struct, frozen=True):
    """Whose books they are; an association may have no number."""

    id: UUID
    name: str
    enterprise_number: str | None


class Period(Struct, frozen=True):
    """The transfers of a legal entity between two days, both included.

    `owner_id`: only those that touch an account of this organiser.
    """

    region_id: int
    entity_id: UUID
    first: date
    last: date
    owner_id: UUID | None = None

    @property
    def since(self) -> datetime:
        return start_of_day(self.first)

    @property
    def until(self) -> datetime:
        return start_of_day(self.last + timedelta(days=1))


class JournalEntry(Struct, frozen=True):
    """A transfer, from the debit to the credit account. An owner is empty where it is a resident."""

    at: datetime
    id: UUID
    kind: str
    debit_kind: str
    debit_owner: str
    credit_kind: str
    credit_owner: str
    amount_cents: int
    reference: str | None
    booking_id: UUID | None
    receipt_year: int | None
    receipt_no: int | None

    @property
    def booking(self) -> str:
        """The number of the booking, as people read it out."""
        return self.booking_id.hex[-8:].upper() if self.booking_id else ""

    @property
    def receipt(self) -> str:
        return f"{self.receipt_year}-{self.receipt_no:06}" if self.receipt_no else ""


class KindSum(Struct, frozen=True):
    """What moved between two kinds of accounts in a period, by one kind of transfer."""

    kind: str
    debit_kind: str
    credit_kind: str
    count: int
    cents: int


read_entities = SQL.many("read_entities", BookEntity)
entity_of_organiser = SQL.value("entity_of_organiser", UUID)
read_entries = SQL.many("read_entries", JournalEntry)
last_moved = SQL.value("last_moved", datetime)
read_balances_until = SQL.many("read_balances_until", KindBalance)
sum_kinds = SQL.many("sum_kinds", KindSum)


async def sum_journal(tx: Executor, period: Period) -> list[KindSum]:
    """The journal of a period in sums, without reading its transfers one by one."""
    return await sum_kinds(
        tx, period.region_id, period.entity_id, period.since, period.until, period.owner_id
    )


async def last_day_moved(tx: Executor, recent: Period) -> date:
    """The last day of a period on which something moved; its very last day where nothing did."""
    at: datetime | None = await last_moved(
        tx, recent.region_id, recent.entity_id, recent.since, recent.until, recent.owner_id
    )
    return day_in_flanders(at) if at else recent.last


async def balances_after(tx: Executor, period: Period) -> list[KindBalance]:
    """What accounts stood at when a period ended, by kind and owner: of its organiser, where it has one."""
    return await read_balances_until(tx, period.region_id, period.entity_id, period.until, period.owner_id)


async def first_entries(tx: Executor, period: Period, most: int) -> list[JournalEntry]:
    """The first transfers of a period, in the order of time."""
    return await read_entries(
        tx, period.region_id, period.entity_id, period.until, period.owner_id, period.since, FIRST, most
    )


async def entries_of(database: Database, period: Period) -> AsyncIterator[list[JournalEntry]]:
    """All transfers of a period in the order of time, up to AT_ONCE together. Each day is read by itself."""
    for number in range((period.last - period.first).days + 1):
        day = period.first + timedelta(days=number)
        at, after, until = start_of_day(day), FIRST, start_of_day(day + timedelta(days=1))
        while True:
            async with database.reading() as connection:
                entries = await read_entries(
                    connection, period.region_id, period.entity_id, until, period.owner_id, at, after, AT_ONCE
                )
            if entries:
                yield entries
            if len(entries) < AT_ONCE:
                break
            at, after = entries[-1].at, entries[-1].id


async def journal_file(database: Database, period: Period) -> AsyncIterator[str]:
    """The journal of a period as a file, in parts."""
    yield BYTE_ORDER_MARK + lines([heads()])
    async for entries in entries_of(database, period):
        yield lines([cells(each) for each in entries])


def heads() -> list[str]:
    return [
        _("Datum"), _("Uur"), _("Soort"), _("Van rekening"), _("Van wie"), _("Naar rekening"), _("Naar wie"),
        _("Bedrag"), _("Kenmerk buiten"), _("Boeking"), _("Bonnetje"), _("Nummer"),
    ]  # fmt: skip


def cells(entry: JournalEntry) -> Sequence[str]:
    local, accounts = entry.at.astimezone(BRUSSELS), account_words()
    return [
        day_text(local.date()),
        f"{local:%H:%M:%S}",
        transfer_words().get(entry.kind, entry.kind),
        accounts.get(entry.debit_kind, entry.debit_kind),
        harmless(entry.debit_owner),
        accounts.get(entry.credit_kind, entry.credit_kind),
        harmless(entry.credit_owner),
        amount(entry.amount_cents),
        harmless(entry.reference or ""),
        entry.booking,
        entry.receipt,
        str(entry.id),
    ]
