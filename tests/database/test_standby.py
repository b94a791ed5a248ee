"""A standby is read while it surely has what the primary had. Here the primary is read as its own standby."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest
from msgspec.structs import replace

from reservations.booking.services import PUBLIC_CONNECTIONS
from tests.builders import World
from tests.copies import settings_of
from tests.test_watching import figure
from uit.core.clock import SetClock
from uit.database.hosts import Hosts
from uit.database.standby import MOST_SECONDS_BEHIND, Position, ReplayProgress, Standby, follows
from uit.embedded.stores import Addresses

AT = datetime(2026, 3, 2, tzinfo=UTC)
OURS = Position(cluster_id=1, started_at=AT, is_standby=False, bytes=100)


@pytest.fixture
async def standby(dsn: str) -> AsyncIterator[Standby]:
    address = settings_of(dsn).database_url
    made = await Standby.open(address, address, connections=1)
    yield made
    await made.close()


@pytest.fixture
async def read_world(dsn: str, addresses: Addresses, clock: SetClock, tmp_path: Path) -> AsyncIterator[World]:
    address = settings_of(dsn).database_url
    async with World.open(dsn, addresses.redis_url, "", clock, tmp_path, read_database_url=address) as made:
        made.client.cookies.clear()
        assert made.services.standby
        async with asyncio.timeout(10):
            while not made.services.standby.is_read:  # noqa: ASYNC110  its watch has no event for it
                await asyncio.sleep(0.01)
        yield made


def test_what_a_server_has_is_what_the_primary_had_when_it_was_there() -> None:
    progress = ReplayProgress()
    for position, at in ((100, 1.0), (200, 2.0), (300, 3.0)):
        progress.mark(position, at)

    progress.reach(99)
    assert progress.has_all_of == float("-inf")
    progress.reach(250)
    assert progress.has_all_of == 2
    progress.reach(250)
    assert progress.has_all_of == 2
    progress.reach(300)
    assert progress.has_all_of == 3


def test_another_server_has_nothing_until_it_reached_a_mark_itself() -> None:
    progress = ReplayProgress()
    progress.mark(100, 1.0)
    progress.reach(100)

    progress.restart()

    assert progress.has_all_of == float("-inf")


def test_only_the_primary_and_its_standbys_are_read() -> None:
    other = replace(OURS, started_at=AT.replace(year=2025))

    assert follows(OURS, OURS)
    assert follows(replace(other, is_standby=True), OURS)
    assert not follows(other, OURS)
    assert not follows(replace(other, is_standby=True, cluster_id=2), OURS)


async def test_it_is_read_from_the_first_look_on(standby: Standby) -> None:
    seen = [standby.is_read]
    await standby.look()
    seen.append(standby.is_read)

    assert seen == [False, True]
    assert figure("uit_standby_is_read") == 1
    assert figure("uit_standby_behind_seconds") < MOST_SECONDS_BEHIND
    assert figure("uit_pool_most_connections", pool="standby") == 1


async def test_one_that_is_away_is_not_read_until_it_is_back(standby: Standby) -> None:
    await standby.look()
    hosts = standby._connection.hosts
    standby._connection.hosts = Hosts("postgresql://uit@/uit?host=/nowhere")
    standby._connection.hang_up()

    await standby.look()
    seen = [standby.is_read]
    standby._connection.hosts = hosts
    await standby.look()
    seen.append(standby.is_read)

    assert seen == [False, True]


async def test_a_host_that_is_silent_hides_neither_the_standby_nor_the_primary(dsn: str) -> None:
    (folder,) = parse_qs(urlsplit(dsn).query)["host"]
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        hosts = f"?host=127.0.0.1,{folder}&port={silent.getsockname()[1]},5432"
        address = settings_of(dsn).database_url.partition("?")[0] + hosts
        standby = await Standby.open(address, address, connections=1)
        await standby.look()

        assert standby.is_read
        async with standby.database.reading() as connection:
            assert await connection.fetchval("SELECT 1") == 1
        await standby.close()


async def test_one_whose_primary_does_not_answer_is_not_read_for_long(
    standby: Standby, monkeypatch: pytest.MonkeyPatch
) -> None:
    await standby.look()
    standby._primary.hosts = Hosts("postgresql://uit@/uit?host=/nowhere")
    standby._primary.hang_up()
    monkeypatch.setattr("uit.database.standby.MOST_SECONDS_BEHIND", 0.2)

    await asyncio.sleep(0.2)
    await standby.look()

    assert not standby.is_read
    assert not standby.database.is_away


async def test_nothing_is_written_there_by_mistake(standby: Standby) -> None:
    await standby.look()

    async with standby.database.reading() as connection:
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await connection.execute("DELETE FROM uit.outbox")


async def test_strangers_read_every_public_page_there(read_world: World) -> None:
    session, services, refnis = (
        await read_world.session(),
        read_world.services,
        await read_world.municipality("41002"),
    )
    event = f"/dender/evenementen/{session.event_id}"
    assert services.standby

    for path in ("/", "/dender", "/dender/agenda", event, "/labels", f"/labels/{refnis}", "/api/v1/labels"):
        assert (await read_world.client.get(path)).status_code == 200, path

    assert services.standby.database.pool.get_size() > 0
    assert services.public_database.pool.get_size() == 0


@pytest.mark.own_database
@pytest.mark.parametrize(
    "headers", [{"Cookie": "uit_csrf=x"}, {"Cookie": "uit_device=x"}, {"Authorization": "Bearer x"}]
)
async def test_whoever_may_have_done_something_reads_from_the_primary(
    read_world: World, headers: dict[str, str]
) -> None:
    assert (await read_world.client.get("/dender", headers=headers)).status_code == 200

    assert read_world.services.standby
    assert read_world.services.standby.database.pool.get_size() == 0
    assert read_world.services.public_database.pool.get_size() > 0


async def test_a_crowd_that_keeps_all_its_connections_is_read_to_from_the_primary(read_world: World) -> None:
    assert read_world.services.standby
    before = figure("uit_standby_read_again_total")

    async with AsyncExitStack() as held:
        for _ in range(PUBLIC_CONNECTIONS):
            await held.enter_async_context(read_world.services.standby.database.reading())
        page = await read_world.client.get("/dender")

    assert page.status_code == 200
    assert figure("uit_standby_read_again_total") == before + 1


async def test_a_page_that_it_does_not_give_comes_from_the_primary(read_world: World) -> None:
    assert read_world.services.standby
    read_world.services.standby.database.pool.terminate()
    before = figure("uit_standby_read_again_total")

    pages = [await read_world.client.get(path) for path in ("/dender", "/labels", "/api/v1/labels")]

    assert [each.status_code for each in pages] == [200] * 3
    assert figure("uit_standby_read_again_total") == before + 3
