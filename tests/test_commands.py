"""The commands of an installation, each as a process of its own, on stores that were given."""

import json
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import World
from tests.copies import settings_of
from tests.reservations.dates import booked, call_off, earning, pay_out, settle
from tests.town import command
from uit.core.settings import Settings
from uit.database.address import with_login
from uit.database.login import REPORT_ROLE
from uit.database.migrate import Migration, Superseded, migrate, read_migrations
from uit.embedded.stores import Addresses
from uit.entrypoints.command_line import way_on
from uit.entrypoints.commands import COMMANDS, parser

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(addresses: Addresses, tmp_path: Path) -> Run:
    """`run(dsn, "migrate")`, from a home with nothing in it."""

    def run(dsn: str, *words: str) -> subprocess.CompletedProcess[str]:
        return command(tmp_path, *words, DATABASE_URL=dsn, REDIS_URL=addresses.redis_url)

    return run


async def test_migrate_names_what_it_applies_and_the_second_time_there_is_nothing(
    run: Run, empty: str
) -> None:
    first, again = run(empty, "migrate"), run(empty, "migrate")

    assert (first.returncode, again.returncode) == (0, 0), first.stderr
    *named, done = first.stdout.splitlines()
    assert named == [f"{each.number:04} {each.name}" for each in read_migrations()]
    assert again.stdout.splitlines() == [done] == ["The database is up to date."]


async def test_a_database_of_before_the_files_were_written_anew_is_refused_in_one_line(
    run: Run, empty: str
) -> None:
    await migrate(empty, [Migration(1, "ground", "SELECT 1")])

    said = run(empty, "migrate")

    assert (said.returncode, said.stdout) == (2, "")
    [line] = said.stderr.splitlines()
    assert line.startswith("This database was made before migration 0001 ground became 0001 uit. ")
    assert line.endswith(way_on(Settings(database_url=empty), Superseded("")).strip())


def test_what_to_do_about_such_a_database_depends_on_whose_it_is() -> None:
    wrong = Superseded("It is too old.")
    run_again = way_on(Settings(), wrong)
    elsewhere = [Settings(home="/srv/uit"), Settings(database_url="postgresql://db/uit")]

    assert "`make fresh`" in run_again
    assert "It is too old." not in run_again
    assert [
        ("/srv/uit" in words, "DATABASE_URL" in words)
        for words in (way_on(each, wrong) for each in elsewhere)
    ] == [
        (True, False),
        (False, True),
    ]


def test_a_command_with_stores_of_its_own_leaves_nothing_in_its_home(
    run: Run, dsn: str, tmp_path: Path
) -> None:
    assert run(dsn, "migrate").returncode == 0
    assert list(tmp_path.iterdir()) == []


async def test_check_ledger_finds_nothing_wrong_with_a_new_house(run: Run, dsn: str) -> None:
    said = run(dsn, "check-ledger")

    assert (said.returncode, said.stdout) == (0, "The ledger is right to the cent.\n"), said.stderr


async def test_check_ledger_tells_what_an_organiser_owes_back_and_calls_it_no_fault(
    run: Run, world: World, dsn: str
) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=500)
    await earning(world, "cancellation_limit")
    await booked(world, anna, session)
    await settle(world, timedelta(days=9))
    await pay_out(world, session)
    await call_off(world, session)
    account = await world.value("SELECT id FROM credits.account WHERE kind = 'payable'")

    said = run(dsn, "check-ledger")

    owed = f"To know: Payable account {account} in region 1 stands at -500 cents."
    assert (said.returncode, said.stdout.splitlines()) == (0, [owed, "The ledger is right to the cent."])


async def test_check_ledger_names_each_fault_and_counts_them(run: Run, world: World, dsn: str) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=500)
    await booked(world, anna, session)
    await world.execute("UPDATE reservations.pool SET taken = 2")

    said = run(dsn, "check-ledger")

    fault = f"Pool {session.pool_id} of region 1 counts 2 and has 1 live tickets."
    assert (said.returncode, said.stdout.splitlines()) == (1, [fault, "1 fault."])
    as_json = json.loads(run(dsn, "check-ledger", "--json").stdout)
    assert as_json == {"faults": [fault], "to_know": []}


