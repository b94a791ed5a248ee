"""A town whose database is a pair of servers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.builders import World
from tests.conftest import Letterbox
from tests.copies import install
from tests.failover.pair import Pair, open_pair
from tests.town import a_home
from uit.core.clock import SetClock, SystemClock
from uit.embedded.stores import Addresses


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    with a_home() as home:
        home.mkdir(mode=0o711)
        async with open_pair(home) as made:
            await install(made.primary.url)
            await made.confirm_together()
            yield made


@pytest.fixture
async def world(
    pair: Pair, addresses: Addresses, tmp_path: Path, post: tuple[str, Letterbox]
) -> AsyncIterator[World]:
    clock = SetClock(SystemClock().now())
    async with World.open(pair.url, addresses.redis_url, post[0], clock, tmp_path) as made:
        yield made
