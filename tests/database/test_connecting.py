"""Why there is no connection is said in words, with the setting to look at; who serves waits for a while."""

import asyncio
import socket
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from tests.conftest import free_port
from uit.core.settings import Settings
from uit.database import connecting
from uit.database.address import with_database, with_login
from uit.database.connecting import NotConnected, connected, setting_of, wait_until_reached
from uit.database.hosts import Hosts

HIDDEN = "geheim"


async def why_not(dsn: str) -> NotConnected:
    with pytest.raises(NotConnected) as found:
        async with connected(dsn):
            pass
    return found.value


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("127.0.0.1:9/uit", "cannot be reached: Connection refused. See whether PostgreSQL runs there"),
        ("/uit?host=/nowhere", "cannot be reached: No such file or directory. See whether"),
        ("127.0.0.1:9,[::1]:9/uit", "cannot be reached: Connection refused. See whether"),
        ("127.0.0.1:9/uit?sslmode=maybe", "cannot be used: `sslmode` parameter must be one of"),
    ],
)
async def test_a_server_that_is_not_reached_is_told_from_one_that_cannot_be_named(
    place: str, reason: str
) -> None:
    said = await why_not(f"postgresql://uit_app:{HIDDEN}@{place}")

    assert reason in said.words("DATABASE_URL")
    assert "DATABASE_URL" in said.words("DATABASE_URL")
    assert said.is_away is ("reached" in reason)
    assert HIDDEN not in said.words("DATABASE_URL") + repr(said)


async def test_a_server_that_answers_and_refuses_is_not_said_to_be_away(dsn: str) -> None:
    nobody = await why_not(with_login(dsn, "nobody", HIDDEN))
    nowhere = await why_not(with_database(dsn, "nowhere"))
    words = nobody.words("DATABASE_URL"), nowhere.words("DATABASE_URL")

    assert (nobody.is_away, nowhere.is_away) == (False, False)
    assert 'answers, and does not let us in: role "nobody" does not exist. Correct DATABASE_URL' in words[0]
    assert 'answers, and database "nowhere" does not exist. Correct DATABASE_URL' in words[1]
    assert all("`python -m uit logins`" in each for each in words)
    assert "logins" not in nobody.words("ADMIN_DATABASE_URL")


def test_the_setting_is_the_one_that_holds_the_address_be_it_with_another_database() -> None:
    settings = Settings(
        database_url="postgresql://uit_app:a@db/uit",
        owner_database_url="postgresql://uit_owner:b@db/uit",
        admin_database_url="postgresql://postgres:c@db/postgres",
    )

    assert setting_of(settings, settings.owner_url) == "OWNER_DATABASE_URL"
    assert setting_of(settings, with_database(settings.admin_url, "uit")) == "ADMIN_DATABASE_URL"
    assert setting_of(Settings(), "postgresql://uit@/uit?host=/tmp") == "DATABASE_URL"


async def test_a_database_that_starts_later_is_waited_for_with_a_line_each_time(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "SECONDS_BETWEEN", 0)
    away, connect = iter([True, True, False]), Hosts.connect

    async def late(hosts: Hosts, **options: Any) -> "asyncpg.Connection[asyncpg.Record]":
        if next(away):
            raise ConnectionRefusedError(111, "Connect call failed")
        return await connect(hosts, **options)

    monkeypatch.setattr(Hosts, "connect", late)
    with capture_logs() as logs:
        await wait_until_reached(dsn)

    assert [(each["event"], each["reason"]) for each in logs] == [
        ("database_awaited", "Connection refused")
    ] * 2


async def test_a_database_that_stays_away_is_not_waited_for_without_end() -> None:
    with pytest.raises(NotConnected):
        await wait_until_reached(f"postgresql://uit@127.0.0.1:{free_port()}/uit", seconds=0)


async def test_a_login_that_is_not_let_in_is_not_waited_for(dsn: str) -> None:
    async with asyncio.timeout(connecting.SECONDS_BETWEEN):
        with pytest.raises(NotConnected):
            await wait_until_reached(with_login(dsn, "nobody"))


async def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "SECONDS_TO_ANSWER", 0.1)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        said = await why_not(f"postgresql://uit@127.0.0.1:{silent.getsockname()[1]}/uit")

    assert "cannot be reached: it does not answer in time." in str(said)
