"""One region a call: what lets a region's tables be spread over servers, at no cost on a single one.

The functions are read from the migrated database, the statements as they are declared, and both as
PostgreSQL's parser understands them. Decision 0036 says what a spread table cannot answer.
"""

import ast as python
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import pytest
from msgspec import Struct
from pglast.enums import A_Expr_Kind, OnConflictAction, SubLinkType

from tests.parse_tree import mutable_on_columns, trees_of
from tests.sql_shape import (
    Body,
    Level,
    Node,
    ast,
    column,
    is_given,
    levels,
    parse,
    read_body,
    types_declared,
    walk,
    written_out,
)
from tests.test_sql import PACKAGES, called, load_all, trees, without_comments
from uit.database.catalogue import read_tables
from uit.database.distribute import BY_OWN_KEY, is_by_region, is_local
from uit.database.retention import read_erasures, read_followers
from uit.database.statements import DECLARED, ROOT, Command

load_all()

CHECKS = frozenset(called(each) for each in DECLARED if each.origin.endswith("/check"))
EVERY_REGION = {
    "`check-ledger` reads the books of all regions": CHECKS,
    "a duty looks where something is due, and does it in that region": {
        "credits/bookkeeping/erasing: find_due_years",
        "credits/ledger/rollup: regions_with_entries",
        "credits/payments/checkout: payments_to_open",
        "credits/payments/reconciliation: accounts_due",
        "credits/wallet/lapse: find_due",
        "uit/passes/membership/ending: find_over",
        "uit/passes/membership/erase_asked: find_asked",
        "uit/passes/membership/unused: find_unused",
        "reservations/booking/expiry: bookings_to_expire",
        "reservations/helping/coming_of_age: find_ending",
        "reservations/payment/following: pages_to_close",
        "reservations/places/apart/set_apart: find_due",
        "reservations/payment/sold_for: regions_due",
        "reservations/sessions/due: find_calling_off",
        "reservations/sessions/due: find_settling",
        "reservations/waiting/due: find_regions",
        "reservations/waiting_room/room: find_rooms",
        "uit/database/failed_message: count_failed",
        "uit/database/outbox: regions_waiting",
    },
    "the payment provider knows an id or an account, and no region": {
        "credits/payments/checkout: find_payment",
        "credits/payments/dispute: payments_of_references",
        "credits/payments/reconciliation: accounts_with_cards",
        "credits/payments/reconciliation: sellers_of_account",
        "credits/payments/refund: find_refund",
    },
    "somebody may be a member of several regions": {
        "credits/wallet/statement: read_movements",
        "credits/wallet/statement: read_region_ids",
        "reservations/booking/member: regions_of_person",
        "uit/passes/membership/membership: lives_elsewhere",
        "uit/passes/membership/membership: read_region_ids",
        "uit/passes/merging/members: memberships_of",
        "uit/passes/merging/merge_log: read_regions",
    },
    "an operator lists what waits in all regions": {
        "credits/payments/overview: open_differences",
        "credits/payments/overview: open_refunds",
        "uit/database/failed_message: read_failed",
    },
    "who restored a server asks until when it reaches": {"uit/identity/sign_in/restored: last_act_at"},
    "the figures of an operator count what waits in all regions": {
        "credits/payments/figures: read_open",
        "uit/database/outbox_figures: read_waiting",
    },
    "an importer asks where an id of its source lives": {"uit/database/foreign_id: select_regions"},
}
"""What reads all regions at once, and why. It writes and locks nothing."""

ERASED_ACROSS = {"identity.person", "uit.foreign_id of identity.person"}
"""A person has no region, and stays while something in any region refers to them."""

TOLD_BY_AN_ERROR = {
    "uit/database/pool.py": "names it among what is tried again, and then everything is read anew",
    "uit/identity/person/person.py": "who has a number is read before, and again after",
    "reservations/booking/turnstile.py": "a batch is run again, and its facts say where an id lives",
    "reservations/checkin/desk.py": "a link is one row of values",
}

KEYS = {"id", "event_id", "legal_entity_id", "organiser_id"}


