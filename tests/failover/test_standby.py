"""Strangers read from a real standby: within its bound, else from the primary."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable

import pytest
from httpx import AsyncClient, Response

from tests.builders import Session, World
from tests.copies import install, settings_of
from tests.failover.pair import Pair, ask, open_pair
from tests.faults.stopped import main_process, stopped
from tests.test_watching import figure
from tests.town import a_home
from uit.core.clock import SetClock, SystemClock
from uit.database.standby import MOST_SECONDS_BEHIND, Standby
from uit.embedded.stores import Addresses

SECONDS_TO_ANSWER = 5


@pytest.fixture(scope="module")
async def opened(
    addresses: Addresses, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Pair, World]]:
    """A pair whose primary waits for nobody, so that it goes on while the standby does not."""
    with a_home() as home:
        home.mkdir(mode=0o711)
        async with open_pair(home) as pair:
            await install(pair.primary.url)
            address = settings_of(pair.reading_url + "&target_session_attrs=standby").database_url
            clock, folder = SetClock(SystemClock().now()), tmp_path_factory.mktemp("standby")
            async with World.open(
                pair.url, addresses.redis_url, "", clock, folder, read_database_url=address
            ) as world:
                yield pair, world


@pytest.fixture
def pair(opened: tuple[Pair, World]) -> Pair:
    return opened[0]


@pytest.fixture
async def world(opened: tuple[Pair, World]) -> World:
    made = opened[1]
    made.client.cookies.clear()
    await until_read(made)
    return made


@pytest.fixture
async def session(world: World) -> Session:
    """On the standby too."""
    made = await world.session(seats=2)
    await read_when_it_is_there(world, page_of(made))
    return made


async def read_when_it_is_there(world: World, path: str) -> None:
    async with asyncio.timeout(10):
        while not (await world.client.get(path)).is_success:  # noqa: ASYNC110  it has no event for it
            await asyncio.sleep(0.05)


def page_of(session: Session) -> str:
    return f"/dender/evenementen/{session.event_id}"


def standby_of(world: World) -> Standby:
    assert world.services.standby
    return world.services.standby


async def until_read(world: World) -> None:
    await until(lambda: standby_of(world).is_read)


async def until_not_read(world: World) -> None:
    await until(lambda: not standby_of(world).is_read)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110  the watch has no event for it
            await asyncio.sleep(0.05)


async def read_at_once(client: AsyncClient, path: str) -> tuple[list[Response], float]:
    """More than it has connections, and how long the last of them took."""
    began = time.monotonic()
    pages = await asyncio.gather(*(client.get(path) for _ in range(10)))
    return list(pages), time.monotonic() - began


async def test_every_public_page_can_be_read_where_nothing_can_be_written(
    world: World, session: Session
) -> None:
    refnis, before = await world.municipality("41002"), figure("uit_standby_read_again_total")
    searches = [f"/dender/agenda?waar={word}" for word in ("prins", "rins", "prnis", "niets")]

    for path in ("/", "/dender", *searches, page_of(session), "/labels", "/api/v1/labels"):
        assert (await world.client.get(path)).status_code == 200, path
    await read_when_it_is_there(world, f"/labels/{refnis}")

    assert standby_of(world).is_read
    assert figure("uit_standby_read_again_total") == before


async def test_a_stranger_reads_what_the_standby_has_and_whoever_did_something_what_they_did(
    world: World, pair: Pair, session: Session
) -> None:
    token = await world.api_client(session.organiser_id)
    await ask(pair.standby.url, "SELECT pg_wal_replay_pause()")
    await world.execute("UPDATE organisers.event SET name = 'De grote prins' WHERE id = $1", session.event_id)

    strange = await world.client.get(page_of(session))
    shop = await world.client.get("/api/v1/sessions", headers=token)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    own = await world.client.get(page_of(session))

    assert "De kleine prins" in strange.text
    assert "De grote prins" in own.text
    assert shop.status_code == 200
    await ask(pair.standby.url, "SELECT pg_wal_replay_resume()")


async def test_a_standby_that_lags_is_read_no_more_until_it_caught_up(
    world: World, pair: Pair, session: Session
) -> None:
    await ask(pair.standby.url, "SELECT pg_wal_replay_pause()")
    await world.execute("UPDATE organisers.event SET name = 'De grote prins' WHERE id = $1", session.event_id)

    await until_not_read(world)
    late = await world.client.get(page_of(session))
    behind = standby_of(world).seconds_behind
    await ask(pair.standby.url, "SELECT pg_wal_replay_resume()")
    await until_read(world)

    assert "De grote prins" in late.text
    assert behind > MOST_SECONDS_BEHIND
    assert "De grote prins" in (await world.client.get(page_of(session))).text


async def test_a_standby_that_hangs_keeps_nobody_waiting(world: World, pair: Pair, session: Session) -> None:
    with stopped(main_process(pair.standby)):
        pages, seconds = await read_at_once(world.client, page_of(session))
        is_read = standby_of(world).is_read
        again, seconds_again = await read_at_once(world.client, page_of(session))
    await until_read(world)

    assert {each.status_code for each in pages + again} == {200}
    assert not any("Age" in each.headers for each in pages + again)
    assert not is_read
    assert max(seconds, seconds_again) < SECONDS_TO_ANSWER
    assert world.services.watch.answers


async def test_a_standby_that_is_killed_is_missed_by_nobody(
    world: World, pair: Pair, session: Session
) -> None:
    before = figure("uit_standby_read_again_total")
    os.kill(main_process(pair.standby), signal.SIGKILL)

    pages, _ = await read_at_once(world.client, page_of(session))
    await until_not_read(world)
    await until_read(world)

    assert {each.status_code for each in pages} == {200}
    assert figure("uit_standby_read_again_total") > before


async def test_one_that_was_promoted_is_another_primary_and_is_left(
    world: World, pair: Pair, session: Session
) -> None:
    """The last here: the pair is none after it."""
    await pair.promote()
    await until(lambda: standby_of(world).database.is_away)  # the address asks for one that follows

    assert not standby_of(world).is_read
    assert (await world.client.get(page_of(session))).status_code == 200
