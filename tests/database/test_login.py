"""Least rights: what each login may not do is tried, on a real server, and refused."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from tests.builders import World
from tests.copies import administer, settings_of
from tests.reservations.dates import booked
from uit.core.settings import Settings
from uit.database.address import with_database, with_login
from uit.database.login import OWNER, REPORT_ROLE, Logins, WrongLogin, make_logins, scram_verifier
from uit.database.migrate import Migration, NotOwner, migrate, read_migrations
from uit.database.pool import APPLICATION_ROLE, Database
from uit.database.retention import erase_due, may_erase
from uit.entrypoints.prepare import prepare

REFUSED = asyncpg.InsufficientPrivilegeError

BACK = (
    "SET ROLE NONE",
    "RESET ROLE",
    "RESET SESSION AUTHORIZATION",
    "SET SESSION AUTHORIZATION DEFAULT",
    "RESET ALL",
)
"""What leads back from a role to who logged in. Nobody is refused it, so that has to be nobody else."""

OTHERS = ("uit", OWNER, "uit_vault", "pg_read_all_data", "pg_write_server_files", "pg_execute_server_program")
ESCAPES = (
    *(f"SET ROLE {each}" for each in OTHERS),
    *(f"SET SESSION AUTHORIZATION {each}" for each in OTHERS),
    "SET session_replication_role = replica",
    "GRANT uit_owner TO uit_app",
    "GRANT uit_vault TO uit_app",
    "ALTER ROLE uit_app SUPERUSER",
    "ALTER ROLE uit PASSWORD 'mine'",
    "CREATE ROLE mine SUPERUSER",
    "ALTER TABLE credits.transfer DISABLE TRIGGER ALL",
    "ALTER TABLE uit.audit OWNER TO uit_app",
    "CREATE FUNCTION uit.mine() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM uit.audit'",
    "CREATE TABLE uit.mine (id integer)",
    "CREATE TABLE public.mine (id integer)",
    "CREATE SCHEMA mine",
    "CREATE EXTENSION dblink",
    "COPY uit.audit TO PROGRAM 'cat'",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT lo_create(0)",
    "SELECT uit.grant_reports()",
)
WRITTEN_ONCE = (
    "credits.transfer", "credits.resolution", "uit.audit", "labels.history", "labels.decision",
    "credits.account",
)  # fmt: skip


@pytest.fixture
async def application(world: World) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """Exactly a connection of the application's pool."""
    async with world.services.database.connection() as connection:
        yield connection  # type: ignore[misc]


