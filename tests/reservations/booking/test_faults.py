"""Something breaks in the middle of the load: afterwards all that was confirmed is there, and it adds up."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from reservations.booking.turnstile import Turnstile
from tests.builders import Resident, Session, World
from tests.copies import install
from tests.reservations.booking.fleet import App, Fleet, open_fleet
from tests.town import a_home
from uit.core.clock import SetClock, SystemClock
from uit.database.pool import Database
from uit.embedded.stores import open_postgres, open_valkey

SEATS = 300
# Few, so that the load goes on while something breaks.
AT_ONCE = 16
BOOKED, STORED = httpx.codes.CREATED, httpx.codes.OK


class Stores:
    """Servers that the tests may break; this PostgreSQL keeps what it confirms."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.database, self.cache = open_postgres(home), open_valkey(home)

    def kill_database(self) -> None:
        os.kill(self.database.pid, signal.SIGKILL)

    def reopen_database(self) -> None:
        self.database.close()
        self.database = open_postgres(self.home)

    def close(self) -> None:
        self.database.close()
        self.cache.close()


@pytest.fixture(scope="module")
async def broken_into(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Stores, Fleet]]:
    with a_home() as home:
        stores = Stores(home)
        await install(stores.database.url)
        folder, clock = tmp_path_factory.mktemp("faults"), SetClock(SystemClock().now())
        async with (
            World.open(stores.database.url, stores.cache.url, "", clock, folder) as world,
            open_fleet(world, 2) as fleet,
        ):
            yield stores, fleet
        stores.close()


@pytest.fixture
async def fleet(broken_into: tuple[Stores, Fleet]) -> Fleet:
    """Two running apps. What was confirmed in an earlier test has to be there after every later fault."""
    await broken_into[1].revive()
    return broken_into[1]


@pytest.fixture
def stores(broken_into: tuple[Stores, Fleet]) -> Stores:
    return broken_into[0]


@pytest.fixture
async def session(fleet: Fleet) -> Session:
    """With a seat for everybody."""
    made = await fleet.world.session(seats=SEATS, price_cents=100)
    await fleet.admit(made.organiser_id)
    return made


@pytest.fixture
async def wanted(fleet: Fleet) -> list[tuple[UUID, Resident]]:
    """What ten people want, with credit for it to the cent."""
    people = [await fleet.world.resident(credit_cents=SEATS * 10) for _ in range(10)]
    return [(uuid4(), people[n % 10]) for n in range(SEATS)]


async def check_all_come_right(fleet: Fleet, wanted: list[tuple[UUID, Resident]], session: Session) -> None:
    """Whoever repeats their ask has one booking in the end: neither none, nor two."""
    while not await fleet.world.services.watch.look():  # noqa: ASYNC110 - as a balancer asks
        await asyncio.sleep(0.1)
    for app in fleet.apps:
        ready = fleet.written_to("GET", "/health/ready", b"")
        while (await app.wire.send(ready)).status_code != httpx.codes.OK:  # noqa: ASYNC110 - the same
            await asyncio.sleep(0.1)
    assert await fleet.broken() == []

    again = await fleet.ask_all(wanted, session)

    assert set(again) <= {BOOKED, STORED}
    assert len(again) == SEATS
    assert await fleet.world.places_left(session) == 0
    assert await fleet.world.available_cents(*{who for _, who in wanted}) == 0
    assert await fleet.broken() == []


async def test_a_client_that_is_cut_off_finds_its_booking_whole_or_makes_it_then(
    fleet: Fleet, wanted: list[tuple[UUID, Resident]], session: Session
) -> None:
    cut = [
        cut_off(fleet.apps[n % 2], fleet.request(booking_id, who, session)[: [40, None, None][n % 3]])
        for n, (booking_id, who) in enumerate(wanted)
    ]
    await asyncio.gather(*cut)

    await check_all_come_right(fleet, wanted, session)


async def cut_off(app: App, sent: bytes) -> None:
    """Send a booking, or only its first bytes, and hang up without listening."""
    _, writer = await app.wire.connect()
    writer.write(sent)
    await writer.drain()
    writer.transport.abort()


async def test_an_app_that_is_killed_takes_nothing_with_it(
    fleet: Fleet, wanted: list[tuple[UUID, Resident]], session: Session
) -> None:
    statuses = await fleet.ask_all(wanted, session, AT_ONCE, after=fleet.apps[0].kill)
    await fleet.apps[0].process.wait()

    assert 0 in statuses
    assert BOOKED in statuses
    await fleet.revive()
    await check_all_come_right(fleet, wanted, session)


async def test_a_database_that_is_killed_comes_back_with_everything_it_confirmed(
    fleet: Fleet, stores: Stores, wanted: list[tuple[UUID, Resident]], session: Session
) -> None:
    killed = asyncio.Event()

    def kill() -> None:
        stores.kill_database()
        killed.set()

    async def reopen() -> None:
        await killed.wait()
        await asyncio.to_thread(stores.reopen_database)

    statuses, _ = await asyncio.gather(fleet.ask_all(wanted, session, AT_ONCE, after=kill), reopen())

    assert set(statuses) <= {BOOKED, STORED, httpx.codes.SERVICE_UNAVAILABLE}
    await check_all_come_right(fleet, wanted, session)


async def test_while_the_database_is_away_all_hear_when_to_come_back(
    fleet: Fleet, stores: Stores, wanted: list[tuple[UUID, Resident]], session: Session
) -> None:
    """Also who has to be recognised first, by a token that no app has seen before."""
    stores.kill_database()
    stores.database.close()
    try:
        answers = await asyncio.gather(*(fleet.ask(fleet.apps[0], *each, session) for each in wanted[:5]))
    finally:
        await asyncio.to_thread(stores.reopen_database)

    assert Counter(answer.status_code for answer in answers) == {httpx.codes.SERVICE_UNAVAILABLE: 5}
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in answers)
    assert {answer.json()["code"] for answer in answers} == {"ground.database_away"}
    await check_all_come_right(fleet, wanted, session)


async def test_a_look_without_locks_leaves_an_outage_to_the_long_way(world: World, dsn: str) -> None:
    """It is a short cut: whoever takes it must not hear of a bug where the turnstile would have waited."""
    ask = world.command(await world.resident(), [(await world.session(), "base", 1)])
    gone = await Database.open(dsn)
    await gone.close()

    assert await Turnstile(gone, world.clock, world.services.ids)._read_without_locks([ask]) == [None]


async def test_without_valkey_bookings_go_on(
    fleet: Fleet, stores: Stores, wanted: list[tuple[UUID, Resident]], session: Session
) -> None:
    stores.cache.close()

    statuses = await fleet.ask_all(wanted, session)

    assert Counter(statuses) == {BOOKED: SEATS}
    await check_all_come_right(fleet, wanted, session)
