"""One region a call: what lets a region's tables be spread over servers, at no cost on a single one.

The functions are read from the migrated database, the statements as they are declared.
"""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import pytest
from msgspec import Struct

from tests.test_sql import called, load_all, without_comments
from uit.database.migrate import read_migrations
from uit.database.statements import DECLARED

load_all()

REFUSED = {
    "EXISTS without a column": re.compile(r"\bEXISTS\s*\(\s*SELECT\s+FROM\b", re.IGNORECASE),
    "a physical address": re.compile(r"\bctid\b", re.IGNORECASE),
    "a cast in RETURNING": re.compile(r"\bRETURNING\b[^;)]*\w::text\b", re.IGNORECASE),
}
LOCKS = re.compile(r"\bFROM\s+(\w+\.\w+)\s+AS\s+(\w+)\s+WHERE\s([^;]*?)\sFOR NO KEY UPDATE", re.DOTALL)
TABLE = re.compile(r"(?<!INSERT )\b(?:FROM|JOIN|USING|UPDATE|INTO)\s+([a-z]+\.[a-z_]+)(?:\s+AS\s+(\w+))?")
JOINED = re.compile(r"(\w+)\.region_id = (?!p_region\b)\w+")
STABLE_AND_BUILT_IN = ("now",)


class Function(Struct, frozen=True):
    """`row_types` are the types of parameters that are a row of a table; `volatility` is `i`, `s` or `v`."""

    name: str
    language: str
    volatility: str
    parameters: list[str]
    row_types: list[str]
    is_trigger: bool
    body: str


FUNCTIONS = """
SELECT n.nspname || '.' || p.proname, l.lanname, p.provolatile::text, coalesce(p.proargnames, '{}'),
    ARRAY(SELECT t.typname::text FROM pg_type AS t WHERE t.oid = ANY (p.proargtypes) AND t.typtype = 'c'),
    p.prorettype = 'trigger'::regtype, p.prosrc
FROM pg_proc AS p
JOIN pg_namespace AS n ON n.oid = p.pronamespace
JOIN pg_language AS l ON l.oid = p.prolang
WHERE n.nspname = ANY ($1)
    AND NOT EXISTS (SELECT 1 FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')
"""


@pytest.fixture
async def owner(dsn: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    made = await asyncpg.connect(dsn)
    yield made
    await made.close()


@pytest.fixture
async def functions(owner: "asyncpg.Connection[Any]") -> list[Function]:
    schemas = ["uit", "identity", "passes", "organisers", "labels", "credits", "reservations"]
    found = [Function(*row) for row in await owner.fetch(FUNCTIONS, schemas)]
    assert len(found) > 12
    return found


@pytest.fixture
async def regional(owner: "asyncpg.Connection[Any]") -> set[str]:
    """The tables that live with their region."""
    rows = await owner.fetch(
        "SELECT table_schema || '.' || table_name FROM information_schema.columns"
        " WHERE column_name = 'region_id' AND table_name <> 'directory'"
    )
    return {row[0] for row in rows}


def regional_tables(body: str, regional: set[str]) -> Iterator[str]:
    yield from (name for name, _ in TABLE.findall(without_comments(body)) if name in regional)


async def test_a_function_on_tables_of_a_region_is_plpgsql_and_takes_that_region(
    functions: list[Function], regional: set[str]
) -> None:
    touching = [
        each for each in functions if not each.is_trigger and any(regional_tables(each.body, regional))
    ]

    assert len(touching) > 9
    assert {each.name for each in touching if each.language != "plpgsql"} == set()
    assert {each.name for each in touching if "p_region" not in each.parameters} == set()
    assert {each.name for each in functions if each.row_types} == set()


async def test_each_table_in_a_function_is_of_the_region_that_was_given(
    functions: list[Function],
) -> None:
    joined = {
        (each.name, alias)
        for each in functions
        if not each.is_trigger
        for alias in JOINED.findall(without_comments(each.body))
    }

    assert joined == set()


async def test_rows_are_locked_by_region_and_key(functions: list[Function], regional: set[str]) -> None:
    locks = [
        (each.name, table, where)
        for each in functions
        for table, _, where in LOCKS.findall(without_comments(each.body))
        if table in regional
    ]

    assert len(locks) > 2
    assert [
        (name, table)
        for name, table, where in locks
        if not ("region_id = p_region" in where and re.search(r"\b(?:event_)?id = ANY \(", where))
    ] == []


async def test_no_statement_says_what_a_spread_table_cannot_answer(functions: list[Function]) -> None:
    texts = {called(each): each.text for each in DECLARED} | {each.name: each.body for each in functions}
    texts |= {each.name: each.text for each in read_migrations()}

    assert [
        (name, why)
        for name, text in texts.items()
        for why, refused in REFUSED.items()
        if refused.search(without_comments(text))
    ] == []


async def test_no_update_asks_a_stable_function(functions: list[Function]) -> None:
    stable = [each.name for each in functions if each.volatility == "s"] + list(STABLE_AND_BUILT_IN)
    asks = re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, stable))})\s*\(")
    texts = {called(each): each.text for each in DECLARED} | {each.name: each.body for each in functions}

    updates = {
        name: found
        for name, text in texts.items()
        for update in re.findall(
            r"(?<!KEY )(?<!DO )(?<!FOR )\bUPDATE\s+\w+\.\w+[^;]*", without_comments(text)
        )
        if (found := asks.findall(update))
    }

    assert updates == {}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("SELECT 1 WHERE EXISTS (\n SELECT FROM x)", "EXISTS without a column"),
        ("DELETE FROM x WHERE ctid = $1", "a physical address"),
        ("INSERT INTO x VALUES (1) RETURNING id, kind::text", "a cast in RETURNING"),
    ],
)
def test_what_is_refused_is_seen(text: str, why: str) -> None:
    assert [name for name, refused in REFUSED.items() if refused.search(text)] == [why]
