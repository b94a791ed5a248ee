"""Backup and restore, rehearsed on real servers with the commands as an operator types them."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from stat import S_IMODE
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.builders import World
from tests.copies import install, settings_of
from tests.reservations.dates import booked
from tests.town import ROOT, a_home, command, environment
from uit.core.clock import SetClock, SystemClock
from uit.database.address import with_database, with_login
from uit.database.login import REPORT_ROLE
from uit.database.migrate import migrate
from uit.database.retention import erase_due
from uit.embedded.stores import Addresses, Store, open_postgres
from uit.entrypoints import client_program
from uit.entrypoints.backup import say, written
from uit.entrypoints.client_program import ProgramProblem, find_program, run_program
from uit.entrypoints.client_program import command as command_line
from uit.entrypoints.client_program import environment as program_environment
from uit.entrypoints.restore import recovery_settings

NAME = "uit_town"
LEDGER = """
SELECT coalesce(string_agg(t::text, ';' ORDER BY t.region_id, t.id), '') FROM credits.transfer AS t
"""
TRAIL = "SELECT facts->>'sign_ins' FROM uit.audit WHERE act = 'backup.restore'"


async def ask(dsn: str, statement: str, *values: object) -> Any:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(statement, *values)
    finally:
        await connection.close()


async def digest_of_ledger(dsn: str) -> str:
    return sha256((await ask(dsn, LEDGER)).encode()).hexdigest()


class Server:
    """A server of its own with our database in it; the commands run with its addresses."""

    def __init__(self, store: Store, folder: Path, redis_url: str) -> None:
        self.store, self.folder = store, folder
        self.settings = settings_of(with_database(store.url, NAME), redis_url=redis_url)

    @property
    def given(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.settings.database_url,
            "OWNER_DATABASE_URL": self.settings.owner_url,
            "REPORT_DATABASE_URL": with_login(self.settings.database_url, REPORT_ROLE),
            "ADMIN_DATABASE_URL": self.store.url,
            "REDIS_URL": self.settings.redis_url,
        }

    @property
    def one_login(self) -> dict[str, str]:
        """A superuser for all of it, as before there were three."""
        return {"DATABASE_URL": self.store.url, "REDIS_URL": self.settings.redis_url}

    def run(self, *words: str | Path) -> "subprocess.CompletedProcess[str]":
        return command(self.folder, *map(str, words), **self.given)

    def start(self, *words: str | Path) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "uit", *map(str, words)],
            cwd=ROOT,
            env=environment(self.folder, **self.given),
        )


@pytest.fixture
def servers(addresses: Addresses, tmp_path: Path) -> Iterator[list[Server]]:
    """Two of them, each with nothing in it."""
    with open_postgres(None) as first, open_postgres(None) as second:
        yield [Server(each, tmp_path, addresses.redis_url) for each in (first, second)]


@asynccontextmanager
async def a_town(server: Server, folder: Path, clock: SetClock) -> AsyncIterator[World]:
    """A migrated database in which people book; the clock is the real one, for moments in the log."""
    clock.set(SystemClock().now())
    settings = server.settings
    await install(with_database(server.store.url, NAME))
    async with World.open(settings.owner_url, settings.redis_url, "", clock, folder) as world:
        yield world


async def book_one(world: World) -> UUID:
    session, anna = await world.session(), await world.resident(credit_cents=500)
    return await booked(world, anna, session)


async def is_there(dsn: str, booking_id: UUID) -> bool:
    return bool(
        await ask(dsn, "SELECT EXISTS (SELECT 1 FROM reservations.booking WHERE id = $1)", booking_id)
    )


# A dump


@pytest.mark.parametrize("name", ["2026-05-04.dump", "2026-05-04"])
async def test_a_dump_comes_back_in_an_empty_server_with_roles_rights_and_ledger(
    servers: list[Server], tmp_path: Path, clock: SetClock, name: str
) -> None:
    here, there = servers
    async with a_town(here, tmp_path, clock) as world:
        booking_id = await book_one(world)
        before = await digest_of_ledger(here.settings.owner_url)

    dumped = here.run("backup", "dump", tmp_path / name, "--json")
    tried = there.run("restore", "dump", tmp_path / name, "--dry-run")
    assert not await ask(there.store.url, "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'uit\\_%'")
    restored = there.run("restore", "dump", tmp_path / name)
    checked = there.run("check-ledger")

    assert [each.returncode for each in (dumped, tried, restored)] == [0, 0, 0], restored.stderr
    assert (checked.returncode, checked.stdout) == (0, "The ledger is right to the cent.\n")
    assert await digest_of_ledger(there.settings.owner_url) == before
    assert await is_there(there.settings.owner_url, booking_id)
    for login, statement in (
        (there.settings.database_url, "DELETE FROM credits.transfer"),
        (there.settings.database_url, "CREATE TEMP TABLE mine (id integer)"),
        (there.given["REPORT_DATABASE_URL"], "SELECT count(*) FROM identity.person"),
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(login, statement)
    assert (
        await ask(there.given["REPORT_DATABASE_URL"], "SELECT count(region_id) FROM reservations.booking")
        == 1
    )


def checked(digests: Path) -> str:
    """What the program of the system has to say of a list of digests; nothing when all are right."""
    check = ["sha256sum", "--check", "--quiet", digests.name]
    return subprocess.run(check, cwd=digests.parent, capture_output=True, text=True, check=True).stdout


async def test_a_dump_says_what_it_wrote_and_only_its_account_reads_it(
    servers: list[Server], tmp_path: Path, clock: SetClock
) -> None:
    here, _ = servers
    async with a_town(here, tmp_path, clock):
        pass

    said = here.run("backup", "dump", tmp_path / "a.dump", "--json")

    written = json.loads(said.stdout)
    dump, digests = tmp_path / "a.dump", tmp_path / "a.dump.sha256"
    assert written == {
        "path": str(dump),
        "files": 2,
        "size_bytes": sum((tmp_path / each).stat().st_size for each in ("a.dump", "a.dump.roles.sql")),
        "sha256": {str(each): sha256(each.read_bytes()).hexdigest() for each in (dump, digests)},
    }
    assert checked(digests) == ""
    made = [tmp_path / f"a.dump{end}" for end in ("", ".roles.sql", ".sha256")]
    assert {S_IMODE(each.stat().st_mode) for each in made} == {0o600}
    assert "PASSWORD" not in (tmp_path / "a.dump.roles.sql").read_text()


def test_the_digests_to_note_are_said_as_the_program_of_the_system_says_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dump, digests = tmp_path / "a.dump", tmp_path / "a.dump.sha256"
    for each in (dump, digests):
        each.write_text(each.name)

    say(written(dump, [dump], [dump, digests]), as_json=False)

    said = subprocess.run(["sha256sum", dump, digests], capture_output=True, text=True, check=True).stdout
    assert said in capsys.readouterr().out


async def test_an_installation_with_one_login_for_all_comes_back_as_that(
    servers: list[Server], tmp_path: Path
) -> None:
    here, there = servers
    await migrate(here.store.url)

    dumped = command(tmp_path, "backup", "dump", str(tmp_path / "a.dump"), **here.one_login)
    restored = command(tmp_path, "restore", "dump", str(tmp_path / "a.dump"), **there.one_login)

    assert (dumped.returncode, restored.returncode) == (0, 0), restored.stderr
    assert await migrate(there.store.url) == []
    assert await ask(there.store.url, TRAIL) == "0"


async def test_a_restore_ends_every_sign_in_and_stands_in_the_trail(
    servers: list[Server], tmp_path: Path, clock: SetClock
) -> None:
    here, there = servers
    async with a_town(here, tmp_path, clock) as world:
        await world.sign_in(await world.resident())
    here.run("backup", "dump", tmp_path / "a.dump")

    restored = there.run("restore", "dump", tmp_path / "a.dump")

    assert "1 sign-ins, tokens and links were ended" in restored.stdout
    assert "python -m uit check-ledger" in restored.stdout
    assert (
        await ask(there.settings.owner_url, "SELECT count(*) FROM identity.session WHERE revoked_at IS NULL")
        == 0
    )
    assert await ask(there.settings.owner_url, TRAIL) == "1"


async def test_who_was_erased_since_a_backup_comes_back_with_it_and_is_erased_again(
    servers: list[Server], tmp_path: Path, clock: SetClock
) -> None:
    """What the worker does at its start, as its duty."""
    here, there = servers
    gone = "UPDATE identity.person SET ended_at = now() - interval '3 years'"
    people = "SELECT count(*) FROM identity.person"
    async with a_town(here, tmp_path, clock) as world:
        await world.execute(
            "INSERT INTO identity.person (id, given_name, family_name, born_on, language, created_at)"
            " VALUES (gen_random_uuid(), 'An', 'Vroeger', '1950-01-01', 'nl', now())"
        )
        await world.execute(gone)
        here.run("backup", "dump", tmp_path / "a.dump")
        assert (await erase_due(here.settings.owner_url, clock.now()))["identity.person"] == 1

    there.run("restore", "dump", tmp_path / "a.dump")

    assert await ask(there.settings.owner_url, people) == 1
    assert (await erase_due(there.settings.owner_url, clock.now()))["identity.person"] == 1
    assert await ask(there.settings.owner_url, people) == 0


async def test_nothing_is_written_over_and_nothing_damaged_is_restored(
    servers: list[Server], tmp_path: Path, clock: SetClock
) -> None:
    here, there = servers
    dumped = tmp_path / "a.dump"
    async with a_town(here, tmp_path, clock) as world:
        await book_one(world)
        before = await digest_of_ledger(here.settings.owner_url)
    here.run("backup", "dump", dumped)

    again = here.run("backup", "dump", dumped)
    full = here.run("restore", "dump", dumped)
    with dumped.open("r+b") as file:
        file.seek(5000)
        file.write(b"another")
    damaged = there.run("restore", "dump", dumped)
    (tmp_path / "a.dump.roles.sql").unlink()
    alone = there.run("restore", "dump", dumped)

    refusals = [each.stderr.strip() for each in (again, full, damaged, alone)]
    assert [each.returncode for each in (again, full, damaged, alone)] == [2, 2, 2, 2]
    assert refusals[0] == f"{dumped} is there already. A backup never writes over another."
    assert refusals[1].startswith(f"The database {NAME} is not empty: ")
    assert refusals[2] == f"{dumped} is not as it was written: compare it with {dumped}.sha256."
    assert refusals[3].startswith(f"{dumped}.roles.sql is not there: ")
    assert await digest_of_ledger(here.settings.owner_url) == before
    assert not await ask(there.store.url, "SELECT count(*) FROM pg_database WHERE datname = $1", NAME)


# To a moment


async def test_a_copy_goes_to_a_moment_between_two_bookings(
    servers: list[Server], addresses: Addresses, tmp_path: Path, clock: SetClock
) -> None:
    here, _ = servers
    with a_home() as home:
        open_postgres(home).close()
        wal, data = home / "wal", home / "postgres" / "data"
        shutil.rmtree(data)
        async with a_town(here, tmp_path, clock) as world:
            receiver = here.start("backup", "wal", wal)
            await until(here, "SELECT bool_or(active) FROM pg_replication_slots")
            before = await ask(here.store.url, "SELECT clock_timestamp() - interval '2 seconds'")
            copied = here.run("backup", "base", tmp_path / "base", "--json")
            first = await book_one(world)
            moment = await ask(here.store.url, "SELECT clock_timestamp()")
            second = await book_one(world)
            written = await ask(here.store.url, FLUSHED)
            await until(here, f"SELECT flush_lsn >= '{written}' FROM pg_stat_replication")
            receiver.send_signal(signal.SIGTERM)
            assert receiver.wait(20) == 0
        belongs_to(data.parent, wal)

        base = ("restore", "base", tmp_path / "base", data, "--wal", wal, "--to")
        too_early, made = here.run(*base, before.isoformat()), here.run(*base, moment.isoformat())

        assert too_early.returncode == 2
        assert too_early.stderr.startswith(f"The copy in {tmp_path / 'base'} was begun at ")
        assert (copied.returncode, made.returncode) == (0, 0), copied.stderr + made.stderr
        with open_postgres(home) as store:
            there = Server(store, tmp_path, addresses.redis_url)
            await until(there, "SELECT NOT pg_is_in_recovery()")
            assert await is_there(there.settings.owner_url, first)
            assert not await is_there(there.settings.owner_url, second)
            finished, checked = there.run("restore", "finish"), there.run("check-ledger")
            assert (finished.returncode, checked.returncode) == (0, 0), finished.stderr
            assert checked.stdout == "The ledger is right to the cent.\n"
            assert await ask(there.settings.owner_url, TRAIL) == "0"


FLUSHED = "SELECT pg_switch_wal()::text"
"""What was committed without waiting for the disk is in the log then."""


async def until(server: Server, question: str) -> None:
    async with asyncio.timeout(30):
        while not await ask(server.store.url, question):  # noqa: ASYNC110 - the server has no event for it
            await asyncio.sleep(0.05)


def belongs_to(owner: Path, folder: Path) -> None:
    """As root made it, and the server runs as another account."""
    if os.geteuid() == 0:
        found = owner.stat()
        for path in (folder, *folder.rglob("*")):
            os.chown(path, found.st_uid, found.st_gid)


async def test_a_copy_is_not_made_over_data(servers: list[Server], tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "PG_VERSION").touch()
    (tmp_path / "wal").mkdir()

    over = servers[0].run("restore", "base", tmp_path, tmp_path / "data", "--wal", tmp_path / "wal")
    without = servers[0].run("restore", "base", tmp_path, tmp_path / "new", "--wal", tmp_path / "none")

    assert (over.returncode, without.returncode) == (2, 2)
    assert over.stderr == f"{tmp_path}/data is not empty. Give a new folder, or move that one away.\n"
    assert without.stderr == f"{tmp_path}/none is not a folder: it is what `backup wal` writes to.\n"


def test_a_folder_with_a_quote_a_percent_and_a_space_is_read_as_it_is() -> None:
    written = recovery_settings(Path("/srv/de 100% 's"), None)

    assert """restore_command = 'cp ''/srv/de 100%% ''"''"''s''/%f "%p" || """ in written


