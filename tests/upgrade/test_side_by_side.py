"""The version that landed last goes on while this one takes its place: on the schema of now, and beside it.

It runs from its own tree, with the packages of now.
"""

import asyncio
import re
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.builders import TONIGHT, World
from tests.conftest import free_port
from tests.reservations.booking.fleet import PROGRAM, App, Fleet, end, start_app
from tests.town import environment
from tests.upgrade.landed import read_landed
from uit.core.clock import SystemClock

BOOKED, SOLD_OUT, SEATS, ASKED = httpx.codes.CREATED, httpx.codes.CONFLICT, 40, 60
SECONDS_FOR_DUTIES = 30
LAST_RUN = re.compile(r'^uit_duty_last_run_timestamp_seconds\{duty="(\w+)"\} (\S+)$', re.MULTILINE)
FAILED = re.compile(r'^uit_duty_failures_total\{duty="(\w+)"\} (?!0\.0)\S+$', re.MULTILINE)
UNTOLD = "SELECT count(*) FROM uit.outbox WHERE delivered_at IS NULL"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return read_landed()[-1].take_out(tmp_path_factory.mktemp("landed"))


@pytest.fixture
def settings(world: World, dsn: str) -> dict[str, str]:
    """As an installation of then has them: one login for all."""
    world.clock.set(SystemClock().now())
    own = world.services.settings
    return {
        "DATABASE_URL": dsn, "REDIS_URL": own.redis_url, "SMTP_URL": own.smtp_url, "EXAMPLE": "0",
        "BASE_URL": "", "SECRETS_FILE": str(own.secrets_path), "UIT_HOME": own.home,
    }  # fmt: skip


@pytest.fixture
async def old(settings: dict[str, str], tree: Path) -> AsyncIterator[App]:
    app = await start_app(settings, tree=tree)
    yield app
    await end(app)


@pytest.fixture
async def new(world: World, settings: dict[str, str]) -> AsyncIterator[App]:
    app = await start_app(settings | {"DATABASE_URL": world.services.settings.database_url})
    yield app
    await end(app)


def client_of(app: App) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{app.wire.port}", timeout=30)


async def test_the_journeys_of_then_pass_on_the_schema_of_now(world: World, old: App) -> None:
    session, anna = await world.session(**TONIGHT), await world.resident(credit_cents=1500)
    headers = await world.api_client(session.organiser_id)
    kept, left = uuid4(), uuid4()
    async with client_of(old) as client:
        client.headers.update(headers)
        for booking_id, places in ((kept, 2), (left, 1)):
            line = {"session_id": str(session.id), "tariff": "base", "places": places}
            booked = await client.put(
                f"/api/v1/bookings/{booking_id}", json={"lines": [line], "pass_token": anna.token}
            )
            assert booked.status_code == BOOKED, booked.text
        ended = await client.delete(f"/api/v1/bookings/{left}")
        found = (await client.get(f"/api/v1/bookings/{kept}")).json()
        ticket = found["lines"][0]["tickets"][0]["ticket"]
        entered = await client.post("/api/v1/checkins", json={"ticket": ticket})
    async with client_of(old) as stranger:
        pages = [await stranger.get(address) for address in ("/aanmelden", "/dender", "/health/ready")]

    assert (ended.status_code, entered.status_code) == (200, BOOKED), ended.text + entered.text
    assert [page.status_code for page in pages] == [200] * 3
    assert "De kleine prins" in pages[1].text
    assert await world.places_left(session) == 8
    assert await world.available_cents(anna) == 500


async def test_the_duties_of_then_are_done_on_the_schema_of_now(
    world: World, settings: dict[str, str], tree: Path
) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=500)
    await world.book(anna, session)
    port = free_port()
    async with working(settings | {"WORKER_PORT": str(port)}, tree), httpx.AsyncClient() as client:
        async with asyncio.timeout(SECONDS_FOR_DUTIES):
            while True:
                figures = await figures_at(client, port)
                done = dict(LAST_RUN.findall(figures))
                if done and "0.0" not in done.values() and not await world.value(UNTOLD):
                    break
                await asyncio.sleep(0.1)

    assert {"deliver", "expire", "call_off", "settle", "roll_up", "lapse", "erase"} <= set(done)
    assert FAILED.findall(figures) == []


@asynccontextmanager
async def working(settings: dict[str, str], tree: Path) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "uit", "worker", "--with-parent"),
        cwd=tree,
        env=environment(Path(settings["UIT_HOME"]), **settings),
        stdin=PIPE,
        stdout=DEVNULL,
        stderr=DEVNULL,
    )
    try:
        yield
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()


async def figures_at(client: httpx.AsyncClient, port: int) -> str:
    try:
        return (await client.get(f"http://127.0.0.1:{port}/metrics")).text
    except httpx.TransportError:
        return ""


async def test_two_versions_at_one_hot_session_sell_each_place_once(
    world: World, old: App, new: App, settings: dict[str, str]
) -> None:
    session = await world.session(seats=SEATS, price_cents=100)
    people = [await world.resident(credit_cents=10_000) for _ in range(10)]
    fleet = Fleet(world, [old, new], settings, PROGRAM)
    await fleet.admit(session.organiser_id)
    wanted = [(uuid4(), people[n % 10]) for n in range(ASKED)]

    statuses = await fleet.ask_all(wanted, session, at_once=16)

    assert Counter(statuses) == {BOOKED: SEATS, SOLD_OUT: ASKED - SEATS}
    some, others = sorted(fleet.acknowledged)[:10], sorted(fleet.acknowledged)[10:20]
    for app, bookings in ((old, some), (new, others)):
        for booking_id in bookings:
            assert (await fleet.cancel(app, booking_id)).status_code == httpx.codes.OK
    assert await world.places_left(session) == len(some + others)
    assert await fleet.broken() == []
