"""Every statement against the migrated schema.

It prepares as the application, fits its struct, is called, stays in its own schema, and keeps its index where
many wait for it.
"""

import ast
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID, uuid4

import asyncpg
import pytest
from asyncpg import Attribute, Range, Type

from reservations.booking.actor import ByStaff
from reservations.booking.commands import Command, GiveUp
from reservations.booking.turnstile import settle_batch
from tests.builders import World
from uit.database.migrate import read_migrations
from uit.database.pool import APPLICATION_ROLE, ChainedTransactions
from uit.database.retention import read_erasures
from uit.database.statements import DECLARED, ROOT, Statement, Value, split

PACKAGES = ("uit", "organisers", "credits", "reservations")

# Lowest first. A statement reads these and lower ones; the vault is opened by identity alone.
HEIGHT = {
    "uit": 0, "identity": 1, "vault": 1, "passes": 2, "organisers": 3, "labels": 4, "credits": 5,
    "reservations": 6,
}  # fmt: skip
# What is wired above all packages may read everything and writes through their verbs.
TOP = ("uit/example",)

TYPES: dict[str, type] = {
    "int2": int, "int4": int, "int8": int, "text": str, "varchar": str, "uuid": UUID, "bool": bool,
    "bytea": bytes, "timestamptz": datetime, "date": date, "time": time, "interval": timedelta,
    "json": str, "jsonb": str,
    "float8": float, "numeric": Decimal, "tstzrange": Range,
}  # fmt: skip

# Statements that many wait for, each with the tables that it may not read whole. Add a line for another.
HOT = {
    ("uit/identity/visitor", "read_session"): {"identity.session"},
    ("uit/identity/visitor", "read_bearer"): {"identity.access_token", "identity.client"},
    ("uit/identity/visitor", "read_roles"): {"identity.role", "identity.staff"},
    ("uit/database/outbox", "regions_waiting"): {"uit.outbox"},
    ("uit/database/outbox", "claim"): {"uit.outbox"},
    ("uit/database/outbox", "mark_delivered"): {"uit.outbox"},
    ("uit/database/outbox", "put_off"): {"uit.outbox"},
    ("uit/database/failed_message", "read_failed"): {"uit.outbox"},
    ("uit/database/failed_message", "count_failed"): {"uit.outbox"},
    ("reservations/booking/turnstile", "region_of_booking"): {"uit.directory"},
    ("reservations/booking/session_region", "region_of_session"): {"uit.directory"},
    ("reservations/checkin/find_ticket", "tickets_of_barcode"): {"uit.foreign_id"},
    ("reservations/booking_list/booking_list", "list_bookings"): {
        "reservations.ticket",
        "reservations.line",
        "reservations.contact",
    },
    ("reservations/writing/readers", "read_readers"): {
        "reservations.ticket",
        "reservations.line",
        "reservations.booking",
        "reservations.contact",
    },
    ("reservations/outcomes/outcomes", "read_outcomes"): {
        "reservations.ticket",
        "reservations.line",
        "reservations.contact",
    },
    ("reservations/sessions/due", "next_unpaid_bookings"): {"reservations.ticket"},
    ("reservations/writing/copy_to_send", "read_copy"): {"reservations.session"},
    ("reservations/figures/figures", "read_figures"): {"reservations.ticket", "reservations.line"},
    ("reservations/today/evenings", "read_soon"): {"reservations.session", "reservations.ticket"},
    ("reservations/today/evenings", "read_undecided"): {"reservations.session", "reservations.ticket"},
    ("reservations/today/evenings", "read_filling"): {
        "reservations.session",
        "reservations.ticket",
        "reservations.booking",
    },
    ("reservations/today/evenings", "read_past"): {
        "reservations.session",
        "reservations.ticket",
        "reservations.line",
    },
    ("reservations/checkin/checkin", "read_ticket"): {"reservations.ticket"},
    ("reservations/checkin/party", "bookings_of_holder"): {
        "reservations.line",
        "reservations.claimed_booking",
        "reservations.ticket",
    },
    ("reservations/checkin/party", "read_date"): {"reservations.ticket"},
    ("reservations/checkin/undo", "used_by_checkin"): {"reservations.ticket"},
    ("reservations/booking/expiry", "bookings_to_expire"): {"reservations.booking"},
    ("reservations/sessions/due", "find_settling"): {"reservations.session"},
    ("reservations/sessions/due", "claim_settling"): {"reservations.session"},
    ("reservations/sessions/due", "find_calling_off"): {"reservations.session"},
    ("reservations/sessions/due", "claim_calling_off"): {"reservations.session"},
    ("credits/wallet/lapse", "find_due"): {"credits.purse"},
}


