"""Erasing of rows whose retention term has passed: see the table `uit.retention`.

Rows of a class without a term are never erased here; the `basis` of the class says until when they are kept.
Those classes are the accounts, the dossiers of labels, the set-up of a region and public reference data.
"""

from datetime import datetime

import asyncpg
from msgspec import Struct

from uit.database.catalogue import parents_first
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

MOST_AT_ONCE = 1000
MOST_IN_A_RUN = 100_000
"""Of a table. More than that is over one run later, so that a fault is noticed before all is gone."""


class Erasure(Struct, frozen=True):
    table_name: str
    statement: str


read_erasures = SQL.many("read_erasures", Erasure)
owns_tables = SQL.value("owns_tables", bool)


async def may_erase(dsn: str) -> bool:
    """Whether this login is the owner of the tables, or may do as one."""
    connection = await asyncpg.connect(dsn)
    try:
        return await owns_tables(connection)
    finally:
        await connection.close()


async def erase_due(dsn: str, now: datetime) -> dict[str, int]:
    """Erase every row whose term has passed and that no row refers to; returns the number of rows by table.

    The role must be the owner of the tables, because the application may not delete from most of them.
    Rows are erased in transactions of MOST_AT_ONCE rows, so that locks are short; children before parents; at
    most MOST_IN_A_RUN of a table. What is still open (`uit.retention.kept_while`) is never erased.
    """
    connection = await asyncpg.connect(dsn)
    try:
        erasures = {each.table_name: each.statement for each in await read_erasures(connection)}
        order = [table.table_name for table in reversed(await parents_first(connection))]
        erased = {name: await erase(connection, erasures[name], now) for name in order if name in erasures}
    finally:
        await connection.close()
    return {name: rows for name, rows in erased.items() if rows}


async def erase(connection: Executor, statement: str, now: datetime) -> int:
    erased = 0
    while erased < MOST_IN_A_RUN and (gone := await connection.fetchval(statement, now, MOST_AT_ONCE)):
        erased += gone
    return erased
