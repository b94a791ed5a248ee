"""What `python -m uit distribute` prints: by what each table is spread, and only what is missing."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from pglast import parse_sql

from uit.database.catalogue import Table, read_references, read_tables
from uit.database.distribute import (
    BY_OWN_KEY,
    COPIED,
    LOCAL,
    SETTINGS,
    is_by_region,
    is_copied,
    is_local,
    statements,
)
from uit.database.pool import APPLICATION_ROLE

# As Citus keeps it, as far as it is read here.
PARTITION_TABLE = (
    'CREATE TABLE pg_dist_partition (logicalrelid regclass PRIMARY KEY, partmethod "char" NOT NULL)'
)
PLACED = "INSERT INTO pg_dist_partition SELECT to_regclass(table_name), 'h' FROM uit.retention"

# Every unique or excluding index without the column by which its table is spread.
KEYS_WITHOUT = """
SELECT i.indexrelid::regclass::text FROM pg_index AS i
WHERE i.indrelid = $1::text::regclass AND (i.indisunique OR i.indisexclusion) AND NOT EXISTS (
    SELECT 1 FROM pg_attribute AS a
    WHERE a.attrelid = i.indrelid AND a.attname = $2 AND a.attnum = ANY (i.indkey)
)
"""
REGION_IN_BOTH = """
SELECT k.conname FROM pg_constraint AS k
WHERE k.contype = 'f' AND k.conrelid = ANY ($1::text[]::regclass[])
    AND k.confrelid = ANY ($1::text[]::regclass[]) AND NOT EXISTS (
        SELECT 1 FROM unnest(k.conkey, k.confkey) AS pair (child, parent)
        JOIN pg_attribute AS c ON c.attrelid = k.conrelid AND c.attnum = pair.child
        JOIN pg_attribute AS p ON p.attrelid = k.confrelid AND p.attnum = pair.parent
        WHERE c.attname = 'region_id' AND p.attname = 'region_id'
    )
