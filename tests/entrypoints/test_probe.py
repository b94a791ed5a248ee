"""Who watches over a worker asks it over HTTP, on a port of its own."""

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
from msgspec.structs import replace

from tests.builders import World
from tests.conftest import free_port
from uit.core.settings import InvalidSetting
from uit.database.hosts import Hosts
from uit.entrypoints.probe import answering_probes


@pytest.fixture
async def probe(world: World) -> AsyncIterator[httpx.AsyncClient]:
    settings = replace(world.services.settings, worker_port=free_port())
    base = f"http://{settings.host}:{settings.worker_port}"
    async with answering_probes(settings, world.services), httpx.AsyncClient(base_url=base) as client:
        yield client


async def test_a_worker_that_is_well_says_so(probe: httpx.AsyncClient) -> None:
    answers = [await probe.get(path) for path in ("/health/live", "/health/ready")]

    assert [(answer.status_code, answer.text) for answer in answers] == [(200, "ok\n")] * 2


async def test_the_figures_are_those_of_prometheus(probe: httpx.AsyncClient) -> None:
    answer = await probe.get("/metrics?name=x")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    assert "# TYPE uit_database_seconds histogram" in answer.text


async def test_a_worker_whose_task_died_is_not_ready_and_says_which(
    world: World, probe: httpx.AsyncClient
) -> None:
    world.services.vital_tasks.start("settle", asyncio.sleep(0))
    await world.services.vital_tasks.died.wait()

    answer = await probe.get("/health/ready")

    assert (answer.status_code, answer.text) == (503, "died: settle\n")


async def test_a_worker_whose_database_is_away_is_not_ready(world: World, probe: httpx.AsyncClient) -> None:
    world.services.watch.connection.hosts = Hosts("postgresql://uit@/uit?host=/nowhere")
    world.services.watch.connection.hang_up()

    answer = await probe.get("/health/ready")

    assert (answer.status_code, answer.text) == (503, "the database is away\n")


async def test_the_watch_leaves_a_server_that_takes_no_writes_any_more(world: World) -> None:
    """Its next question is to whichever server takes them, on a connection of now."""
    watch = world.services.watch
    assert await watch.look()
    assert watch.connection.connection
    await watch.connection.connection.execute("SET default_transaction_read_only = on")
    watch._write_at = 0

    assert not await watch.look()
    assert await watch.look()


async def test_there_is_nothing_else(probe: httpx.AsyncClient) -> None:
    assert (await probe.get("/")).status_code == 404
    assert (await probe.post("/metrics", content=b"x" * 10)).status_code == 404


@pytest.mark.parametrize(
    "nonsense", [b"", b"\r\n\r\n", b"GET\r\n\r\n", b"\xff" * 100_000, b"GET /\xff x\r\n\r\n"]
)
async def test_nonsense_ends_the_connection_and_nothing_more(
    probe: httpx.AsyncClient, nonsense: bytes
) -> None:
    reader, writer = await asyncio.open_connection(probe.base_url.host, probe.base_url.port)
    writer.write(nonsense)
    writer.write_eof()
    try:
        said = await reader.read()
    except ConnectionError:
        said = b""
    writer.close()

    assert said == b"" or said.startswith(b"HTTP/1.1 404 ")
    assert (await probe.get("/health/live")).status_code == 200


async def test_a_taken_port_is_said_in_one_clear_line(world: World) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = replace(world.services.settings, worker_port=taken.getsockname()[1])

        with pytest.raises(InvalidSetting, match=r"^Port \d+ is in use\. .*WORKER_PORT=\d+\.$"):
            await answering_probes(settings, world.services).__aenter__()


async def test_without_a_port_it_listens_nowhere(world: World) -> None:
    before = len(asyncio.all_tasks())
    async with answering_probes(world.services.settings, world.services):
        assert len(asyncio.all_tasks()) == before
