"""Erasing what has been kept for as long as its class says: see `uit.retention`.

A class without a term is kept: nothing of it is erased here, and its `basis` says until when. Such are the
accounts, the dossiers of the label, the set-up of a region and public reference data.
"""

from datetime import datetime

import asyncpg
from msgspec import Struct

from uit.database.catalogue import parents_first
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

MOST_AT_ONCE = 1000


class Erasure(Struct, frozen=True):
    table_name: str
    statement: str


read_erasures = SQL.many("read_erasures", Erasure)


async def erase_due(dsn: str, now: datetime) -> dict[str, int]:
    """Erase every row whose term has passed and that nothing refers to any more; says how many of each table.

    The owner of the tables must connect: the application may not delete most of them. Rows go by a thousand,
    each in a transaction of its own, so that nobody waits for it; what refers to others goes before them.
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
    while gone := await connection.fetchval(statement, now, MOST_AT_ONCE):
        erased += gone
    return erased
