"""Erasing of years that were closed, archived and ten years over; their balances are carried forward."""

from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
from msgspec import Struct

from uit.core.ids import Ids
from uit.database.statements import Executor, Statements
from uit.services.audit import Author

SQL = Statements(__name__)
YEARS_KEPT: Final = 10
"""Art. III.86 of the Code of Economic Law, counted from the end of the year."""


class DueYear(Struct, frozen=True):
    region_id: int
    legal_entity_id: UUID
    year: int


find_due_years = SQL.many("find_due_years", DueYear)
erase_year = SQL.value("erase_year", int)


async def erase_due_years(dsn: str, ids: Ids, now: datetime) -> int:
    """Erase what is due, a legal entity in a transaction; returns how many transfers went.

    The role must be the owner of the tables: the application may not delete from the ledger.
    """
    connection = await asyncpg.connect(dsn)
    try:
        due = await find_due_years(connection, now, YEARS_KEPT)
        return sum([await erase_one(connection, each, ids, now) for each in due])
    finally:
        await connection.close()


async def erase_one(connection: Executor, due: DueYear, ids: Ids, now: datetime) -> int:
    """Erase a year and those before it; 0 while entries of them still have to be rolled up."""
    async with connection.transaction():
        erased = await erase_year(connection, due.region_id, due.legal_entity_id, due.year, now)
        if erased:
            author = Author(due.region_id, "system", "worker", now, ids)
            await author.note(
                connection, "year.erase", "legal_entity", due.legal_entity_id, year=due.year, transfers=erased
            )
    return erased
