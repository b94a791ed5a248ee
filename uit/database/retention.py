"""Erasing of rows whose retention term has passed: see the table `uit.retention`.

Rows of a class without a term are never erased here; the `basis` of the class says until when they are kept.
Those classes are the accounts, the dossiers of labels, the set-up of a region and public reference data.
"""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from msgspec import Struct

from uit.database.catalogue import parents_first
from uit.database.connecting import connected
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

MOST_AT_ONCE = 1000
MOST_IN_A_RUN = 100_000
"""Of a table. More than that is over one run later, so that a fault is noticed before all is gone."""


class Erasure(Struct, frozen=True):
    """`by_region`: its statement takes a region after the moment and the most rows."""

    table_name: str
    by_region: bool
    statement: str


class Follower(Struct, frozen=True):
    owner_name: str
    table_name: str
    statement: str


read_erasures = SQL.many("read_erasures", Erasure)
read_followers = SQL.many("read_followers", Follower)
read_region_ids = SQL.value("read_region_ids", list[int])
owns_tables = SQL.value("owns_tables", bool)


async def may_erase(dsn: str) -> bool:
    """Whether this login is the owner of the tables, or may do as one."""
    async with connected(dsn) as connection:
        return await owns_tables(connection)


async def erase_due(dsn: str, now: datetime) -> dict[str, int]:
    """Erase every row whose term has passed and that no row refers to; returns the number of rows by table.

    The role must be the owner of the tables, because the application may not delete from most of them.
    Rows are erased region by region in transactions of MOST_AT_ONCE rows, so that locks are short; children
    before parents; at most MOST_IN_A_RUN of a table. What is still open (`uit.retention.kept_while`) is never
    erased.
    """
    connection = await asyncpg.connect(dsn)
    try:
        erasures = {each.table_name: each for each in await read_erasures(connection)}
        followers = await read_followers(connection)
        regions = [(each,) for each in await read_region_ids(connection)]
        erased = dict.fromkeys(erasures, 0)
        for table in reversed(await parents_first(connection)):
            if erasure := erasures.get(table.table_name):
                along = [each.statement for each in followers if each.owner_name == table.table_name]
                for region in regions if erasure.by_region else [()]:
                    most = MOST_IN_A_RUN - erased[table.table_name]
                    erased[table.table_name] += await erase(connection, erasure, along, most, now, *region)
    finally:
        await connection.close()
    return {name: rows for name, rows in erased.items() if rows}


async def erase(
    connection: Executor, erasure: Erasure, along: Sequence[str], most: int, now: datetime, *region: int
) -> int:
    """Erase what is due of a table, in a region where its rows have one, and what goes along.

    It begins no transaction once `most` rows are gone.
    """
    erased = 0
    while erased < most:
        async with connection.transaction():
            gone = await connection.fetch(erasure.statement, now, MOST_AT_ONCE, *region)
            for statement in along if gone else ():
                await connection.execute(statement, [row["id"] for row in gone], *region)
        if not gone:
            break
        erased += len(gone)
    return erased
