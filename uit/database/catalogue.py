"""The tables of the database: their retention class, and the foreign keys between them."""

from collections.abc import Sequence
from graphlib import TopologicalSorter

from msgspec import Struct

from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class Table(Struct, frozen=True):
    """`since` is the column from which the retention of a row counts.

    `is_regional`: the table has a region, by which Citus can distribute it.
    """

    table_name: str
    since: str | None
    has_triggers: bool
    is_regional: bool


class Reference(Struct, frozen=True):
    child: str
    parent: str


read_tables = SQL.many("read_tables", Table)
read_references = SQL.many("read_references", Reference)


async def parents_first(connection: Executor) -> list[Table]:
    """Every table, each after all tables that it refers to; otherwise by name."""
    tables = {table.table_name: table for table in await read_tables(connection)}
    return [tables[name] for name in sort_names(list(tables), await read_references(connection))]


def sort_names(names: Sequence[str], references: Sequence[Reference]) -> list[str]:
    sorter: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(sorted(names), ()))
    for reference in sorted(references, key=lambda each: (each.child, each.parent)):
        sorter.add(reference.child, reference.parent)
    return list(sorter.static_order())