# Programs


def test_a_password_is_in_the_environment_and_never_on_the_command_line() -> None:
    dsn = "postgresql://uit_owner:Geheim%2F1@db/uit"

    words = command_line(Path("/usr/bin/pg_dump"), ("--format=custom",), dsn)

    assert not any("Geheim" in word for word in words)
    assert words[-1] == "--dbname=postgresql://uit_owner@db/uit"
    assert program_environment(dsn)["PGPASSWORD"] == "Geheim/1"
    assert "PGPASSWORD" not in program_environment("")


async def test_a_program_that_is_missing_or_older_than_the_server_is_said_in_words(
    addresses: Addresses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_program, "find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        ProgramProblem, match=r"^pg_dump is not there\. Install .* \(Debian: postgresql-client-18\)"
    ):
        await find_program("pg_dump", addresses.database_url)

    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.6 (Debian 15.6-0+deb12u1)'\n")
    old.chmod(0o755)

    with pytest.raises(ProgramProblem, match=r"pg_dump is of PostgreSQL 15 and the server of 18\. Install"):
        await find_program("pg_dump", addresses.database_url)


async def test_what_a_program_says_when_it_fails_is_passed_on(addresses: Addresses) -> None:
    program = await find_program("pg_dump", addresses.database_url)

    with pytest.raises(ProgramProblem, match=r"^pg_dump failed: .*database \"nothing\" does not exist"):
        await run_program(program, dsn=with_database(addresses.database_url, "nothing"))
