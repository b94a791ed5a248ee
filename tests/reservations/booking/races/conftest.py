"""Four apps over one database, for all races of bookings."""

from collections.abc import AsyncIterator

import pytest

from tests.builders import World
from tests.copies import copied
from tests.reservations.booking.fleet import Fleet, open_fleet
from uit.core.clock import SetClock, SystemClock
from uit.embedded.stores import Addresses


@pytest.fixture(scope="package")
async def four_apps(
    template_dsn: str, addresses: Addresses, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Fleet, SetClock]]:
    """The fleet of every race: to start one takes longer than most races. No race kills an app of it."""
    clock = SetClock(SystemClock().now())
    async with (
        copied(template_dsn) as dsn,
        World.open(dsn, addresses.redis_url, "", clock, tmp_path_factory.mktemp("races")) as world,
        open_fleet(world, 4) as made,
    ):
        yield made, clock


@pytest.fixture
def fleet(four_apps: tuple[Fleet, SetClock]) -> Fleet:
    """Each race has its own sessions and people; its apps and its world have the same time."""
    made, clock = four_apps
    clock.set(SystemClock().now())
    return made