def load_all() -> None:
    for package in PACKAGES:
        folder = import_module(package)
        for module in walk_packages(folder.__path__, f"{package}."):
            if not module.name.endswith("__main__"):
                import_module(module.name)


load_all()


@pytest.fixture(scope="module")
def statements() -> list[Statement]:
    assert len(DECLARED) > 100
    return DECLARED


@pytest.fixture
async def connection(dsn: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """As the application."""
    made = await asyncpg.connect(dsn, server_settings={"role": APPLICATION_ROLE})
    yield made
    await made.close()


@pytest.fixture
async def owner(dsn: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    made = await asyncpg.connect(dsn)
    yield made
    await made.close()


def called(statement: Statement) -> str:
    return f"{statement.origin}: {statement.name}"


# Every statement prepares and fits its struct


async def test_every_statement_prepares_and_fits_what_it_becomes(
    statements: list[Statement], connection: "asyncpg.Connection[Any]"
) -> None:
    faults = []
    for statement in statements:
        try:
            prepared = await connection.prepare(statement.text)
        except asyncpg.PostgresError as wrong:
            faults.append(f"{called(statement)} does not prepare: {wrong}")
        else:
            labels = await labels_of(connection, prepared.get_attributes())
            faults += [
                f"{called(statement)}: {why}" for why in misfits(statement, prepared.get_attributes(), labels)
            ]

    assert not faults, "\n".join(faults)


async def labels_of(
    connection: "asyncpg.Connection[Any]", columns: tuple[Attribute, ...]
) -> dict[int, set[str]]:
    """The values of each enum among the columns, by the number of its type."""
    oids = [column.type.oid for column in columns]
    rows = await connection.fetch(
        "SELECT enumtypid, enumlabel FROM pg_enum WHERE enumtypid = ANY($1::oid[])", oids
    )
    labels: dict[int, set[str]] = {}
    for oid, label in rows:
        labels.setdefault(oid, set()).add(label)
    return labels


def misfits(
    statement: Statement, columns: tuple[Attribute, ...], labels: dict[int, set[str]]
) -> Iterator[str]:
    row = statement.row
    if row is None:
        return
    if isinstance(statement, Value):
        if not fits(columns[0].type, row, labels):
            yield f"a {columns[0].type.name} does not become a {row}"
        return
    names = [column.name for column in columns]
    if names != list(row.__struct_fields__):  # type: ignore[attr-defined]
        yield f"the columns are {names}, the fields of {row.__name__} are {list(row.__struct_fields__)}"  # type: ignore[attr-defined]
        return
    hints = get_type_hints(row)
    for column in columns:
        if not fits(column.type, hints[column.name], labels):
            yield f"{column.name} is a {column.type.name} and becomes a {hints[column.name]}"


def fits(kind: Type, hint: object, labels: dict[int, set[str]]) -> bool:
    """Whether asyncpg gives for a column of this type what the annotation promises."""
    if get_origin(hint) in (Union, UnionType):
        return any(fits(kind, each, labels) for each in get_args(hint) if each is not NoneType)
    if kind.kind == "array":
        inside = TYPES.get(kind.name.removesuffix("[]"), str)
        of, *_ = get_args(hint) or (None,)
        # A struct that also comes from JSON says tuple; to who only reads it a list is as good.
        return get_origin(hint) in {list, tuple} and (of is inside or (inside is str and is_text(of)))
    if kind.oid in labels:
        return is_text(hint) and values_of(hint) in (None, labels[kind.oid])
    return TYPES.get(kind.name) is hint or (kind.name == "text" and values_of(hint) is not None)


def is_text(hint: object) -> bool:
    return hint is str or values_of(hint) is not None


def values_of(hint: object) -> set[str] | None:
    """The words that an annotation allows; None when it allows any."""
    if get_origin(hint) is Literal:
        return set(get_args(hint))
    if isinstance(hint, type) and issubclass(hint, str) and issubclass(hint, Enum):
        return {str(each.value) for each in hint}
    return None


# Every statement is declared and called


def sql_files() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("sql/*.sql")):
            yield f"{path.parent.parent.relative_to(ROOT).as_posix()}/{path.stem}", path


def test_every_written_statement_is_declared_once(statements: list[Statement]) -> None:
    written = sorted((origin, name) for origin, path in sql_files() for name, _ in split(path.read_text()))
    declared = sorted((statement.origin, statement.name) for statement in statements)

    assert sorted(set(written) - set(declared)) == []
    assert [each for each in set(declared) if declared.count(each) > 1] == []
    assert [each for each in set(written) if written.count(each) > 1] == []


@cache
def trees() -> dict[str, ast.Module]:
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text()) for path in paths}


