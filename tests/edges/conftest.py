"""`python -m uit serve` on the database of a test: what is attacked is met over real sockets."""

import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import httpx
import pytest

from tests.builders import World
from tests.conftest import free_port
from tests.edges.server import Server
from tests.town import ROOT, environment
from uit.core.clock import SystemClock
from uit.embedded.stores import Addresses


def start(log: Path, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "uit", "serve"]
    with log.open("w") as written:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=written, stderr=subprocess.STDOUT)


@pytest.fixture
async def server(
    request: pytest.FixtureRequest, world: World, dsn: str, addresses: Addresses, tmp_path: Path
) -> AsyncIterator[Server]:
    """A server beside the world, with its database and keys, at the present time.

    A test that is parametrized over it gives it settings of its own.
    """
    world.clock.set(SystemClock().now())
    port = free_port()
    own: dict[str, str] = getattr(request, "param", {})
    settings = {"DATABASE_URL": dsn, "REDIS_URL": addresses.redis_url, "PORT": str(port), **own}
    log = tmp_path / "log"
    process = start(log, environment(tmp_path, **settings))
    made = Server(process, port, log)
    try:
        await made.until_open()
        yield made
    finally:
        await made.hang_up()
        if process.poll() is None:
            process.kill()
        process.wait()


@pytest.fixture
async def caller(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody else, who asks for something while the server is attacked."""
    async with httpx.AsyncClient(base_url=server.base, timeout=15) as made:
        yield made