class Function(Struct, frozen=True):
    """`row_types` are the types of parameters that are a row of a table; `volatility` is `i`, `s` or `v`."""

    name: str
    language: str
    volatility: str
    parameters: list[str]
    parameter_types: list[str]
    row_types: list[str]
    returns: str
    body: str

    @property
    def types(self) -> dict[str, str]:
        """Of its parameters and variables."""
        return dict(zip(self.parameters, self.parameter_types, strict=False)) | types_declared(self.body)

    @property
    def is_trigger(self) -> bool:
        return self.returns == "trigger"


FUNCTIONS = """
SELECT n.nspname || '.' || p.proname, l.lanname, p.provolatile::text, coalesce(p.proargnames, '{}'),
    ARRAY(
        SELECT format_type(a.type, NULL)
        FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY AS a (type, place)
        ORDER BY a.place
    ),
    ARRAY(SELECT t.typname::text FROM pg_type AS t WHERE t.oid = ANY (p.proargtypes) AND t.typtype = 'c'),
    CASE WHEN p.proretset THEN 'SETOF text' WHEN p.prorettype IN ('trigger'::regtype, 'void'::regtype)
        THEN p.prorettype::regtype::text ELSE 'text' END,
    p.prosrc
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
    assert len(found) > 40
    return found


@pytest.fixture
def bodies(functions: list[Function]) -> dict[str, Body]:
    """Every function in PL/pgSQL, taken apart. Two of one name are told apart by their parameters."""
    return {
        f"{each.name}({', '.join(each.parameters)})": read_body(
            each.body, each.parameters, returns=each.returns
        )
        for each in functions
        if each.language == "plpgsql"
    }


@pytest.fixture
async def regional(owner: "asyncpg.Connection[Any]") -> set[str]:
    """The tables that live with their region."""
    found = {each.table_name for each in await read_tables(owner) if is_by_region(each)}
    assert len(found) > 60
    return found


@pytest.fixture
async def erasures(owner: "asyncpg.Connection[Any]") -> dict[str, str]:
    """The statements by which rows are erased, which are made from the catalogue."""
    made: defaultdict[str, str] = defaultdict(str)
    for each in await read_erasures(owner):
        made[each.table_name] += f"{each.statement};\n"
    return made | {
        f"{each.table_name} of {each.owner_name}": each.statement for each in await read_followers(owner)
    }


def levels_of(text: str) -> list[Level]:
    return [level for statement in parse(text) for level in levels(statement)]


def unnamed(found: list[Level], regional: set[str], records: set[str] | None = None) -> set[str]:
    """The tables of a region that no parameter binds to one."""
    return {
        level.tables[alias]
        for level in found
        for alias, binding in level.bindings(regional, records or ()).items()
        if binding != "named"
    }


def everything(bodies: dict[str, Body], erasures: dict[str, str]) -> Iterator[tuple[str, Node]]:
    """Every statement there is, by where it stands."""
    yield from ((called(each), statement) for each in DECLARED for statement in parse(each.text))
    yield from ((name, statement) for name, text in erasures.items() for statement in parse(text))
    yield from ((name, query) for name, body in bodies.items() for query in body.queries)


# Each statement and function names its region


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("SELECT 1 FROM a.t WHERE region_id = $1", {"t": "named"}),
        (
            "SELECT 1 FROM a.t AS x JOIN a.u AS y ON y.region_id = $1 WHERE x.region_id = $1",
            {"x": "named", "y": "named"},
        ),
        ("SELECT 1 FROM a.t AS x JOIN a.u AS y ON y.region_id = x.region_id", {"x": "tied", "y": "tied"}),
        (
            "SELECT 1 FROM a.t AS x JOIN a.u AS y ON y.id = x.id WHERE x.region_id = 1",
            {"x": "named", "y": "loose"},
        ),
        ("SELECT 1 FROM a.t WHERE region_id = $1 OR id = $2", {"t": "loose"}),
        ("WITH t AS (SELECT 1 AS id) SELECT 1 FROM t", {}),
        (
            "UPDATE a.t SET id = 1 FROM a.u WHERE t.region_id = u.region_id AND u.region_id = $1",
            {"t": "tied", "u": "named"},
        ),
        ("DELETE FROM a.t WHERE (region_id, id) = ($1, $2)", {"t": "named"}),
        ("INSERT INTO a.t (id, region_id) VALUES (1, $1), (2, $1)", {"t": "named"}),
        (
            "INSERT INTO a.t (region_id, id) SELECT $1, 1 UNION ALL SELECT x.region_id, 2 FROM b AS x",
            {"t": "loose"},
        ),
        ("INSERT INTO a.t (region_id, id) SELECT x.region_id, x.id FROM b AS x", {"t": "tied"}),
    ],
)
def test_what_binds_a_table_to_a_region_is_seen(text: str, bound: dict[str, str]) -> None:
    *_, level = (each for each in levels_of(text) if each.bindings({"a.t", "a.u"}) or not bound)

    assert level.bindings({"a.t", "a.u"}) == bound


def test_a_statement_names_the_region_of_each_table_but_for_a_few_that_only_read(regional: set[str]) -> None:
    found = {called(each): unnamed(levels_of(each.text), regional) for each in DECLARED}

    listed = {name for names in EVERY_REGION.values() for name in names}
    assert {name: tables for name, tables in found.items() if tables and name not in listed} == {}
    assert {name for name in listed - CHECKS if not found[name]} == set()


def test_what_reads_every_region_joins_on_the_region_and_changes_nothing(regional: set[str]) -> None:
    faults = set()
    for each in DECLARED:
        if any(called(each) in names for names in EVERY_REGION.values()):
            for level in levels_of(each.text):
                bound = level.bindings(regional)
                if level.writes or level.locks:
                    faults.add(f"{called(each)} writes or locks")
                if len(bound) > 1 and "loose" in bound.values():
                    faults.add(f"{called(each)} joins {sorted(bound)}")

    assert faults == set()


def test_a_function_on_tables_of_a_region_is_plpgsql_and_takes_that_region(
    functions: list[Function], bodies: dict[str, Body], regional: set[str]
) -> None:
    in_sql = [each for each in functions if each.language != "plpgsql"]
    touching = {
        name
        for name, body in bodies.items()
        if any(level.bindings(regional) for query in body.queries for level in levels(query))
    }
    triggers = {each.name for each in functions if each.is_trigger}

    assert len(touching) > 40
    assert [each.name for each in in_sql if any(table in each.body for table in regional)] == []
    assert [
        name for name in touching if "p_region" not in name and name.partition("(")[0] not in triggers
    ] == []
    assert [each.name for each in functions if each.row_types] == []


def test_each_table_in_a_function_is_of_the_region_that_was_given(
    bodies: dict[str, Body], regional: set[str]
) -> None:
    """A trigger names the region of its row."""
    astray = {
        name: tables
        for name, body in bodies.items()
        if (
            tables := unnamed(
                [each for query in body.queries for each in levels(query)], regional, body.records
            )
        )
    }

    assert astray == {}


def test_a_function_of_a_region_is_asked_for_one_that_is_given(
    bodies: dict[str, Body], functions: list[Function], erasures: dict[str, str]
) -> None:
    """And not for that of each row, which asks for a call on another server from within a query there."""
    regional = {each.name for each in functions if each.parameters[:1] == ["p_region"]}
    records = {name: body.records for name, body in bodies.items()}

    asked = [
        (where, name)
        for where, statement in everything(bodies, erasures)
        if where not in CHECKS
        for node in walk(statement)
        if isinstance(node, ast.FuncCall) and (name := name_of(node)) in regional
        if not is_given(node.args[0], records.get(where, ()))
    ]

    assert asked == []


def name_of(call: Node) -> str:
    return ".".join(each.sval for each in call.funcname)


def test_rows_are_locked_by_region_and_key(bodies: dict[str, Body], regional: set[str]) -> None:
    """In a function; a statement may lock what else is of its region."""
    locks = [
        (name, level.tables[alias], keys_of(level, alias))
        for name, body in bodies.items()
        for query in body.queries
        for level in levels(query)
        if level.locks
        for alias in level.bindings(regional)
    ]

    assert len(locks) > 5
    assert [(name, table) for name, table, keys in locks if not keys & KEYS] == []


def keys_of(level: Level, alias: str) -> set[str]:
    """The columns of a table that must be something, or one of some."""
    found = {column(left) for left, _ in level.equal} | {
        column(node.lexpr)
        for node in walk(level.node)
        if isinstance(node, ast.A_Expr) and node.kind == A_Expr_Kind.AEXPR_OP_ANY
    }
    return {each[-1] for each in found if each[:-1] in {(), (alias,)} and each}


async def test_a_duty_erases_region_by_region(erasures: dict[str, str], regional: set[str]) -> None:
    across = {name for name, text in erasures.items() if unnamed(levels_of(text), regional)}

    assert len(erasures) > 20
    assert across == ERASED_ACROSS


# What a spread table cannot answer


def test_no_statement_says_what_a_spread_table_cannot_answer(
    bodies: dict[str, Body], erasures: dict[str, str]
) -> None:
    assert [
        (where, why) for where, statement in everything(bodies, erasures) for why in cannot_be_said(statement)
    ] == []


def cannot_be_said(statement: Node) -> Iterator[str]:
    for node in walk((statement,)):
        match node:
            case ast.SubLink(subLinkType=SubLinkType.EXISTS_SUBLINK) if not asks_a_column(node.subselect):
                yield "EXISTS without a column"
            case ast.ColumnRef() if column(node)[-1:] == ("ctid",):
                yield "a physical address"
            case ast.InsertStmt() | ast.UpdateStmt() | ast.DeleteStmt():
                if any(becomes_text(each) for each in walk(returned(node))):
                    yield "a cast in RETURNING"
            case _:
                pass


def asks_a_column(query: Node) -> bool:
    return asks_a_column(query.larg) if query.larg else bool(query.targetList)


def becomes_text(node: Node) -> bool:
    return isinstance(node, ast.TypeCast) and node.typeName.names[-1].sval == "text"


def returned(statement: Node) -> Any:
    clause = getattr(statement, "returningList", None) or getattr(statement, "returningClause", None)
    return getattr(clause, "exprs", clause)


def test_no_update_asks_a_stable_function_of_ours_nor_the_time(
    bodies: dict[str, Body], functions: list[Function], erasures: dict[str, str]
) -> None:
    stable = {each.name for each in functions if each.volatility == "s"} | {"now", "pg_catalog.now"}

    asked = [
        (where, name_of(node))
        for where, statement in everything(bodies, erasures)
        for level in levels(statement)
        if isinstance(level.node, ast.UpdateStmt)
        for node in walk(level.node)
        if isinstance(node, ast.FuncCall) and name_of(node) in stable
    ]

    assert asked == []


async def test_no_update_asks_a_column_what_depends_on_the_session(
    owner: "asyncpg.Connection[Any]", dsn: str, functions: list[Function]
) -> None:
    """Such as adding an interval, or a cast to a day: the time zone of the session decides it."""
    updates = {called(each): each.text for each in DECLARED if "UPDATE" in each.text}
    updates |= {
        f"{each.name} {number}": written_out(query, each.types)
        for each in functions
        if each.language == "plpgsql"
        for number, query in enumerate(read_body(each.body, each.parameters, returns=each.returns).queries)
        if any(isinstance(level.node, ast.UpdateStmt) for level in levels(query))
    }
    rows = await owner.fetch("SELECT oid, oid::regprocedure::text FROM pg_proc WHERE provolatile <> 'i'")
    named = {int(oid): name for oid, name in rows}

    found = dict(zip(updates, await trees_of(dsn, list(updates.values())), strict=True))

    assert len(found) > 100
    assert {
        where: [named[each] for each in asked]
        for where, tree in found.items()
        if (asked := mutable_on_columns(tree, set(named)))
    } == {}


async def test_what_depends_on_the_session_is_seen_in_an_operator_and_in_a_cast(dsn: str) -> None:
    moment = "2026-01-01 00:00+00"
    [operator, cast, fine] = await trees_of(
        dsn,
        [
            "UPDATE uit.outbox SET due_at = due_at + interval '1 day' WHERE region_id = $1",
            "UPDATE uit.outbox SET attempts = 0 WHERE region_id = $1 AND due_at::date = $2",
            f"UPDATE uit.outbox SET due_at = now() WHERE region_id = $1 AND due_at > '{moment}'",
        ],
    )
    stable = {1189, 1178, 1299}

    assert [mutable_on_columns(each, stable) for each in (operator, cast, fine)] == [{1189}, {1178}, set()]


# Whether something was new


def test_whether_a_row_was_new_is_not_asked_of_an_insert_that_may_leave_it_out(
    bodies: dict[str, Body], erasures: dict[str, str]
) -> None:
    """By what it returns. A row that is changed whatever it was comes back on a cluster too."""
    asked = [
        where
        for where, statement in everything(bodies, erasures)
        for level in levels(statement)
        if leaves_out(level) and returned(level.node)
    ]

    assert asked == []


def test_nobody_counts_the_rows_of_an_insert_that_may_leave_some_out() -> None:
    counted = {
        each.name
        for each in DECLARED
        if isinstance(each, Command) and any(leaves_out(level) for level in levels_of(each.text))
    }

    used = [(module, name) for module, tree in trees().items() for name in used_calls(tree) & counted]

    assert len(counted) > 9
    assert used == []


def test_no_function_asks_how_many_rows_such_an_insert_wrote(functions: list[Function]) -> None:
    asks = re.compile(r"INSERT[^;]*\bSELECT\b[^;]*\bON CONFLICT\b[^;]*;[^;]*\b(?:FOUND|ROW_COUNT)\b")

    assert [each.name for each in functions if asks.search(without_comments(each.body))] == []


def test_a_row_that_is_there_already_is_told_by_its_error_where_more_is_read_than_that() -> None:
    """An INSERT of rows from a SELECT may fail in another way on a cluster."""
    told = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "UniqueViolationError" in path.read_text()
    }

    assert told == set(TOLD_BY_AN_ERROR)


def leaves_out(level: Level) -> bool:
    """INSERT … SELECT … ON CONFLICT, when a row that is there may stay as it is."""
    node = level.node
    if not isinstance(node, ast.InsertStmt) or node.onConflictClause is None or node.selectStmt.valuesLists:
        return False
    clause = node.onConflictClause
    return clause.action == OnConflictAction.ONCONFLICT_NOTHING or clause.whereClause is not None


def used_calls(tree: python.Module) -> set[str]:
    """What a module awaits for its result."""
    idle = {id(node.value) for node in python.walk(tree) if isinstance(node, python.Expr)}
    return {
        node.value.func.id
        for node in python.walk(tree)
        if isinstance(node, python.Await) and id(node) not in idle
        if isinstance(node.value, python.Call) and isinstance(node.value.func, python.Name)
    }


@pytest.mark.parametrize("text", ["DO NOTHING", "DO UPDATE SET b = excluded.b WHERE t.b <> excluded.b"])
def test_an_insert_that_may_leave_out_is_seen(text: str) -> None:
    asks, _ = levels_of(f"INSERT INTO t (a, b) VALUES (1, 2) ON CONFLICT (a) {text}")
    leaves, _ = levels_of(f"INSERT INTO t (a, b) SELECT a, b FROM u ON CONFLICT (a) {text}")

    assert (leaves_out(asks), leaves_out(leaves)) == (False, True)


# What is spread otherwise


def test_what_is_spread_by_its_own_key_is_found_by_it_and_joined_with_no_other(
    bodies: dict[str, Body], regional: set[str]
) -> None:
    """Rows of one key and of one region stand on different nodes."""
    faults = [
        (where, sorted(level.tables.values()))
        for where, statement in everything(bodies, {})
        if where not in CHECKS
        for level in levels(statement)
        if len(spread := [each for each in level.tables.values() if each in BY_OWN_KEY or each in regional])
        > 1
        if set(spread) & set(BY_OWN_KEY)
    ]

    assert faults == []


async def test_a_trigger_hangs_on_a_spread_or_a_local_table_only(
    owner: "asyncpg.Connection[Any]", regional: set[str]
) -> None:
    """On a copied table it would run on every node; `distribute` takes the one away that there is."""
    tables = {each.table_name: each for each in await read_tables(owner) if each.has_triggers}

    assert {name for name, table in tables.items() if name not in regional and not is_local(table)} == {
        "uit.municipality"
    }


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("SELECT 1 WHERE EXISTS (\n SELECT FROM x)", "EXISTS without a column"),
        ("DELETE FROM x WHERE ctid = $1", "a physical address"),
        ("INSERT INTO x VALUES (1) RETURNING id, kind::text", "a cast in RETURNING"),
    ],
)
def test_what_is_refused_is_seen(text: str, why: str) -> None:
    assert [each for statement in parse(text) for each in cannot_be_said(statement)] == [why]