"""


@pytest.fixture
async def owner(dsn: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """In a transaction that is undone: a role is of the whole server."""
    made = await asyncpg.connect(dsn)
    undone = made.transaction()
    await undone.start()
    yield made
    await undone.rollback()
    await made.close()


@pytest.fixture
async def tables(owner: "asyncpg.Connection[Any]") -> list[Table]:
    found = await read_tables(owner)
    assert len(found) > 80
    return found


def about(made: list[str], word: str) -> list[str]:
    """The tables that the statements with this word name first, in order."""
    return [line.split("'")[1] for line in made if word in line]


async def test_every_table_has_one_place_and_each_that_citus_must_know_is_named_once(
    owner: "asyncpg.Connection[Any]", tables: list[Table]
) -> None:
    made = await statements(owner)

    spread = [each.table_name for each in tables if not is_local(each)]
    named = about(made, "create_reference_table") + about(made, "create_distributed_table")
    assert sorted(named) == sorted(spread)
    names = {each.table_name for each in tables}
    assert names >= {*BY_OWN_KEY, *COPIED, *LOCAL}


async def test_everything_that_is_printed_is_sql_and_what_it_leans_on_comes_first(
    owner: "asyncpg.Connection[Any]",
) -> None:
    made = await statements(owner)

    assert len(parse_sql("\n".join(made))) == len(made)
    settings = [line for line in made if line.startswith("SET ")]
    assert settings == [f"SET {name} TO '{value}';" for name, value in SETTINGS.items()]
    assert all(made.index(line) < 6 for line in settings)
    order = about(made, "create_")
    assert all(
        order.index(each.parent) < order.index(each.child)
        for each in await read_references(owner)
        if {each.parent, each.child} <= set(order)
    )


async def test_what_a_region_owns_stands_together(owner: "asyncpg.Connection[Any]") -> None:
    regional = [line for line in await statements(owner) if "'region_id'" in line]

    first, *others = regional
    assert first.endswith("colocate_with => 'none');")
    assert all(line.endswith(f"colocate_with => '{about([first], '')[0]}');") for line in others)
    assert {
        "reservations.session", "reservations.pool", "reservations.booking", "reservations.ticket",
        "reservations.listing", "credits.wallet", "credits.purse", "credits.transfer", "passes.card",
        "uit.outbox",
    } <= set(about(regional, ""))  # fmt: skip


async def test_a_sign_in_is_spread_by_its_digest_and_an_id_by_itself(
    owner: "asyncpg.Connection[Any]",
) -> None:
    made = await statements(owner)

    for name in ("session", "link", "access_token", "device"):
        assert (
            f"SELECT create_distributed_table('identity.{name}', 'digest', colocate_with => 'none');" in made
        )
    assert "SELECT create_distributed_table('uit.directory', 'key', colocate_with => 'none');" in made


async def test_labels_and_the_catalogue_stay_and_citus_is_told_of_those_with_triggers(
    owner: "asyncpg.Connection[Any]", tables: list[Table]
) -> None:
    made = await statements(owner)

    stay = {each.table_name for each in tables if is_local(each)}
    assert stay >= {"labels.dossier", "labels.award", "uit.retention", "public.uit_migration"}
    assert stay.isdisjoint(about(made, "create_"))
    assert about(made, "citus_add_local_table_to_metadata") == ["labels.criteria_set", "labels.criterion"]


async def test_every_key_of_a_spread_table_has_what_it_is_spread_by(
    owner: "asyncpg.Connection[Any]", tables: list[Table]
) -> None:
    spread = BY_OWN_KEY | {each.table_name: "region_id" for each in tables if is_by_region(each)}

    without = {name: await owner.fetch(KEYS_WITHOUT, name, column) for name, column in spread.items()}

    assert {name: rows for name, rows in without.items() if rows} == {}


async def test_a_table_refers_to_its_own_region_or_to_what_every_node_has(
    owner: "asyncpg.Connection[Any]", tables: list[Table]
) -> None:
    """Citus refuses other foreign keys of what is spread, and those of a copied table to a spread one."""
    by_region = {each.table_name for each in tables if is_by_region(each)}
    copied = {each.table_name for each in tables if is_copied(each)}
    local = {each.table_name for each in tables if is_local(each)}
    references = await read_references(owner)

    allowed = {
        **dict.fromkeys(by_region, by_region | copied),
        **dict.fromkeys(copied, copied),
        **dict.fromkeys(BY_OWN_KEY, copied),
        **dict.fromkeys(local, local | copied),
    }
    assert [each for each in references if each.parent not in allowed[each.child]] == []
    assert await owner.fetch(REGION_IN_BOTH, list(by_region)) == []


async def test_the_role_of_the_application_may_log_in_on_the_nodes(owner: "asyncpg.Connection[Any]") -> None:
    """A node is reached as the role that asks."""
    lets_in = f"ALTER ROLE {APPLICATION_ROLE} LOGIN;"
    await owner.execute(f"ALTER ROLE {APPLICATION_ROLE} NOLOGIN")
    assert lets_in in await statements(owner)

    await owner.execute(lets_in)

    assert lets_in not in await statements(owner)


@pytest.mark.own_database
async def test_what_a_plain_server_can_run_of_it_runs_and_functions_plan_anew_for_each_region(
    owner: "asyncpg.Connection[Any]",
) -> None:
    plain = [line for line in await statements(owner) if line.startswith(("ALTER ", "SET ", "DROP TRIGGER"))]
    forced = "SELECT count(*) FROM pg_proc WHERE 'plan_cache_mode=force_generic_plan' = ANY (proconfig)"
    assert await owner.fetchval(forced) > 9

    for line in plain:
        await owner.execute(line)

    assert await owner.fetchval(forced) == 0
    assert [line for line in await statements(owner) if line.startswith(("ALTER ", "DROP TRIGGER"))] == []


@pytest.mark.own_database
async def test_only_what_is_missing_is_printed_also_after_a_later_migration(
    owner: "asyncpg.Connection[Any]",
) -> None:
    first = about([line for line in await statements(owner) if "'region_id'" in line], "")[0]
    await owner.execute(PARTITION_TABLE)
    await owner.execute(PLACED)
    made = await statements(owner)
    assert [line for line in made if "create_" in line or "metadata" in line or "TRIGGER" in line] == []

    await owner.execute(
        "CREATE TABLE credits.a_first (region_id integer, id uuid, PRIMARY KEY (region_id, id))"
    )
    await owner.execute("INSERT INTO uit.retention VALUES ('credits.a_first', 'scheme', NULL)")

    [line] = [line for line in await statements(owner) if "create_" in line]
    assert line == (
        f"SELECT create_distributed_table('credits.a_first', 'region_id', colocate_with => '{first}');"
    )
