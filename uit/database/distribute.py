"""How the tables are spread over Citus nodes: what a region owns lives with it, the rest is everywhere."""

from typing import Any

import asyncpg

from uit.database.catalogue import Table, parents_first
from uit.database.statements import Executor

# Looked up by an id that comes alone and written with every booking: a copy on each node would cost them all
# a write.
BY_KEY = {"uit.directory": "key"}


async def read_statements(dsn: str) -> list[str]:
    """What `statements` says of a database. The owner must connect: the application cannot see the vault."""
    connection: asyncpg.Connection[Any] = await asyncpg.connect(dsn)
    try:
        return await statements(connection)
    finally:
        await connection.close()


async def statements(connection: Executor) -> list[str]:
    """What distributes the tables of a migrated database, in an order that their keys allow.

    Run them once, as the owner, on an empty database.
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
