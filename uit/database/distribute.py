"""How Citus distributes the tables: regional tables by region, all others copied to every node."""

from typing import Any

import asyncpg

from uit.database.catalogue import Table, parents_first
from uit.database.statements import Executor

# The directory is looked up by an id without its region and is written with every booking: a copy on each
# node would cost each node a write.
BY_KEY = {"uit.directory": "key"}


async def read_statements(dsn: str) -> list[str]:
    """The result of `statements` for the database at `dsn`.

    The role must be the owner of the tables, because the application cannot read the vault.
    """
    connection: asyncpg.Connection[Any] = await asyncpg.connect(dsn)
    try:
        return await statements(connection)
    finally:
        await connection.close()


async def statements(connection: Executor) -> list[str]:
    """The SQL that distributes the tables of a migrated database, in an order that their foreign keys allow.

    To be run once, as the owner, on an empty database.
    """
    tables = await parents_first(connection)
    everywhere = [table for table in tables if not table.is_regional and table.table_name not in BY_KEY]
    regional = [table for table in tables if table.is_regional]
    return [
        *(f"SELECT create_reference_table('{table.table_name}');" for table in everywhere),
        *(by_region(table, regional[0]) for table in regional),
        *(
            f"SELECT create_distributed_table('{name}', '{key}', colocate_with => 'none');"
            for name, key in BY_KEY.items()
        ),
    ]


def by_region(table: Table, first: Table) -> str:
    beside = "none" if table == first else first.table_name
    return f"SELECT create_distributed_table('{table.table_name}', 'region_id', colocate_with => '{beside}');"
