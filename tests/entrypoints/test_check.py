"""An operator sees what an installation stands on."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.builders import World
from tests.copies import administer
from tests.entrypoints.steps import refused, typed
from tests.town import command
from uit.core.clock import SetClock, SystemClock
from uit.core.settings import Settings
from uit.database.address import with_login
from uit.database.standby import Position
from uit.embedded.stores import Addresses
from uit.entrypoints.check import (
    Finding,
    certificate_finding,
    check_all,
    check_card,
    clock_finding,
    standby_finding,
)

Said = pytest.CaptureFixture[str]
NOBODY = "127.0.0.1:9"
NOW = SystemClock().now()


async def found(settings: Settings, clock: SetClock | None = None) -> dict[str, Finding]:
    return {each.about: each for each in await check_all(settings, clock or SystemClock())}


async def test_all_of_it_is_said_in_a_line_each(world: World, settings: Settings) -> None:
    findings = await found(replace(settings, base_url="http://127.0.0.1:8000"))

    assert list(findings) == [
        *("settings", "keys", "database", "clock", "roles", "extensions", "schema"),
        *("owner", "certificate", "mail", "texts", "cache", "card"),
    ]
    assert {about for about, each in findings.items() if each.level != "ok"} <= {"roles"}
    assert findings["mail"].words == "127.0.0.1 greets us, without TLS."
    assert world.mails == []


async def test_the_logins_of_owner_and_reports_are_tried_where_their_addresses_are_given(
    settings: Settings,
) -> None:
    other = settings.database_url
    right = await found(replace(settings, report_database_url=other))
    wrong = await found(replace(settings, owner_database_url=with_login(other, "nobody_here")))
    alone = await found(replace(settings, owner_database_url=""))

    assert (right["owner"].level, right["reports"].level) == ("ok", "ok")
    assert right["owner"].words.startswith("uit_owner reaches ")
    assert wrong["owner"].level == "fault"
    assert "`python -m uit logins`" in wrong["owner"].words
    assert not alone.keys() & {"owner", "reports"}


async def test_a_mail_is_sent_where_one_asks_for_it(world: World, settings: Settings, capsys: Said) -> None:
    await typed(settings, "check", "--mail-to", "an@example.org", "--json")

    findings = {each["about"]: each for each in json.loads(capsys.readouterr().out)}
    assert findings["mail"]["words"].endswith("A mail is on its way.")
    assert [mail["To"] for mail in world.mails] == ["an@example.org"]
    assert "is no e-mail address" in await refused(settings, 2, "check", "--mail-to", "an")


@pytest.mark.parametrize(
    ("setting", "value", "about", "level"),
    [
        ("database_url", f"postgresql://uit@{NOBODY}/uit", "database", "fault"),
        ("redis_url", f"redis://{NOBODY}", "cache", "warning"),
        ("smtp_url", f"smtp://{NOBODY}", "mail", "fault"),
        ("smtp_url", "", "mail", "warning"),
        ("sms_url", f"http://{NOBODY}", "texts", "fault"),
        ("base_url", f"https://{NOBODY}", "certificate", "warning"),
        ("base_url", "http://uit.example.be", "settings", "warning"),
        ("example", True, "settings", "warning"),
        ("stripe_secret_key", "sk_test_1", "card", "fault"),
    ],
)
async def test_what_is_away_or_not_set_is_named_and_hides_nothing_else(
    settings: Settings, setting: str, value: object, about: str, level: str
) -> None:
    changed: dict[str, Any] = {"base_url": "http://127.0.0.1:8000", setting: value}
    findings = await found(replace(settings, **changed))

    assert findings[about].level == level
    assert len(findings) > 5


async def test_where_strangers_read_is_looked_at(settings: Settings) -> None:
    own = replace(settings, base_url="http://127.0.0.1:8000", read_database_url=settings.database_url)

    itself = (await found(own))["standby"]
    away = (await found(replace(own, read_database_url=f"postgresql://uit@{NOBODY}/uit")))["standby"]

    assert (itself.level, itself.words[:37]) == ("ok", "READ_DATABASE_URL is the primary itse")
    assert away.level == "warning"
    assert away.words.startswith("Nobody reads there: postgresql://uit@127.0.0.1:9/uit cannot be reached: ")


def test_a_standby_says_how_far_it_is_behind_and_another_server_is_a_fault() -> None:
    ours = Position(cluster_id=1, started_at=NOW, is_standby=False, bytes=100)
    theirs = replace(ours, is_standby=True, bytes=60)

    assert standby_finding(ours, theirs).words == "It follows the primary, 40 bytes behind."
    assert standby_finding(ours, replace(theirs, bytes=120)).words.endswith(" 0 bytes behind.")
    assert standby_finding(ours, replace(theirs, cluster_id=2)).level == "fault"


@pytest.mark.parametrize(
    ("seconds", "level"), [(0, "ok"), (-5, "ok"), (6, "warning"), (-300, "warning"), (301, "fault")]
)
def test_clocks_may_differ_a_little(seconds: float, level: str) -> None:
    assert clock_finding(timedelta(seconds=seconds)).level == level


async def test_our_clock_is_compared_with_that_of_the_database(settings: Settings) -> None:
    assert (await found(settings, SetClock(SystemClock().now() + timedelta(days=400))))[
        "clock"
    ].level == "fault"


@pytest.mark.parametrize(("days", "level"), [(90, "ok"), (14, "ok"), (13, "warning"), (0, "warning")])
def test_a_certificate_that_ends_soon_is_said(days: int, level: str) -> None:
    assert certificate_finding("uit.example.be", days).level == level


def test_keys_of_the_test_mode_are_told_from_live_ones() -> None:
    keys = [
        replace(Settings(), stripe_secret_key=f"sk_{mode}_1", stripe_webhook_secret=mode)
        for mode in ("live", "test")
    ]

    assert [check_card(each).words.split()[-2] for each in keys] == ["live", "test"]


@pytest.fixture
def secrets(settings: Settings) -> Iterator[Path]:
    """The keys of the house, which others can read meanwhile."""
    path = settings.secrets_path
    path.chmod(0o644)
    yield path
    path.chmod(0o600)


async def test_keys_that_others_can_read_are_a_fault(settings: Settings, secrets: Path) -> None:
    assert (await found(settings))["keys"].level == "fault"


@pytest.mark.own_database
async def test_a_login_that_can_change_the_ledger_is_told_from_one_that_cannot(
    world: World, settings: Settings, dsn: str
) -> None:
    await administer(
        dsn,
        "CREATE ROLE check_app LOGIN IN ROLE uit_app",
        "CREATE ROLE check_owner LOGIN IN ROLE uit_app",
        "GRANT UPDATE ON credits.transfer TO check_owner",
    )
    try:
        said = {
            name: (await found(replace(settings, database_url=dsn.replace("uit@", f"{name}@"))))["roles"]
            for name in ("check_app", "check_owner", "uit")
        }
    finally:
        await administer(dsn, "DROP OWNED BY check_owner; DROP ROLE check_owner; DROP ROLE check_app")

    assert {name: each.level for name, each in said.items()} == {
        "check_app": "ok", "check_owner": "fault", "uit": "fault",
    }  # fmt: skip


def test_an_empty_database_waits_for_its_migrations(empty: str, addresses: Addresses, tmp_path: Path) -> None:
    said = command(tmp_path, "check", DATABASE_URL=empty, REDIS_URL=addresses.redis_url)

    assert said.returncode == 1, said.stderr
    [line] = [line for line in said.stdout.splitlines() if line.startswith("schema")]
    assert line.split()[1] == "fault"
    assert line.endswith("Run `python -m uit migrate`.")


@pytest.mark.own_database
async def test_a_later_schema_is_told_from_one_that_was_changed(world: World, settings: Settings) -> None:
    settings = replace(settings, base_url="http://127.0.0.1:8000")
    await world.execute(
        "INSERT INTO public.uit_migration (number, name, digest) VALUES (9999, 'of_a_later_version', '')"
    )
    later = (await found(settings))["schema"]
    await world.execute("UPDATE public.uit_migration SET digest = 'other' WHERE number = 1")
    changed = (await found(settings))["schema"]

    assert (later.level, changed.level) == ("warning", "fault")
    assert "9999 of_a_later_version" in later.words
    assert "Migration 0001 was changed" in changed.words
