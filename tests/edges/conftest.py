"""`python -m uit serve` on the database of a test: what is attacked is met over real sockets."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.builders import World
from tests.edges.server import Server, open_server
from uit.core.clock import SystemClock
from uit.embedded.stores import Addresses


@pytest.fixture
async def server(
    request: pytest.FixtureRequest, world: World, dsn: str, addresses: Addresses, tmp_path: Path
) -> AsyncIterator[Server]:
    """A server beside the world, with its database and keys, at the present time.

    A test that is parametrized over it gives it settings of its own.
    """
    world.clock.set(SystemClock().now())
    own: dict[str, str] = getattr(request, "param", {})
    settings = {"DATABASE_URL": dsn, "REDIS_URL": addresses.redis_url, **own}
    async with open_server(tmp_path, **settings) as made:
        yield made


@pytest.fixture
async def caller(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody else, who asks for something while the server is attacked."""
    async with httpx.AsyncClient(base_url=server.base, timeout=15) as made:
        yield made
