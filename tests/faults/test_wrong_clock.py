"""A worker's clock is 400 days ahead: what cannot be undone is left alone, until the clock is right again."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest
from msgspec.structs import replace
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from reservations.booking.answers import Booked
from reservations.booking.services import BookingServices, open_services
from tests.builders import Resident, Session, World
from tests.conftest import free_port
from tests.reservations.dates import faults
from uit.core.clock import SetClock, SystemClock
from uit.entrypoints.probe import answering_probes
from uit.entrypoints.worker import working
from uit.services.duty import DutyRunner

FINAL = {"close_payments", "expire", "settle", "lapse", "erase"}
YEAR = timedelta(days=400)


@pytest.fixture
def clock() -> SetClock:
    """That of the town is right."""
    return SetClock(SystemClock().now())


@pytest.fixture
async def booked(world: World) -> tuple[Session, Resident]:
    """Credit that is to spend and credit that is put aside, and somebody who is signed in."""
    session, anna = await world.session(price_cents=500), await world.resident(credit_cents=2000)
    assert isinstance(await world.book(anna, session), Booked)
    await world.sign_in(anna)
    return session, anna


@asynccontextmanager
async def worker_at(
    world: World, ahead: timedelta
) -> AsyncIterator[tuple[BookingServices, SetClock, dict[str, DutyRunner]]]:
    clock = SetClock(SystemClock().now() + ahead)
    settings = replace(world.services.settings, worker_port=free_port())
    async with open_services(settings, clock) as services, working(services) as runners:
        yield services, clock, {runner.duty.name: runner for runner in runners}


def times(figure: str, duty: str) -> float:
    return REGISTRY.get_sample_value(f"uit_duty_{figure}_total", {"duty": duty}) or 0


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not happened():  # noqa: ASYNC110 - a registry has no event for it
            await asyncio.sleep(0.01)


async def kept(world: World, anna: Resident) -> tuple[object, ...]:
    return (
        await world.available_cents(anna),
        await world.value("SELECT count(*) FROM identity.session"),
        await world.value("SELECT count(*) FROM reservations.ticket WHERE status = 'confirmed'"),
        await world.value("SELECT count(*) FROM credits.resolution"),
    )


@pytest.mark.parametrize("ahead", [YEAR, -YEAR, timedelta(minutes=6)])
async def test_nothing_that_cannot_be_undone_is_done_by_a_clock_that_is_wrong(
    world: World, booked: tuple[Session, Resident], ahead: timedelta
) -> None:
    before = await kept(world, booked[1])
    refused = {name: times("refused", name) for name in FINAL}

    with capture_logs() as logs:
        async with worker_at(world, ahead) as (services, _, _), answering_probes(services.settings, services):
            await until(lambda: all(times("refused", name) > refused[name] for name in FINAL))
            ready = await ask_ready(services)

    assert await kept(world, booked[1]) == before
    assert (ready.status_code, ready.text) == (503, "the clock is wrong\n")
    assert [each["event"] for each in logs if each["log_level"] == "critical"] == ["clock_is_wrong"]
    seconds = REGISTRY.get_sample_value("uit_clock_apart_seconds")
    assert seconds is not None
    assert abs(seconds - ahead.total_seconds()) < 60
    assert await faults(world) == []


async def ask_ready(services: BookingServices) -> httpx.Response:
    settings = services.settings
    async with httpx.AsyncClient(base_url=f"http://{settings.host}:{settings.worker_port}") as client:
        return await client.get("/health/ready")


async def test_a_clock_that_is_set_right_is_believed_again(world: World) -> None:
    refused = {name: times("refused", name) for name in FINAL}
    async with worker_at(world, YEAR) as (services, clock, runners):
        await until(lambda: all(times("refused", name) > refused[name] for name in FINAL))
        clock.set(SystemClock().now())
        before = times("refused", "lapse")

        await runners["lapse"].step()

        assert not services.clock_check.is_wrong
        assert times("refused", "lapse") == before


async def test_a_clock_that_is_a_few_minutes_off_is_good_enough(world: World) -> None:
    async with worker_at(world, timedelta(minutes=4)) as (services, _, runners):
        await runners["lapse"].step()

    assert not services.clock_check.is_wrong
