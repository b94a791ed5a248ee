"""How Citus spreads the tables over its nodes; decision 0036 says why each stands where it stands.

Regional tables live with their region. What is found by a digest or an id that comes alone is spread by that.
Labels, the catalogue of retention and the migrations stay on the coordinator, and all others are copied to
every node.
"""

from collections.abc import Collection, Iterator
from typing import Final

from msgspec import Struct

from uit.database.catalogue import Table, parents_first
from uit.database.connecting import connected
from uit.database.pool import APPLICATION_ROLE
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

BY_OWN_KEY: Final = {
    "identity.access_token": "digest",
    "identity.device": "digest",
    "identity.link": "digest",
    "identity.session": "digest",
    "uit.directory": "key",
}
"""Looked up by this without a region. Copies would ask every node for each sign-in and booking."""

COPIED: Final = {
    "identity.role": "every page of staff asks for all roles of one person",
    "uit.region_municipality": "the towns of all regions are asked for at once",
}
"""Could live with their region, and are read for all regions at once."""

LOCAL_SCHEMAS: Final = ("labels",)
LOCAL: Final = (
    "public.uit_migration",
    "uit.retention",
    "uit.retention_class",
    "uit.retention_follower",
    "uit.unreported",
)

SETTINGS: Final = {
    "citus.enable_local_reference_table_foreign_keys": "off",
    "citus.multi_shard_modify_mode": "sequential",
    "citus.enable_unsafe_triggers": "on",
}
"""Municipalities are not to draw labels along; a copied table that others refer to is changed node by node; a
trigger of a spread table touches its own region only, which `tests/test_one_region.py` keeps."""

WHERE_CITUS_KEEPS_IT: Final = "SELECT to_regclass('pg_dist_partition') IS NOT NULL"
# Not with the named statements: without Citus there is no such table, and it would not prepare.
PLACED: Final = (
    "SELECT r.table_name FROM uit.retention AS r"
    " JOIN pg_dist_partition AS p ON p.logicalrelid = to_regclass(r.table_name)"
)


class ServerFacts(Struct, frozen=True):
    """Names are as SQL writes them. `settings`: those of the database, as `name=value`."""

    database_name: str
    application_role: str
    may_log_in: bool
    settings: list[str]


class NamedFunction(Struct, frozen=True):
    signature: str


class TableTrigger(Struct, frozen=True):
    table_name: str
    name: str


read_server = SQL.one("read_server", ServerFacts)
functions_with_a_plan_mode = SQL.many("functions_with_a_plan_mode", NamedFunction)
read_triggers = SQL.many("read_triggers", TableTrigger)


async def read_statements(dsn: str) -> list[str]:
    """The result of `statements` for the database at `dsn`.

    The role must be the owner of the tables, because the application cannot read the vault.
    """
    async with connected(dsn) as connection:
        return await statements(connection)


async def statements(connection: Executor) -> list[str]:
    """The SQL that spreads the tables of a migrated database, in an order that their foreign keys allow.

    Only what is missing; of a database without Citus, all of it. To be run as the owner, before the first
    town, and again after a migration.
    """
    placed = await read_placed(connection)
    tables = await parents_first(connection)
    missing = [table for table in tables if table.table_name not in placed]
    server = await read_server(connection, APPLICATION_ROLE)
    functions = await functions_with_a_plan_mode(connection)
    return [
        *settings(server),
        *([] if server.may_log_in else [f"ALTER ROLE {server.application_role} LOGIN;"]),
        *copies(missing, await read_triggers(connection)),
        *regions(tables, missing),
        *own_keys(missing),
        *local_tables(missing),
        *(f"ALTER FUNCTION {each.signature} RESET plan_cache_mode;" for each in functions),
    ]


async def read_placed(connection: Executor) -> set[str]:
    """The tables that Citus knows already."""
    if not await connection.fetchval(WHERE_CITUS_KEEPS_IT):
        return set()
    return {name for (name,) in await connection.fetch(PLACED)}


def settings(server: ServerFacts) -> Iterator[str]:
    """For this session always, and for the database where it does not say so yet."""
    for name, value in SETTINGS.items():
        yield f"SET {name} TO '{value}';"
        if f"{name}={value}" not in server.settings:
            yield f"ALTER DATABASE {server.database_name} SET {name} TO '{value}';"


def copies(missing: Collection[Table], triggers: Collection[TableTrigger]) -> Iterator[str]:
    """A trigger of a copied table would run on every node, so it goes."""
    for table in missing:
        if is_copied(table):
            for each in triggers:
                if each.table_name == table.table_name:
                    yield f"DROP TRIGGER {each.name} ON {each.table_name};"
            yield f"SELECT create_reference_table('{table.table_name}');"


def regions(tables: Collection[Table], missing: Collection[Table]) -> Iterator[str]:
    """All in one group, so that they stand together: beside one that is there, or the first of them."""
    regional = [table for table in tables if is_by_region(table)]
    first = next((table for table in regional if table not in missing), regional[0])
    for table in regional:
        if table in missing:
            yield spread(table, "region_id", "none" if table == first else first.table_name)


def own_keys(missing: Collection[Table]) -> Iterator[str]:
    for table in missing:
        if key := BY_OWN_KEY.get(table.table_name):
            yield spread(table, key, "none")


def local_tables(missing: Collection[Table]) -> Iterator[str]:
    """Citus has to know a table with triggers, and those tied to it; others need no word."""
    for table in missing:
        if is_local(table) and table.has_triggers:
            name = table.table_name
            yield f"SELECT citus_add_local_table_to_metadata('{name}', cascade_via_foreign_keys => true);"


def spread(table: Table, key: str, beside: str) -> str:
    return f"SELECT create_distributed_table('{table.table_name}', '{key}', colocate_with => '{beside}');"


def is_local(table: Table) -> bool:
    schema, _, _ = table.table_name.partition(".")
    return schema in LOCAL_SCHEMAS or table.table_name in LOCAL


def is_by_region(table: Table) -> bool:
    return table.is_regional and table.table_name not in COPIED


def is_copied(table: Table) -> bool:
    return not (is_local(table) or is_by_region(table) or table.table_name in BY_OWN_KEY)