def is_declaration(node: ast.AST) -> bool:
    """`SQL.one("read", Row)`."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=source)), args=[ast.Constant(), *_]):
            return source.endswith("SQL")
        case _:
            return False


def variables(tree: ast.Module) -> set[str]:
    """Names of a module that stand for a statement."""
    return {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and is_declaration(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def names_used(tree: ast.Module) -> set[str]:
    """Names that are read: by themselves, of a module, or imported from one."""
    used = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    used |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return used | {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }


def test_every_declared_statement_is_called_somewhere(statements: list[Statement]) -> None:
    """One that gets no name is used where it is declared."""
    used = {name for tree in trees().values() for name in names_used(tree)}

    idle = {module: names for module, tree in trees().items() if (names := variables(tree) - used)}

    assert idle == {}
    assert len(statements) == sum(
        is_declaration(node) for tree in trees().values() for node in ast.walk(tree)
    )


# SQL flows down

WRITES = re.compile(
    r"(?:INSERT\s+INTO|(?<!DO )(?<!KEY )(?<!FOR )UPDATE|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE)\s+(\w+)\.(\w+)"
)
NAMED = re.compile(r"(?<![\w.'])([a-z]+)\.([a-z_]+)\b")
FUNCTION = re.compile(r"CREATE (?:OR REPLACE )?FUNCTION ([a-z]+)\.(\w+).*?AS \$\$(.*?)\$\$", re.DOTALL)


def schema_of(origin: str) -> str:
    """The schema of the package that a statement stands in."""
    package, below, *_ = origin.split("/")
    if package == "uit":
        return below if below in HEIGHT else "uit"
    return "labels" if below == "labels" else package


def without_comments(text: str) -> str:
    return re.sub(r"--[^\n]*", "", text)


def strays(schema: str, text: str) -> set[str]:
    """What a statement of a schema writes elsewhere, and what it reads above itself."""
    text = without_comments(text)
    written = {f"writes {other}.{table}" for other, table in WRITES.findall(text) if other != schema}
    named = {(other, table) for other, table in NAMED.findall(text) if other in HEIGHT}
    return written | {f"reads {other}.{table}" for other, table in named if HEIGHT[other] > HEIGHT[schema]}


def test_a_statement_writes_its_own_schema_and_reads_no_higher_one(statements: list[Statement]) -> None:
    faults = {
        f"{called(each)} {stray}"
        for each in statements
        if not each.origin.startswith(TOP)
        for stray in strays(schema_of(each.origin), each.text)
    }
    faults |= {
        f"{called(each)} writes {schema}.{table}"
        for each in statements
        if each.origin.startswith(TOP)
        for schema, table in WRITES.findall(without_comments(each.text))
    }

    assert faults == set()


def test_a_function_of_a_schema_writes_that_schema_and_reads_no_higher_one() -> None:
    functions = [
        (schema, name, body)
        for migration in read_migrations()
        for schema, name, body in FUNCTION.findall(migration.text)
    ]

    assert len(functions) > 8
    assert {f"{s}.{name} {stray}" for s, name, body in functions for stray in strays(s, body)} == set()


def test_the_check_of_the_flow_sees_what_it_looks_for() -> None:
    assert strays("credits", "INSERT INTO reservations.booking SELECT FROM passes.card") == {
        "writes reservations.booking",
        "reads reservations.booking",
    }
    assert strays("credits", "SELECT FROM credits.purse FOR UPDATE") == set()
    assert strays("uit", "UPDATE identity.person SET email = NULL") == {
        "writes identity.person",
        "reads identity.person",
    }


# Hot statements keep their index

FILL = """
SET session_replication_role = replica;
INSERT INTO identity.staff (id, name, email, created_at)
SELECT gen_random_uuid(), 'An', n || '@example.org', now() FROM generate_series(1, 20000) AS n;
INSERT INTO identity.role (region_id, id, staff_id, role, starts_at)
SELECT 1, gen_random_uuid(), id, 'clerk', now() FROM identity.staff;
INSERT INTO identity.session (digest, staff_id, created_at, expires_at)
SELECT sha256(id::text::bytea), id, now(), now() FROM identity.staff;
INSERT INTO identity.client (region_id, id, name, secret_digest, organiser_ids, created_at)
SELECT 1, n, 'Kassa', '', '{}', now() FROM generate_series(1, 20000) AS n;
INSERT INTO identity.access_token (digest, client_id, created_at, expires_at)
SELECT sha256(id::bytea), id, now(), now() FROM identity.client;
INSERT INTO uit.directory (kind, key, region_id)
SELECT kind, gen_random_uuid(), 1
FROM generate_series(1, 10000), unnest('{booking,session,card}'::uit.directory_kind[]) AS kind;
INSERT INTO uit.foreign_id (region_id, kind, source, foreign_id, owner, line_no, ticket_no, barcode)
SELECT 1, 'ticket', 'oud', n, gen_random_uuid(), 1, 1, n FROM generate_series(1, 20000) AS n;
INSERT INTO uit.outbox (region_id, id, topic, key, payload, created_at, due_at, delivered_at, failed_at)
SELECT 1, gen_random_uuid(), 'x', gen_random_uuid(), '{}', now(), now(),
    CASE WHEN n > 20 THEN now() END, CASE WHEN n < 5 THEN now() END
