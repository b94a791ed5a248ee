"""The promises of the schema: how long a table is kept, whose rows stay together, who may do what."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.builders import World
from uit.database.catalogue import parents_first, read_references
from uit.database.pool import APPLICATION_ROLE
from uit.database.retention import erase_due, read_erasures
from uit.services.audit import Author

# What is found by an id or a secret that comes alone, before anybody knows its region.
FOUND_WITHOUT_REGION = {
    "uit.directory": "says in which region an id lives",
    "identity.door_link": "a volunteer's phone sends its secret and nothing else",
    "identity.new_email": "the link in a mail carries its secret and nothing else",
    "identity.client": "a token request names the client and nothing else (RFC 6749, 4.4.2)",
}


@pytest.fixture
async def owner(dsn: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    made = await asyncpg.connect(dsn)
    yield made
    await made.close()


async def names(connection: "asyncpg.Connection[Any]", query: str) -> set[str]:
    return {row[0] for row in await connection.fetch(query)}


# Retention


async def test_every_table_has_a_retention_class_and_no_class_names_a_table_that_is_gone(
    owner: "asyncpg.Connection[Any]",
) -> None:
    tables = await names(
        owner,
        "SELECT n.nspname || '.' || c.relname FROM pg_class AS c"
        " JOIN pg_namespace AS n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'p')"
        " AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')",
    )

    assert tables == await names(owner, "SELECT table_name FROM uit.retention")
    assert len(tables) > 40


async def test_every_table_is_erased_goes_with_another_or_belongs_to_a_class_that_says_it_is_kept(
    owner: "asyncpg.Connection[Any]",
) -> None:
    kept = await names(owner, "SELECT name FROM uit.retention_class WHERE keep IS NULL")
    neither = await names(
        owner,
        "SELECT r.table_name FROM uit.retention AS r JOIN uit.retention_class AS c ON c.name = r.class"
        " WHERE (r.since IS NULL AND c.keep IS NOT NULL AND NOT EXISTS ("
        " SELECT FROM uit.retention_follower AS f WHERE f.table_name = r.table_name))"
        " OR (r.since IS NOT NULL AND c.keep IS NULL)",
    )

    assert neither == set()
    assert kept == {"accounts", "dossier", "reference", "scheme"}


async def test_the_columns_that_retention_goes_by_exist(owner: "asyncpg.Connection[Any]") -> None:
    """A moment or a day to count from, and the id of whose rows go along."""
    wrong = await names(
        owner,
        "SELECT r.table_name || '.' || r.since FROM uit.retention AS r"
        " WHERE r.since IS NOT NULL AND NOT EXISTS ("
        " SELECT FROM pg_attribute WHERE attrelid = to_regclass(r.table_name) AND attname = r.since"
        " AND atttypid IN ('timestamptz'::regtype, 'date'::regtype))",
    )
    wrong |= await names(
        owner,
        "SELECT f.table_name || '.' || f.column_name FROM uit.retention_follower AS f WHERE NOT EXISTS ("
        " SELECT FROM pg_attribute WHERE attrelid = to_regclass(f.table_name) AND attname = f.column_name"
        " AND atttypid = 'uuid'::regtype)",
    )

    assert wrong == set()


async def test_what_is_over_is_erased_when_its_term_has_passed_and_not_before(world: World, dsn: str) -> None:
    session, anna = await world.session(price_cents=0), await world.resident(credit_cents=1000)
    await world.book(anna, session)
    await world.sign_in(anna)
    made = world.clock.now()

    assert await erase_due(dsn, made + timedelta(days=7)) == {}
    assert await erase_due(dsn, made + timedelta(days=8)) == {"identity.session": 1}
    assert await erase_due(dsn, made + timedelta(days=3 * 365)) == {}
    assert await erase_due(dsn, made + timedelta(days=3 * 365 + 1)) == {"reservations.booking": 1}
    assert await world.rows("SELECT booking_id FROM reservations.line") == []
    assert await world.rows("SELECT booking_id FROM reservations.ticket") == []
    assert await world.rows("SELECT key FROM uit.directory WHERE kind = 'booking'") == []
    assert await world.available_cents(anna) == 1000


async def test_a_person_is_erased_with_pass_and_number_once_nothing_refers_to_them(
    world: World, dsn: str
) -> None:
    anna = await world.resident(credit_cents=1000)
    await arrange_leaving(world, anna.person_id, anna.membership_id)
    stays = await world.resident()
    await world.execute(
        "UPDATE identity.person SET ended_at = $2 WHERE id = $1", stays.person_id, world.clock.now()
    )

    erased = await erase_due(dsn, world.clock.now() + timedelta(days=2 * 365 + 1))

    assert erased == {"passes.card": 1, "passes.membership": 1, "identity.person": 1}
    assert await world.rows("SELECT id FROM identity.person") == [(stays.person_id,)]
    assert await world.rows("SELECT key FROM uit.directory") == [(stays.card_id,)]
    assert await world.value("SELECT count(*) FROM credits.purse") == 1


async def arrange_leaving(world: World, person_id: UUID, membership_id: UUID) -> None:
    """Somebody with an INSZ and a right that ends today leaves."""
    now = world.clock.now()
    await world.execute("INSERT INTO uit.directory VALUES ('insz', $1, 1, $2)", uuid4(), person_id)
    await world.execute("UPDATE passes.card SET state = 'blocked', ended_at = $1", now)
    await world.execute(
        "UPDATE passes.membership SET status = 'ended', ends_on = $2 WHERE id = $1", membership_id, now
    )
    await world.execute("UPDATE identity.person SET ended_at = $2 WHERE id = $1", person_id, now)


async def test_more_than_a_batch_is_erased_in_one_go(world: World, dsn: str) -> None:
    await world.execute(
        "INSERT INTO uit.outbox"
        " SELECT 1, gen_random_uuid(), 'x', gen_random_uuid(), '{}', $1, $1, 0, $1, NULL"
        " FROM generate_series(1, 2500)",
        world.clock.now(),
    )

    assert await erase_due(dsn, world.clock.now() + timedelta(days=8)) == {"uit.outbox": 2500}


async def test_what_is_over_is_erased_in_every_region_and_what_goes_along_only_in_its_own(
    world: World, dsn: str
) -> None:
    made, card = world.clock.now(), uuid4()
    act = "INSERT INTO uit.audit VALUES ($1, $2, $3, 'system', 'x', 'x', 'x', 'x', '{}')"
    for region_id in (0, 1, 2):
        await world.execute(act, region_id, uuid4(), made)
    anna = await world.resident()
    await world.execute("UPDATE passes.card SET state = 'blocked', ended_at = $1", made)
    for region_id in (1, 2):
        await world.execute(
            "INSERT INTO uit.foreign_id (region_id, kind, source, foreign_id, owner)"
            " VALUES ($1, 'card', 'oud', $2, $3)",
            region_id, str(card), anna.card_id,
        )  # fmt: skip

    erased = await erase_due(dsn, made.replace(year=made.year + 11))

    assert erased["uit.audit"] == 3
    assert erased["passes.card"] == 1
    assert [row[0] for row in await world.rows("SELECT region_id FROM uit.foreign_id")] == [2]


async def test_accounts_are_never_erased(owner: "asyncpg.Connection[Any]") -> None:
    erased = {erasure.table_name for erasure in await read_erasures(owner)}

    no_accounts = {"credits.provider_event", "credits.worklist_mark", "credits.refused_grant"}
    assert {name for name in erased if name.startswith("credits.")} == no_accounts


async def test_a_mandate_is_erased_ten_years_after_it_ended_and_not_while_it_has_no_end(
    world: World, dsn: str
) -> None:
    organiser_id, today = await world.organiser(), world.clock.now()
    for ends_on in (today, None):
        await world.execute(
            "INSERT INTO organisers.mandate VALUES (1, gen_random_uuid(), $1, 'Raadsbesluit 12', $2, $3)",
            organiser_id, today, ends_on,
        )  # fmt: skip

    assert await erase_due(dsn, today.replace(year=today.year + 11)) == {"organisers.mandate": 1}


async def test_what_a_ticket_is_called_elsewhere_has_its_numbers_and_nothing_else_has(world: World) -> None:
    insert = "INSERT INTO uit.foreign_id VALUES (1, $1, 'oud', 'A-1', gen_random_uuid(), $2, $3, NULL)"
    for kind, line_no, ticket_no in (("ticket", 1, None), ("ticket", None, None), ("booking", 1, 1)):
        with pytest.raises(asyncpg.CheckViolationError, match="a_ticket_and_nothing_else_has_its_numbers"):
            await world.execute(insert, kind, line_no, ticket_no)


async def test_an_act_and_who_did_it_stay_in_the_audit_trail_for_ten_years(world: World, dsn: str) -> None:
    staff_id, made = await world.sign_in_staff("clerk"), world.clock.now()
    author = Author(1, "staff", str(staff_id), made, world.services.ids)
    async with world.services.database.transaction() as tx:
        await author.note(tx, "person.read", "person", uuid4())
    await world.execute("UPDATE identity.staff SET ended_at = $1", made + timedelta(days=1))
    ten_years = made.replace(year=made.year + 10)
    assert "uit.audit" not in await erase_due(dsn, ten_years - timedelta(seconds=1))

    assert await erase_due(dsn, ten_years) == {"uit.audit": 1}
    assert await erase_due(dsn, ten_years + timedelta(days=1)) == {"identity.staff": 1}


async def test_what_people_read_about_the_trail_is_how_long_it_is_kept(world: World) -> None:
    classes = await world.rows("SELECT name, keep FROM uit.retention_class WHERE basis ILIKE '%audit trail%'")
    tables = await world.rows("SELECT table_name FROM uit.retention WHERE class = 'trail'")
    page = (await world.client.get("/privacy")).text

    assert [tuple(row) for row in classes] == [("trail", timedelta(days=3650))]
    assert {name for (name,) in tables} == {
        "identity.role",
        "identity.staff",
        "uit.audit",
        "uit.look",
        "vault.look",
    }
    assert re.search(r"je gegevens opende of veranderde.{1,100}tien jaar", page, re.DOTALL)


async def test_a_table_is_erased_before_what_it_refers_to(owner: "asyncpg.Connection[Any]") -> None:
    order = [table.table_name for table in await parents_first(owner)]

    references = await read_references(owner)

    assert len(references) > 30
    assert all(order.index(each.parent) < order.index(each.child) for each in references)


# Regions


async def test_the_region_comes_first_in_every_key_of_what_a_region_owns(
    owner: "asyncpg.Connection[Any]",
) -> None:
    astray = await owner.fetch(
        "SELECT n.nspname || '.' || t.relname AS table_name, k.conname FROM pg_constraint AS k"
        " JOIN pg_class AS t ON t.oid = k.conrelid JOIN pg_namespace AS n ON n.oid = t.relnamespace"
        " JOIN pg_attribute AS region ON region.attrelid = t.oid AND region.attname = 'region_id'"
        " WHERE k.contype IN ('p', 'u') AND k.conkey[1] <> region.attnum"
    )

    assert {row["table_name"] for row in astray} == set(FOUND_WITHOUT_REGION)


async def test_a_unique_index_without_constraint_starts_with_the_region_too(
    owner: "asyncpg.Connection[Any]",
) -> None:
    astray = await names(
        owner,
        "SELECT i.indexrelid::regclass::text FROM pg_index AS i"
        " JOIN pg_attribute AS region ON region.attrelid = i.indrelid AND region.attname = 'region_id'"
        " WHERE i.indisunique AND i.indkey[0] <> region.attnum"
        " AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid)",
    )

    assert astray == set()


async def test_what_a_region_owns_refers_to_its_own_region_only(owner: "asyncpg.Connection[Any]") -> None:
    """Where both sides have a region, the foreign key starts with it on both."""
    astray = await names(
        owner,
        "SELECT k.conname FROM pg_constraint AS k"
        " JOIN pg_attribute AS here ON here.attrelid = k.conrelid AND here.attname = 'region_id'"
        " JOIN pg_attribute AS there ON there.attrelid = k.confrelid AND there.attname = 'region_id'"
        " WHERE k.contype = 'f' AND (k.conkey[1] <> here.attnum OR k.confkey[1] <> there.attnum)",
    )

    assert astray == set()


async def test_a_foreign_key_to_what_can_be_erased_has_an_index(owner: "asyncpg.Connection[Any]") -> None:
    """Before a row goes, its referrers are looked for. Regions, municipalities and accounts never go."""
    bare = await names(
        owner,
        "SELECT k.conrelid::regclass || ' ' || k.conname FROM pg_constraint AS k"
        " JOIN uit.retention AS r ON to_regclass(r.table_name) = k.confrelid AND r.since IS NOT NULL"
        " WHERE k.contype = 'f' AND NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = k.conrelid"
        " AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)",
    )

    assert bare == set()


# Grants


@pytest.mark.parametrize("table", ["credits.transfer", "credits.resolution", "uit.audit"])
async def test_the_application_cannot_change_what_is_written_once(
    owner: "asyncpg.Connection[Any]", table: str
) -> None:
    for privilege in ("UPDATE", "DELETE", "TRUNCATE"):
        assert not await may(owner, table, privilege)
    assert await may(owner, table, "INSERT")


async def test_the_application_cannot_read_why_somebody_has_a_right_nor_the_vault(
    owner: "asyncpg.Connection[Any]",
) -> None:
    assert not await may(owner, "passes.attestation", "SELECT")
    for table in await names(owner, "SELECT table_name FROM uit.retention WHERE table_name LIKE 'vault.%'"):
        assert not await may(owner, table, "SELECT, INSERT, UPDATE, DELETE")


async def test_the_application_truncates_nothing_and_owns_nothing(owner: "asyncpg.Connection[Any]") -> None:
    tables = await names(owner, "SELECT table_name FROM uit.retention")

    assert {
        table for table in tables if await may(owner, table, "TRUNCATE, TRIGGER, REFERENCES, MAINTAIN")
    } == set()
    assert (
        await owner.fetchval(
            "SELECT count(*) FROM pg_class WHERE relowner = $1::regrole::oid", APPLICATION_ROLE
        )
        == 0
    )


async def may(owner: "asyncpg.Connection[Any]", table: str, privileges: str) -> bool:
    return bool(
        await owner.fetchval("SELECT has_table_privilege($1, $2, $3)", APPLICATION_ROLE, table, privileges)
    )


async def test_a_refused_privilege_is_refused_when_tried(world: World) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.services.database.transaction() as tx:
            await tx.execute("DELETE FROM credits.transfer")
