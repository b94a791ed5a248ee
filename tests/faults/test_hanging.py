"""The database hangs: everybody hears so in time, what strangers read is shown from before, and it passes."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest

from tests.builders import Resident, Session, World
from tests.copies import install
from tests.faults.stopped import stopped
from tests.reservations.booking.fleet import Fleet, open_fleet
from tests.town import a_home
from uit.core.clock import SetClock, SystemClock
from uit.embedded.stores import Store, open_postgres, open_valkey

SEATS = 60
SECONDS_TO_ANSWER = 5
SECONDS_TO_COME_BACK = 5
BOOKED, STORED, AWAY = httpx.codes.CREATED, httpx.codes.OK, httpx.codes.SERVICE_UNAVAILABLE


@pytest.fixture(scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Store, Fleet]]:
    """A server of our own to stop, and an app in a process of its own."""
    with a_home() as home, open_postgres(home) as database, open_valkey(home) as cache:
        await install(database.url)
        folder, clock = tmp_path_factory.mktemp("hanging"), SetClock(SystemClock().now())
        async with (
            World.open(database.url, cache.url, "", clock, folder) as world,
            open_fleet(world, 1) as fleet,
        ):
            yield database, fleet


@pytest.fixture
def database(opened: tuple[Store, Fleet]) -> Store:
    return opened[0]


@pytest.fixture
def fleet(opened: tuple[Store, Fleet]) -> Fleet:
    return opened[1]


@pytest.fixture
async def visitor(fleet: Fleet) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=base(fleet), timeout=30) as client:
        yield client


@pytest.fixture
async def session(fleet: Fleet) -> Session:
    made = await fleet.world.session(seats=SEATS, price_cents=100)
    await fleet.admit(made.organiser_id)
    return made


@pytest.fixture
async def wanted(fleet: Fleet) -> list[tuple[UUID, Resident]]:
    people = [await fleet.world.resident(credit_cents=SEATS * 10) for _ in range(10)]
    return [(uuid4(), people[n % 10]) for n in range(SEATS)]


def base(fleet: Fleet) -> str:
    return f"http://127.0.0.1:{fleet.apps[0].wire.port}"


async def until_ready(visitor: httpx.AsyncClient) -> float:
    began = time.monotonic()
    while (await visitor.get("/health/ready")).status_code != 200:  # noqa: ASYNC110 - as a balancer asks
        await asyncio.sleep(0.1)
    return time.monotonic() - began


async def test_bookings_under_way_hear_in_time_and_a_repeat_tells_the_truth(
    fleet: Fleet,
    database: Store,
    visitor: httpx.AsyncClient,
    session: Session,
    wanted: list[tuple[UUID, Resident]],
) -> None:
    """Also the batch of which nobody knows whether it was written."""
    asking = asyncio.create_task(fleet.ask_all(wanted, session, at_once=8))
    while len(fleet.acknowledged) < 5:  # noqa: ASYNC110 - in the middle of the load
        await asyncio.sleep(0)
    with stopped(database.pid):
        began = time.monotonic()
        under_way = await fleet.ask(fleet.apps[0], uuid4(), wanted[0][1], session)
        took = time.monotonic() - began
        await asyncio.sleep(1)

    assert (under_way.status_code, under_way.json()["code"]) == (AWAY, "ground.database_away")
    assert int(under_way.headers["retry-after"]) >= 1
    assert took < SECONDS_TO_ANSWER
    assert await until_ready(visitor) < SECONDS_TO_COME_BACK
    assert set(await asking) <= {BOOKED, AWAY}
    again = await fleet.ask_all(wanted, session)
    assert set(again) <= {BOOKED, STORED}
    assert await fleet.world.places_left(session) == 0
    assert await fleet.broken() == []


async def test_every_kind_of_route_answers_in_time_and_readiness_is_false(
    fleet: Fleet,
    database: Store,
    visitor: httpx.AsyncClient,
    session: Session,
    wanted: list[tuple[UUID, Resident]],
) -> None:
    """Pages, a form, the API, a booking and health, each asked when it begins and again while it lasts."""
    await until_ready(visitor)
    token = {"authorization": "Bearer nobody-knows-this-one"}
    form = {"email": "anna@example.be"}

    async def ask_each() -> Counter[int]:
        asked = [
            visitor.get("/dender?q=ongezien"),
            visitor.get("/api/v1/dender/events", headers=token),
            visitor.post("/aanmelden", data=form),
            visitor.get("/health/ready"),
            fleet.ask(fleet.apps[0], uuid4(), wanted[0][1], session),
        ]
        began = time.monotonic()
        answers = await asyncio.gather(*asked)
        assert time.monotonic() - began < SECONDS_TO_ANSWER
        return Counter(answer.status_code for answer in answers)

    with stopped(database.pid):
        first, second = await ask_each(), await ask_each()
        alive = await visitor.get("/health/live")

    assert alive.status_code == 200
    assert first[500] == second[500] == 0
    assert min(first[AWAY], second[AWAY]) >= 3
    assert await until_ready(visitor) < SECONDS_TO_COME_BACK


async def test_what_strangers_read_is_shown_from_before(
    database: Store, fleet: Fleet, visitor: httpx.AsyncClient
) -> None:
    await until_ready(visitor)
    before = await visitor.get("/dender")
    with stopped(database.pid):
        meanwhile = await visitor.get("/dender")
        same = await visitor.get("/dender", headers={"if-none-match": before.headers["etag"]})
        own = await visitor.get("/dender", headers={"cookie": "uit_session=somebody"})
        other = await visitor.get("/dender?q=niet-eerder-gelezen")

    assert (meanwhile.status_code, meanwhile.text) == (200, before.text)
    assert meanwhile.headers["etag"] == before.headers["etag"]
    assert int(meanwhile.headers["age"]) >= 0
    assert same.status_code == 304
    assert (own.status_code, other.status_code) == (AWAY, AWAY)
    assert int(other.headers["retry-after"]) >= 1
    assert await until_ready(visitor) < SECONDS_TO_COME_BACK
    assert "age" not in (await visitor.get("/dender")).headers


async def test_who_goes_away_meanwhile_leaves_no_connection_behind(fleet: Fleet, database: Store) -> None:
    """To cancel their statement asks the server, which does not answer that either."""
    services = fleet.world.services
    await services.watch.look()

    async def sleep() -> None:
        async with services.database.reading() as connection:
            await connection.execute("SELECT pg_sleep(60)")

    sleeping = asyncio.create_task(sleep())
    await asyncio.sleep(0.2)
    with stopped(database.pid):
        began = time.monotonic()
        sleeping.cancel()
        await asyncio.wait([sleeping], timeout=2 * SECONDS_TO_ANSWER)
        took = time.monotonic() - began

    assert took < SECONDS_TO_ANSWER
    assert services.database.in_use == 0
    assert await services.watch.look()