async def test_distribute_prints_a_statement_for_every_table_the_vault_included(run: Run, dsn: str) -> None:
    said = run(dsn, "distribute")

    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith("SET citus.enable_local_reference_table_foreign_keys TO 'off';\n")
    assert "SELECT create_reference_table('vault.look');" in said.stdout
    assert "SELECT create_distributed_table('reservations.pool', 'region_id'" in said.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_may_follow_it(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser([name]).parse_args([name, "--help"])

    assert ended.value.code == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith(f"usage: python -m uit {name} ")
    assert COMMANDS[name].help.partition(" ")[0] in said


async def test_outbox_lists_nothing_for_a_new_house_and_knows_no_message(run: Run, dsn: str) -> None:
    listed, dropped = run(dsn, "outbox", "--json"), run(dsn, "outbox", "--drop", "x")
    both = run(dsn, "outbox", "--drop", "x", "--retry", "all")

    assert (listed.returncode, listed.stdout) == (0, "[]\n"), listed.stderr
    assert (dropped.returncode, dropped.stderr) == (
        1,
        "Nothing that failed has the id x. `outbox` lists what did, by its id.\n",
    )
    assert both.returncode == 2


async def test_client_origins_names_a_client_that_is_not_there_and_wants_a_verb(run: Run, dsn: str) -> None:
    unknown, bare = run(dsn, "client", "origins", "uit_000000000000"), run(dsn, "client")
    wrong = run(dsn, "client", "origins", "uit_000000000000", "--add", "https://tickets.example/")

    assert (unknown.returncode, unknown.stderr) == (
        1,
        "There is no client uit_000000000000. `client list` shows which there are.\n",
    )
    assert (bare.returncode, wrong.returncode) == (2, 2)
    assert wrong.stderr.endswith(" Did you mean https://tickets.example?\n")


async def test_the_logins_are_made_by_a_command_and_then_migrate_and_check_ledger_go_with_the_least(
    empty: str, template_dsn: str, addresses: Addresses, tmp_path: Path
) -> None:
    own = settings_of(empty)
    stores = {"DATABASE_URL": own.database_url, "REDIS_URL": addresses.redis_url}
    owner = {"OWNER_DATABASE_URL": own.owner_url}

    made = command(tmp_path, "logins", ADMIN_DATABASE_URL=template_dsn, **owner, **stores)
    too_early = command(tmp_path, "migrate", **stores)
    migrated = command(tmp_path, "migrate", **owner, **stores)
    again = command(tmp_path, "logins", ADMIN_DATABASE_URL=template_dsn, **owner, **stores)
    checked = command(tmp_path, "check-ledger", **stores)

    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.splitlines()[1:] == ["uit_app works in it.", "Nobody logs in for reports."]
    assert (too_early.returncode, too_early.stdout) == (2, "")
    assert "Set OWNER_DATABASE_URL" in too_early.stderr
    assert [each.returncode for each in (migrated, again, checked)] == [0, 0, 0]


async def test_logins_by_who_may_not_make_them_or_is_not_let_in_are_refused_in_one_line(
    empty: str, template_dsn: str, addresses: Addresses, tmp_path: Path
) -> None:
    own = settings_of(empty)
    given = {"DATABASE_URL": own.database_url, "OWNER_DATABASE_URL": own.owner_url}
    given["REDIS_URL"] = addresses.redis_url

    admins = with_login(template_dsn, REPORT_ROLE), with_login(template_dsn, "nobody", "Geheim")

    weak, nobody = (command(tmp_path, "logins", ADMIN_DATABASE_URL=each, **given) for each in admins)

    assert (weak.returncode, nobody.returncode) == (2, 2)
    assert weak.stderr.startswith("ADMIN_DATABASE_URL has to be a superuser of the server: cannot execute")
    assert nobody.stderr.startswith("postgresql://nobody@/postgres?host=")
    assert 'does not let us in: role "nobody" does not exist.' in nobody.stderr
    assert "Geheim" not in nobody.stderr
    assert len((weak.stderr + nobody.stderr).splitlines()) == 2


async def test_logins_name_each_address_that_is_missing(run: Run, empty: str) -> None:
    said = run(empty, "logins")

    assert (said.returncode, said.stdout) == (2, "")
    assert [line.partition(":")[0] for line in said.stderr.splitlines()] == [
        "OWNER_DATABASE_URL is not set",
        "ADMIN_DATABASE_URL is not set",
    ]