FROM generate_series(1, 20000) AS n;
INSERT INTO reservations.booking (region_id, id, digest, channel, actor_kind, actor_id, made_at, held_until)
SELECT 1, gen_random_uuid(), '', 'api', 'worker', '', now(), CASE WHEN n < 20 THEN now() END
FROM generate_series(1, 20000) AS n;
INSERT INTO reservations.session (region_id, id, event_id, organiser_id, domain, attendance, starts_at,
    ends_at, sale_closes_at, cancel_until, pool_ids, due_at, changed_at)
SELECT 1, id, id, id, 'culture', 'offline', now(), now(), now(), now(), '{}', held_until, now()
FROM reservations.booking;
INSERT INTO credits.purse (region_id, id, held_account_id, wallet_id, programme_id, version, fund_id, period,
    granted_cents, available_cents, lapses_at, lapse_due_at, granted_at)
SELECT 1, id, id, id, id, 1, id, id, 1, 1, now(), held_until, now() FROM reservations.booking;
INSERT INTO reservations.line (region_id, booking_id, no, session_id, rank, holder_id, seller_id, places,
    price_cents, vat_code, pool_ids)
SELECT 1, id, 1, id, 0, id, id, 1, 0, 'exempt', '{}' FROM reservations.booking;
INSERT INTO reservations.ticket (region_id, booking_id, line_no, no, session_id, status, attended_at,
    checkin_id)
SELECT 1, id, 1, 1, id, 'attended', now(), id FROM reservations.booking;
INSERT INTO reservations.claimed_booking SELECT 1, id, id, now() FROM reservations.booking;
INSERT INTO reservations.contact (region_id, booking_id, name, email, last_session_at)
SELECT 1, id, 'Lotte', 'lotte@example.org', now() FROM reservations.booking;
"""


@pytest.mark.own_database
async def test_hot_statements_never_read_a_table_from_end_to_end(
    statements: list[Statement], owner: "asyncpg.Connection[Any]"
) -> None:
    await owner.execute(FILL)
    await owner.execute("ANALYZE")
    texts = {(each.origin, each.name): each.text for each in statements}

    scanned = {key: await scans(owner, texts[key]) & tables for key, tables in HOT.items()}

    assert {key: tables for key, tables in scanned.items() if tables} == {}


@pytest.mark.own_database
async def test_what_is_due_is_found_by_an_index(owner: "asyncpg.Connection[Any]") -> None:
    """By its age, and by the day that was set for who asked: one statement for both would read all of it."""
    await owner.execute("SET enable_seqscan = off")
    tables = {f"identity.{name}" for name in ("session", "link", "access_token", "device", "person")}
    asked = [each for each in await read_erasures(owner) if each.table_name in tables]

    scanned = [await scans(owner, each.statement) & tables for each in asked]

    assert (len(asked), scanned) == (10, [set()] * 10)


# Bookings of one region, each with a line, a ticket and a hold.
FILL_BOOKINGS = """
SET LOCAL session_replication_role = replica;
INSERT INTO reservations.booking (region_id, id, digest, channel, actor_kind, actor_id, made_at)
SELECT 1, gen_random_uuid(), '', 'api', 'worker', '', now() FROM generate_series(1, 2000);
INSERT INTO uit.directory (kind, key, region_id) SELECT 'booking', id, 1 FROM reservations.booking;
INSERT INTO reservations.line
    (region_id, booking_id, no, session_id, rank, seller_id, places, price_cents, vat_code, pool_ids)
