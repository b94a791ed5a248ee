"""A year of the books from question to closing: whether they are right, what was sold, and who says so.

The books are checked first, in a transaction of their own: what is of a year that is over does not change.
"""

from uuid import UUID

from credits.bookkeeping.closing import (
    BookYear,
    ClosingVat,
    YearClose,
    ask_to_close,
    closing_refusal,
    confirm_close,
)
from credits.bookkeeping.journal import Period
from credits.check import check_ledger
from credits.errors import BooksNotRight
from reservations.bookkeeping.vat import VatMonth, read_vat
from reservations.check import find_faults
from uit.core.errors import Refusal
from uit.database.pool import Database
from uit.database.statements import Executor
from uit.services.audit import Author


async def ask_year(
    database: Database, wanted: BookYear, author: Author, staff_id: UUID | None, key: bytes
) -> YearClose | Refusal:
    """Ask to close a year whose books are right. `staff_id` is None for an operator; `key` signs."""
    refusal = await year_refusal(database, wanted, author)
    if refusal is not None:
        return refusal
    async with database.transaction() as tx:
        return await ask_to_close(tx, wanted, author, staff_id, key)


async def confirm_year(
    database: Database, wanted: BookYear, author: Author, staff_id: UUID
) -> YearClose | Refusal:
    """Close a year that somebody else asked for, when its books are right still."""
    refusal = await year_refusal(database, wanted, author)
    if refusal is not None:
        return refusal
    async with database.transaction() as tx:
        months = await read_vat(tx, period_of(wanted))
        return await confirm_close(tx, wanted, author, staff_id, [as_row(each) for each in months])


async def year_refusal(database: Database, wanted: BookYear, author: Author) -> Refusal | None:
    """Why a year cannot be closed: something of its own, or faults anywhere in the books of its region."""
    async with database.reading() as connection:
        refusal = await closing_refusal(connection, wanted, author.today)
        if refusal is not None:
            return refusal
        faults = await faults_in(connection, wanted.region_id)
    return BooksNotRight(faults) if faults else None


async def faults_in(connection: Executor, region_id: int) -> int:
    """How many faults a region has, however many others have. `connection` must not be in a transaction."""
    ledger = [each.found.region_id for each in await check_ledger(connection, most=None)]
    bookings = [each.region_id for each in await find_faults(connection, most=None)]
    return (ledger + bookings).count(region_id)


def period_of(wanted: BookYear) -> Period:
    return Period(wanted.region_id, wanted.entity_id, wanted.first, wanted.last)


def as_row(month: VatMonth) -> ClosingVat:
    return ClosingVat(month.month, month.code, month.rate_bp, month.gross_cents)