@pytest.fixture
async def reports(dsn: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    made = await asyncpg.connect(with_login(dsn, REPORT_ROLE))
    yield made
    await made.close()


async def refused(connection: "asyncpg.Connection[Any]", statement: str) -> None:
    with pytest.raises(REFUSED):
        await connection.execute(statement)


# The application


@pytest.mark.parametrize("back", ["SELECT", *BACK])
async def test_the_application_is_nobody_else_wherever_its_role_is_laid_down(
    application: "asyncpg.Connection[Any]", back: str
) -> None:
    await application.execute(back)

    who = await application.fetchrow(
        "SELECT current_user, session_user, rolsuper FROM pg_roles WHERE rolname = session_user"
    )
    assert tuple(who or ()) == (APPLICATION_ROLE, APPLICATION_ROLE, False)
    for escape in ESCAPES:
        await refused(application, escape)
    for table in WRITTEN_ONCE:
        for change in ("DELETE FROM {}", "UPDATE {} SET region_id = region_id", "TRUNCATE {} CASCADE"):
            if table.startswith("labels.") and "region_id" in change:
                continue
            await refused(application, change.format(table))
    await refused(application, "SELECT FROM vault.insz")
    await refused(application, "SELECT FROM passes.attestation")


async def test_a_message_that_changes_role_and_ledger_at_once_changes_neither(world: World) -> None:
    """As an injected statement would: one text, several statements."""
    session, anna = await world.session(), await world.resident(credit_cents=500)
    await booked(world, anna, session)
    ledger = await world.rows("SELECT * FROM credits.transfer ORDER BY id")

    for escape in ("SET ROLE NONE", f"SET ROLE {OWNER}", "SET SESSION AUTHORIZATION uit"):
        async with world.services.database.connection() as connection:
            with pytest.raises(REFUSED):
                await connection.execute(
                    f"{escape}; UPDATE credits.transfer SET amount_cents = 1; DELETE FROM uit.audit"
                )

    assert await world.rows("SELECT * FROM credits.transfer ORDER BY id") == ledger


async def test_nobody_of_the_three_is_more_than_its_task(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    rights = await connection.fetch(
        "SELECT rolname, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls,"
        " rolcanlogin FROM pg_roles WHERE rolname = ANY ($1) ORDER BY 1",
        [OWNER, APPLICATION_ROLE, REPORT_ROLE, "uit_vault"],
    )
    members = await connection.fetch(
        "SELECT DISTINCT member::regrole::text, roleid::regrole::text FROM pg_auth_members"
        " WHERE member::regrole::text LIKE 'uit%' AND member::regrole::text <> 'uit' ORDER BY 1, 2"
    )
    await connection.close()

    assert [tuple(each) for each in rights] == [
        (APPLICATION_ROLE, False, True), (OWNER, False, True), (REPORT_ROLE, False, True),
        ("uit_vault", False, False),
    ]  # fmt: skip
    assert [tuple(each) for each in members] == [(OWNER, APPLICATION_ROLE), (OWNER, "uit_vault")]


async def test_one_superuser_for_all_still_works_and_acts_as_the_application(dsn: str) -> None:
    """An installation of before, and an acceptance that gives one address."""
    settings = Settings(database_url=dsn)
    assert settings.owner_url == settings.admin_url == dsn

    assert await prepare(settings) == []

    assert await may_erase(settings.owner_url)
    database = await Database.open(dsn, connections=1)
    async with database.reading() as connection:
        assert await connection.fetchval("SELECT current_user") == APPLICATION_ROLE
        with pytest.raises(REFUSED):
            await connection.execute("DELETE FROM uit.audit")
    await database.close()


# The owner


async def test_only_the_owner_erases_and_migrates(dsn: str, world: World) -> None:
    settings = world.services.settings

    assert [await may_erase(each) for each in (settings.database_url, settings.owner_url)] == [False, True]
    with pytest.raises(REFUSED):
        await erase_due(settings.database_url, world.clock.now())
    assert await erase_due(settings.owner_url, world.clock.now()) == {}


async def test_the_application_sees_that_nothing_waits_and_is_refused_what_does(
    empty: str, template_dsn: str
) -> None:
    every = read_migrations()
    settings = settings_of(empty)
    await make_logins(template_dsn, Logins(settings.owner_url, settings.database_url))
    await migrate(settings.owner_url, every[:-1])

    with pytest.raises(NotOwner, match=r"OWNER_DATABASE_URL .* `python -m uit migrate`"):
        await migrate(settings.database_url)

    assert await migrate(settings.owner_url) == every[-1:]
    assert await migrate(settings.database_url) == []


# Making them


async def test_a_database_that_one_login_had_alone_is_handed_over(empty: str, template_dsn: str) -> None:
    await migrate(empty)
    settings = settings_of(empty)

    await make_logins(template_dsn, Logins(settings.owner_url, settings.database_url))

    connection = await asyncpg.connect(settings.owner_url)
    strangers = await connection.fetch(
        "SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
        " WHERE n.nspname IN (SELECT split_part(table_name, '.', 1) FROM uit.retention)"
        " AND c.relowner <> 'uit_owner'::regrole"
    )
    await connection.execute("ALTER TABLE uit.region ADD COLUMN is_new boolean; DROP FUNCTION uit.write_acts")
    await connection.close()
    assert strangers == []


async def test_a_new_database_is_made_and_a_password_is_what_the_address_says(template_dsn: str) -> None:
    made = with_database(template_dsn, "uit_made")
    logins = Logins(
        with_login(made, OWNER), with_login(made, APPLICATION_ROLE), with_login(made, REPORT_ROLE, "Geheim 1")
    )
    await make_logins(template_dsn, logins)
    try:
        assert len(await migrate(logins.owner)) == len(read_migrations())
        connection = await asyncpg.connect(template_dsn)
        kept = await connection.fetchval("SELECT rolpassword FROM pg_authid WHERE rolname = $1", REPORT_ROLE)
        await connection.close()
    finally:
        await make_logins(
            template_dsn, Logins(logins.owner, logins.application, with_login(made, REPORT_ROLE))
        )
        await administer(template_dsn, "DROP DATABASE uit_made WITH (FORCE)")
    assert kept.startswith("SCRAM-SHA-256$4096:")
    assert "Geheim" not in kept


def test_a_password_is_kept_as_the_protocol_says() -> None:
    """The exchange that RFC 7677 gives as its example: the server proves itself with the key we make."""
    nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    salt = "W22ZaJ0SNY7soEsUEjb6gQ=="
    messages = f"n=user,r=rOprNGfwEbeRWgbNEkqO,r={nonce},s={salt},i=4096,c=biws,r={nonce}"

    kept = scram_verifier("pencil", b64decode(salt))

    head, _, keys = kept.rpartition("$")
    assert head == f"SCRAM-SHA-256$4096:{salt}"
    server_key = b64decode(keys.partition(":")[2])
    signature = hmac.digest(server_key, messages.encode(), "sha256")
    assert b64encode(signature) == b"6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="


@pytest.mark.parametrize(
    ("owner", "application", "wrong"),
    [
        ("uit", "uit_app", "each need a login of their own"),
        ("uit_owner", "web", "DATABASE_URL has to log in as uit_app"),
        ("uit_owner", "uit_owner", "each need a login of their own"),
    ],
)
async def test_addresses_that_do_not_name_three_logins_are_refused(
    template_dsn: str, owner: str, application: str, wrong: str
) -> None:
    logins = Logins(with_login(template_dsn, owner), with_login(template_dsn, application))

    with pytest.raises(WrongLogin, match=wrong):
        await make_logins(template_dsn, logins)


# Reports

READABLE = """
SELECT n.nspname || '.' || c.relname AS table_name, array_agg(a.attname::text ORDER BY a.attnum) FILTER (
    WHERE has_column_privilege($1, c.oid, a.attnum, 'SELECT')
) AS read, array_agg(a.attname::text ORDER BY a.attnum) FILTER (
    WHERE NOT has_column_privilege($1, c.oid, a.attnum, 'SELECT')
) AS unread
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
GROUP BY 1 ORDER BY 1
"""
NEVER = {
    "vault.insz", "vault.look", "identity.session", "identity.link", "identity.access_token",
    "identity.door_link",
    "identity.person", "identity.person_change", "identity.passkey", "identity.device", "identity.staff",
    "identity.role", "identity.representation", "identity.asked_help",
    "credits.worklist_mark", "credits.refused_grant",
    "identity.letter", "identity.message_setting", "reservations.contact",
    "reservations.absence", "reservations.asked_confirmation",
    "passes.permission", "passes.spoken_word",
    "passes.attestation", "passes.card", "passes.membership", "passes.household_member", "passes.merge",
    "passes.merge_moved", "organisers.mandate",
    "credits.provider_event", "uit.audit", "uit.outbox", "uit.directory", "uit.foreign_id",
    "labels.draft_answer", "uit.look", "identity.new_email", "passes.decision",
    "reservations.public_computer", "reservations.waiting_entry", "reservations.waiting_pass",
    "reservations.written_message", "reservations.written_copy", "reservations.queue_entry",
    "identity.mandate", "identity.service_client", "passes.provisional_right",
}  # fmt: skip
"""The tables of which reports read nothing. A new one comes here, or its class says that they read it."""

PERSONAL = (
    "secret", "token", "digest", "password", "email", "phone", "iban", "insz", "given_name", "family_name",
    "born_on",
    "contact", "reason", "reference", "signature", "checkout", "barcode", "network", "sealed",
)  # fmt: skip
LOOKS_PERSONAL_AND_IS_NOT = {
    "reservations.waiting_room.end_reason": "sold out, quiet or closed",
    "credits.vat_code.exempt_reason": "of the law",
    "passes.group_pass.token_version": "a figure, and of no person",
    "credits.till_rule.second_signature_cents": "an amount",
    "credits.till_session.needs_signature": "a yes or no",
    "credits.till_session.signature": "confirmed or disputed",
    "public.uit_migration.digest": "of a file of ours",
    "credits.invoice.order_reference": "a number of the customer's own, which is no person",
    "identity.client.organiser_ids": "ids",
    "labels.decision.reasons": "is public",
    "reservations.session.status_reason": "stands on the page of the date",
    "reservations.session.longer_reason": "is told to all who booked the date",
    "organisers.event.name_translations": "is public",
    "uit.region.help_phone": "of the region itself, on every page",
}


async def read_reports(connection: "asyncpg.Connection[Any]") -> dict[str, tuple[list[str], list[str]]]:
    return {
        name: (read or [], unread or [])
        for name, read, unread in await connection.fetch(READABLE, REPORT_ROLE)
    }


async def test_every_table_is_read_for_reports_or_listed(reports: "asyncpg.Connection[Any]") -> None:
    tables = await read_reports(reports)

    assert {name for name, (read, _) in tables.items() if not read} == NEVER
    assert len(tables) - len(NEVER) > 50


async def test_no_column_that_names_somebody_or_lets_somebody_in_is_read(
    reports: "asyncpg.Connection[Any]",
) -> None:
    tables = await read_reports(reports)

    read = {f"{name}.{column}" for name, (columns, _) in tables.items() for column in columns}
    personal = {each for each in read if any(word in each.rpartition(".")[2] for word in PERSONAL)}
    assert personal - LOOKS_PERSONAL_AND_IS_NOT.keys() == set()


async def test_what_is_unread_of_a_table_that_is_read_has_a_reason(
    dsn: str, reports: "asyncpg.Connection[Any]"
) -> None:
    owner = await asyncpg.connect(dsn)
    listed = await owner.fetch("SELECT table_name, column_name FROM uit.unreported WHERE length(reason) > 5")
    blobs = await owner.fetch(
        "SELECT table_schema || '.' || table_name, column_name FROM information_schema.columns"
        " WHERE data_type = 'bytea'"
    )
    await owner.close()
    with_reason = {tuple(each) for each in (*listed, *blobs)}

    without = [
        (name, column)
        for name, (read, unread) in (await read_reports(reports)).items()
        if read
        for column in unread
        if not with_reason & {(name, column), ("*", column)}
    ]
    assert without == []


@pytest.mark.parametrize(
    "lift", ["SELECT", "SET default_transaction_read_only = off; SET statement_timeout = 0"]
)
async def test_the_login_for_reports_writes_nothing_and_becomes_nobody(
    reports: "asyncpg.Connection[Any]", lift: str
) -> None:
    await reports.execute(lift)
    tables = await read_reports(reports)
    errors = (REFUSED, asyncpg.ReadOnlySQLTransactionError)

    for name, (read, unread) in tables.items():
        column = (read + unread)[0]
        for write in (
            f"INSERT INTO {name} DEFAULT VALUES", f"UPDATE {name} SET {column} = {column}",
            f"DELETE FROM {name}",
            f"TRUNCATE {name}", f"BEGIN; LOCK TABLE {name} IN SHARE MODE",
            f"ALTER TABLE {name} ADD COLUMN x integer",
            f"DROP TABLE {name}",
        ):  # fmt: skip
            with pytest.raises(errors):
                await reports.execute(write)
            await reports.execute("ROLLBACK")
    for escape in (
        *ESCAPES,
        "SET ROLE uit_app",
        "CREATE TEMP TABLE mine (id integer)",
        "SELECT nextval('labels.award_number')",
    ):
        with pytest.raises(errors):
            await reports.execute(escape)


async def test_a_report_counts_what_was_booked_and_spent(
    world: World, dsn: str, reports: "asyncpg.Connection[Any]"
) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=500)
    await booked(world, anna, session)

    spent = await reports.fetch(
        "SELECT l.session_id, count(*), sum(l.credit_cents) FROM reservations.line AS l"
        " JOIN reservations.booking AS b ON b.region_id = l.region_id AND b.id = l.booking_id GROUP BY 1"
    )

    assert [tuple(each) for each in spent] == [(session.id, 1, 500)]


async def test_a_table_of_a_later_migration_is_read_only_when_its_class_says_so(
    empty: str, template_dsn: str
) -> None:
    every = read_migrations()
    later = Migration(
        9000,
        "later",
        "CREATE TABLE uit.figure (id integer, email text, sealed bytea);"
        "CREATE TABLE uit.letter (id integer);"
        "INSERT INTO uit.retention (table_name, class)"
        " VALUES ('uit.figure', 'scheme'), ('uit.letter', 'contact')",
    )
    await migrate(empty, every)

    await migrate(empty, [*every, later])

    connection = await asyncpg.connect(empty)
    tables = await read_reports(connection)
    await connection.close()
    assert tables["uit.figure"] == (["id"], ["email", "sealed"])
    assert tables["uit.letter"] == ([], ["id"])