SELECT 1, id, 1, id, 0, id, 1, 0, 'exempt', '{}' FROM reservations.booking;
INSERT INTO reservations.ticket (region_id, booking_id, line_no, no, status)
SELECT 1, id, 1, 1, 'confirmed' FROM reservations.booking;
INSERT INTO credits.transfer
    (region_id, id, kind, debit_id, credit_id, amount_cents, at, purse_id, booking_id, line_no)
SELECT 1, id, 'hold', id, gen_random_uuid(), 1, now(), id, id, 1 FROM reservations.booking;
INSERT INTO credits.resolution SELECT 1, id, 0, 1, now() FROM reservations.booking;
INSERT INTO credits.wallet SELECT 1, id FROM reservations.booking;
"""
MOST_READ = 20


@pytest.mark.own_database
async def test_a_booking_among_many_reads_only_its_own_rows(
    world: World, owner: "asyncpg.Connection[Any]"
) -> None:
    """The turnstile is made of functions, into which EXPLAIN does not look: the server counts the rows.

    The tables are not analysed: a fresh town that suddenly has many bookings waits for nobody to do so.
    """
    async with owner.transaction():
        await owner.execute(FILL_BOOKINGS)
    session, anna = await world.session(), await world.resident(credit_cents=1000)
    take = world.command(anna, [(session, "base", 2)])

    read = [
        await read_by(world, command)
        for command in (take, take, GiveUp(1, take.booking_id, ByStaff(uuid4())))
    ]

    assert [{table: rows for table, rows in each.items() if rows > MOST_READ} for each in read] == [
        {},
        {},
        {},
    ]
    assert all(each["reservations.pool"] for each in read)


async def read_by(world: World, command: Command) -> Counter[str]:
    """How many rows of each table are read to settle an ask."""
    await world.value("SELECT pg_stat_force_next_flush()")
    before = await rows_read(world)
    async with ChainedTransactions(world.services.database, lambda: False).transaction() as transaction:
        await transaction.tx.execute("SELECT pg_stat_force_next_flush()")
        await settle_batch(transaction, [command], world.clock, world.services.ids)
    return await rows_read(world) - before


async def rows_read(world: World) -> Counter[str]:
    read = "schemaname || '.' || relname, seq_tup_read + coalesce(idx_tup_fetch, 0)"
    return Counter(dict(await world.rows(f"SELECT {read} FROM pg_stat_user_tables")))


@pytest.mark.own_database
async def test_the_check_of_the_index_sees_a_scan(owner: "asyncpg.Connection[Any]") -> None:
    assert await scans(owner, "SELECT FROM uit.region WHERE name = $1") == {"uit.region"}


async def scans(owner: "asyncpg.Connection[Any]", text: str) -> set[str]:
    """The tables that the plan for any values reads whole."""
    count = len((await owner.prepare(text)).get_parameters())
    await owner.execute("SET plan_cache_mode = force_generic_plan")
    await owner.execute(f"PREPARE asked AS {text}")
    given = f"({', '.join(['NULL'] * count)})" if count else ""
    lines = await owner.fetch(f"EXPLAIN (VERBOSE) EXECUTE asked {given}")
    await owner.execute("DEALLOCATE asked")
    return {name for (line,) in lines for name in re.findall(r"Seq Scan on (\w+\.\w+)", line)}


async def test_what_is_reckoned_for_each_row_keeps_its_plan(owner: "asyncpg.Connection[Any]") -> None:
    """Planned anew for each, an agenda takes five times as long."""
    plans_anew = await owner.fetch(
        "SELECT p.oid::regprocedure::text AS name, p.prosrc FROM pg_proc AS p"
        " JOIN pg_language AS l ON l.oid = p.prolang"
        " WHERE l.lanname = 'plpgsql' AND p.provolatile = 's' AND NOT p.proretset"
        " AND p.prorettype NOT IN ('json'::regtype, 'record'::regtype, 'void'::regtype)"
        " AND 'plan_cache_mode=force_generic_plan' <> ALL (coalesce(p.proconfig, '{}'))"
    )
    assert [each["name"] for each in plans_anew if "FROM " in each["prosrc"]] == []


def test_what_is_claimed_is_read_once(statements: list[Statement]) -> None:
    """A subquery that claims rows may be read for each row of a join, and then claims more than it gives.

    In a WITH, or an ARRAY, it is read once.
    """
    claims = re.compile(r"(?:FROM|JOIN)\s*\(\s*SELECT[^;()]*(?:\([^()]*\)[^;()]*)*SKIP LOCKED", re.IGNORECASE)

    assert [called(each) for each in statements if claims.search(without_comments(each.text))] == []
