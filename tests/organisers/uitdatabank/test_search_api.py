"""Against a peer over HTTP that pages as the Search API does, and that can be told to be in trouble."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from organisers.uitdatabank.field import Unreadable
from organisers.uitdatabank.record import Record
from organisers.uitdatabank.search_api import Timeouts, read_search_api
from organisers.uitdatabank.source import read_source

HASTY = Timeouts(connect_seconds=0.2, read_seconds=0.2, page_seconds=0.5)
Answer = tuple[int, dict[str, str], bytes]


class Peer(ThreadingHTTPServer):
    """`found` events; `troubles` are answered first, one a request, and None is a page as usual."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Search)
        self.found = 0
        self.largest_page = 2_000
        self.troubles: list[Answer | None] = []
        self.asked: list[dict[str, str]] = []
        self.client_ids: list[str | None] = []
        self.waits: list[float] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/events/"

    async def wait(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def read(self, query: str = "", client_id: str | None = "een-client") -> list[Record]:
        return [found async for found in read_source(self.address + query, client_id, self.wait)]


class Search(BaseHTTPRequestHandler):
    headers_of_json: ClassVar = {"Content-Type": "application/json"}

    @property
    def peer(self) -> Peer:
        assert isinstance(self.server, Peer)
        return self.server

    def do_GET(self) -> None:
        asked = {name: values[-1] for name, values in parse_qs(urlsplit(self.path).query).items()}
        self.peer.asked.append(asked)
        self.peer.client_ids.append(self.headers.get("x-client-id"))
        trouble = self.peer.troubles.pop(0) if self.peer.troubles else None
        status, headers, body = trouble or self.page(int(asked["start"]), int(asked["limit"]))
        self.send_response_only(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def page(self, start: int, limit: int) -> Answer:
        if start > 10_000 or limit > 2_000:
            return (
                404,
                self.headers_of_json,
                b'{"detail": "The start parameter should be between 0 and 10000"}',
            )
        size = min(limit, self.peer.largest_page)
        members = [{"number": number} for number in range(start, min(start + size, self.peer.found))]
        page: dict[str, Any] = {
            "@context": "http://www.w3.org/ns/hydra/context.jsonld",
            "@type": "PagedCollection",
            "itemsPerPage": size,
            "totalItems": self.peer.found,
            "member": members,
        }
        return 200, self.headers_of_json, json.dumps(page).encode()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server's own name
        """Says nothing: a test fails on its own words."""


@pytest.fixture
def peer() -> Iterator[Peer]:
    with Peer() as peer:
        Thread(target=peer.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield peer
        peer.shutdown()


def numbers(records: list[Record]) -> list[object]:
    return [found.raw["number"] for found in records if isinstance(found.raw, dict)]


def wrongs(records: list[Record]) -> list[str]:
    return [f"{found.position} {found.raw}" for found in records if isinstance(found.raw, Unreadable)]


async def test_every_result_comes_once_over_all_pages(peer: Peer) -> None:
    peer.found = 250

    records = await peer.read("?q=theater")

    assert numbers(records) == list(range(250))
    assert [(asked["start"], asked["limit"]) for asked in peer.asked] == [
        ("0", "100"),
        ("100", "100"),
        ("200", "100"),
    ]
    assert records[-1].position == "127.0.0.1, item 250"
    assert records[-1].share == 1.0


async def test_the_search_asks_for_whole_events_in_a_fixed_order(peer: Peer) -> None:
    peer.found = 1

    await peer.read("?q=theater&regions=nis-41002&embed=false")

    assert peer.asked == [
        {
            "q": "theater",
            "regions": "nis-41002",
            "embed": "true",
            "sort[created]": "asc",
            "start": "0",
            "limit": "100",
        }
    ]
    assert peer.client_ids == ["een-client"]


async def test_the_address_may_say_the_page_the_start_and_the_order(peer: Peer) -> None:
    peer.found = 30

    records = await peer.read("?limit=10&start=15&sort[modified]=desc", client_id=None)

    assert numbers(records) == list(range(15, 30))
    assert [asked["start"] for asked in peer.asked] == ["15", "25"]
    assert all("sort[created]" not in asked for asked in peer.asked)
    assert peer.client_ids == [None, None]


async def test_a_page_smaller_than_asked_loses_nothing(peer: Peer) -> None:
    peer.found, peer.largest_page = 95, 40

    assert numbers(await peer.read()) == list(range(95))


async def test_no_results_are_no_records(peer: Peer) -> None:
    assert await peer.read() == []


async def test_who_asks_too_often_waits_as_long_as_is_asked_and_goes_on(peer: Peer) -> None:
    peer.found = 150
    peer.troubles = [None, (429, {"Retry-After": "7"}, b"")]

    records = await peer.read()

    assert numbers(records) == list(range(150))
    assert peer.waits == [7.0]


async def test_a_moment_to_come_back_counts_from_the_date_of_the_answer(peer: Peer) -> None:
    peer.found = 1
    moment = {"Date": "Tue, 10 Mar 2026 10:00:00 GMT", "Retry-After": "Tue, 10 Mar 2026 10:00:45 GMT"}
    peer.troubles = [(503, moment, b"")]

    assert numbers(await peer.read()) == [0]
    assert peer.waits == [45.0]


async def test_without_a_word_each_wait_is_twice_as_long_and_the_fifth_time_it_ends(peer: Peer) -> None:
    peer.found = 150
    peer.troubles = [None, *[(502, {"Retry-After": "soon"}, b"")] * 5]

    records = await peer.read()

    assert numbers(records) == list(range(100))
    assert wrongs(records) == ["127.0.0.1, start=100 answered 502, 5 times in a row"]
    assert peer.waits == [2.0, 4.0, 8.0, 16.0]


async def test_who_asks_for_an_hour_of_patience_gets_a_clear_end(peer: Peer) -> None:
    peer.troubles = [(429, {"Retry-After": "3600"}, b"")]

    assert wrongs(await peer.read()) == ["127.0.0.1, start=0 answered 429 and asks to wait 3600 seconds"]
    assert peer.waits == []


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((401, {}, b"{}"), "answered 401: it does not accept this client id"),
        ((403, {}, b""), "answered 403: it does not accept this client id"),
        ((400, {}, b'{"detail": "Unknown parameter"}'), "answered 400: Unknown parameter"),
        ((404, {}, b"[]"), "answered 404: no reason given"),
        ((301, {"Location": "https://elders.example/"}, b""), "has moved to https://elders.example/"),
        ((200, {}, b"<html>"), "is not JSON"),
        ((200, {}, b"[]"), "totalItems is not a whole number"),
        ((200, {}, b'{"member": {"a": 1}}'), "member is not a list"),
    ],
)
async def test_what_asking_again_does_not_change_ends_at_once(peer: Peer, answer: Answer, why: str) -> None:
    peer.troubles = [answer]

    (wrong,) = wrongs(await peer.read())

    assert wrong.startswith(f"127.0.0.1, start=0 {why}")
    assert peer.waits == []


async def test_a_search_beyond_the_window_gives_what_it_can_and_says_so(peer: Peer) -> None:
    peer.found = 12_345

    records = await peer.read("?limit=1500")

    assert numbers(records) == list(range(10_000))
    assert wrongs(records) == [
        "127.0.0.1, start=10000 gives no more than the first 10000 results: narrow the search"
    ]


async def test_a_peer_that_is_not_there_is_said(peer: Peer) -> None:
    peer.server_close()

    (wrong,) = wrongs(await peer.read())

    assert wrong.startswith("127.0.0.1, start=0 cannot be reached: ")
    assert wrong.endswith(", 3 times in a row")
    assert peer.waits == [2.0, 4.0]


@asynccontextmanager
async def drawling(answer: bytes, *, every: float) -> AsyncIterator[str]:
    """The address of a peer that sends its answer a letter at a time."""

    async def drawl(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            for letter in answer:
                writer.write(bytes([letter]))
                await writer.drain()
                await asyncio.sleep(every)
        writer.close()

    async with await asyncio.start_server(drawl, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


@pytest.mark.parametrize(
    ("answer", "every", "why"),
    [
        (b"H", 10, "said nothing for 0.2 seconds, 3 times in a row"),
        (b"HTTP/1.1 200 OK", 0.1, "did not finish its answer within 0.5 seconds, 3 times in a row"),
        (b"HTTP", 0, "broke off its answer, 3 times in a row"),
    ],
)
async def test_a_peer_that_keeps_silent_or_drawls_is_not_waited_for(
    answer: bytes, every: float, why: str
) -> None:
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    async with drawling(answer, every=every) as address:
        records = [found async for found in read_search_api(address, None, wait, HASTY)]

    assert wrongs(records) == [f"127.0.0.1, start=0 {why}"]
    assert waits == [2.0, 4.0]


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://search.example/events/", "is not an https address"),
        ("ftp://search.example/", "is not an https address"),
        ("https://search.example:deur/", "is not an address"),
        ("https://search.example/events/?start=x", "has a start that is not a number"),
        ("https://search.example/events/?limit=", "has a limit that is not a number"),
    ],
)
async def test_an_address_that_cannot_be_asked_is_refused_before_asking(address: str, why: str) -> None:
    (refused,) = [found async for found in read_source(address, "geheim")]

    assert isinstance(refused.raw, Unreadable)
    assert refused.raw.why.startswith(why)
    assert refused.position == address.partition("?")[0]
