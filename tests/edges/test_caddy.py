"""The Caddyfile of an installation, with the real Caddy: what it passes on, bounds, and says by itself."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.conftest import free_port
from tests.copies import copied
from tests.edges.proxy import caddy_in_front_of
from tests.edges.server import FORM, HOST, Server, head, open_server, slow_senders
from uit.embedded.stores import Addresses

SEVERAL_SLOW = 600
WAYS_TO_METRICS = (
    "/metrics", "/metrics/", "//metrics", "///metrics//", "/%2fmetrics", "/%6detrics", "/./metrics",
    "/metrics/.", "/x/../metrics", "/x/%2e%2e/metrics", "/METRICS", "/Metrics/", "/metrics?x=1",
    "/metrics;x", "/metrics%00", "/metrics%2f", "/assets/../metrics", "/metrics#x", f"http://{HOST}/metrics",
)  # fmt: skip


@pytest.fixture(scope="module")
async def server(
    template_dsn: str, addresses: Addresses, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Server]:
    """One for all: what is asked of it here changes no row."""
    folder = tmp_path_factory.mktemp("server")
    async with (
        copied(template_dsn) as dsn,
        open_server(folder, DATABASE_URL=dsn, REDIS_URL=addresses.redis_url) as made,
    ):
        yield made


@pytest.fixture
async def front(server: Server, tmp_path: Path) -> AsyncIterator[Server]:
    """Caddy before the server; what is sent to it goes there."""
    async with caddy_in_front_of(server.port, tmp_path) as port:
        made = replace(server, port=port, connections=[])
        yield made
        await made.hang_up()


@pytest.fixture
async def visitor(front: Server) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=front.base, timeout=20) as made:
        yield made


async def posted(caller: httpx.AsyncClient) -> list[str]:
    """How often the app answered a form of the page to sign in, by status, as its figures say."""
    figures = (await caller.get("/metrics")).text.splitlines()
    return [line for line in figures if 'method="POST",route="/aanmelden"' in line]


async def test_there_is_no_way_to_the_figures(
    front: Server, server: Server, caller: httpx.AsyncClient
) -> None:
    for way in WAYS_TO_METRICS:
        asked = await front.connect()
        await asked.send(head("GET", way, {"Connection": "close"}))
        answer = await asked.answer()

        assert b"uit_requests" not in answer, way
        assert answer.split()[1] in {b"400", b"404"}, way
    passed_on = await caller.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"})
    assert passed_on.status_code == 404
    assert "uit_requests" in (await caller.get("/metrics")).text


async def test_a_page_comes_through_with_its_headers_and_uncompressed(visitor: httpx.AsyncClient) -> None:
    """Its form's token stands beside what somebody typed: compressed, its length would give it away."""
    answer = await visitor.get("/aanmelden", headers={"Accept-Encoding": "gzip, zstd"})

    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "server" not in answer.headers


async def test_what_does_not_come_ends_and_never_reaches_the_app(
    front: Server, caller: httpx.AsyncClient
) -> None:
    before = await posted(caller)
    body, headers, silent = [await front.connect() for _ in range(3)]
    await body.send(head("POST", "/aanmelden", {**FORM, "Content-Length": 10}) + b"email")
    await headers.send(b"GET / HTTP/1.1\r\nHost: 127")

    await asyncio.gather(*(each.answer(6) for each in (body, headers, silent)))

    assert all(each.reader.at_eof() for each in (body, headers, silent))
    assert await posted(caller) == before
    await caller.post("/aanmelden", data={"email": ""})
    assert await posted(caller) != before


async def test_while_many_send_slowly_others_are_answered(front: Server, visitor: httpx.AsyncClient) -> None:
    async with slow_senders(front, SEVERAL_SLOW):
        answers = [await visitor.get(path) for path in ("/", "/aanmelden", "/health/ready")]
        answers.append(await visitor.post("/oauth/token", data={"grant_type": "client_credentials"}))

    assert [answer.status_code for answer in answers] == [200, 200, 200, 400]
    assert max(answer.elapsed.total_seconds() for answer in answers) < 2


@pytest.mark.parametrize(
    ("path", "size", "words"),
    [
        ("/aanmelden", 100_000, "hoogstens 65 kB"),
        ("/aanmelden", 200_000, "Dit is te groot"),
        ("/api/v1/bookings", 2_100_000, "Dit is te groot"),
    ],
)
async def test_a_body_is_bounded_by_its_kind(
    visitor: httpx.AsyncClient, path: str, size: int, words: str
) -> None:
    answer = await visitor.post(path, data={"email": "x" * size})

    assert answer.status_code == 413
    assert words in answer.text


@pytest.mark.parametrize(
    ("path", "kind"), [("/dender", "text/html"), ("/api/v1/events", "application/problem")]
)
async def test_when_the_app_is_away_a_visitor_reads_so_in_words(tmp_path: Path, path: str, kind: str) -> None:
    async with (
        caddy_in_front_of(free_port(), tmp_path) as port,
        httpx.AsyncClient(base_url=f"http://{HOST}:{port}", timeout=20) as visitor,
    ):
        answer = await visitor.get(path)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert answer.headers["content-type"].startswith(kind)
    assert "Even geduld" in answer.text


async def test_only_what_changes_nothing_is_sent_again(tmp_path: Path) -> None:
    """To an app that dies each time it has read a request."""
    asked: list[bytes] = []

    async def die(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readline())[:4].strip())
        writer.transport.abort()

    async with (
        await asyncio.start_server(die, HOST, port := free_port()),
        caddy_in_front_of(port, tmp_path) as front,
        httpx.AsyncClient(base_url=f"http://{HOST}:{front}", timeout=20) as visitor,
    ):
        sent = [await visitor.post("/aanmelden", data={"email": "a@b.be"}), await visitor.get("/dender")]

    assert [answer.status_code for answer in sent] == [503, 503]
    assert asked.count(b"POST") == 1
    assert asked.count(b"GET") > 1
