"""What is free, on pages that are open in browsers: over real sockets, and through the real Caddy."""

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from tests.builders import Session, World
from tests.edges.proxy import caddy_in_front_of
from tests.edges.server import Server
from tests.reservations.booking.test_api import body, stage

SECONDS_TO_HEAR = 2


@asynccontextmanager
async def looking(base: str, *sessions: Session) -> AsyncIterator[AsyncIterator[str]]:
    """A page of somebody without any cookie: what it is told, one line for each event with something new."""
    ids = ",".join(str(each.id) for each in sessions)
    async with (
        httpx.AsyncClient(base_url=base, timeout=60) as browser,
        browser.stream("GET", f"/dender/live?sessies={ids}") as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert "set-cookie" not in answer.headers
        yield (line.removeprefix("data:") async for line in answer.aiter_lines() if line.startswith("data:"))


async def heard(events: AsyncIterator[str], session: Session, words: str) -> float:
    """How many seconds it took until it heard this of a session."""
    began = time.monotonic()
    async with asyncio.timeout(10):
        async for event in events:
            if words in json.loads(event).get(str(session.id), ""):
                return time.monotonic() - began
    raise AssertionError(words)


async def test_two_open_pages_hear_of_a_booking_within_two_seconds(
    world: World, server: Server, caller: httpx.AsyncClient
) -> None:
    session, anna, headers = await stage(world, seats=20, credit_cents=20_000)
    async with looking(server.base, session) as one, looking(server.base, session) as other:
        await asyncio.gather(*(heard(each, session, "Nog 20 plaatsen") for each in (one, other)))

        booked = await caller.put(
            f"/api/v1/bookings/{anna.card_id}", json=body(session, anna), headers=headers
        )

        assert booked.status_code == 201
        took = await asyncio.gather(*(heard(each, session, "Nog 19 plaatsen") for each in (one, other)))
        assert max(took) <= SECONDS_TO_HEAR


async def test_it_comes_through_the_proxy_as_it_is_sent(world: World, server: Server, tmp_path: Path) -> None:
    session, _, _ = await stage(world, seats=20)
    async with (
        caddy_in_front_of(server.port, tmp_path) as port,
        looking(f"http://127.0.0.1:{port}", session) as events,
    ):
        assert await heard(events, session, "Nog 20 plaatsen") <= SECONDS_TO_HEAR


async def test_a_server_that_stops_lets_open_pages_go(world: World, server: Server) -> None:
    session, _, _ = await stage(world, seats=20)
    async with looking(server.base, session) as events:
        await heard(events, session, "Nog 20 plaatsen")

        server.process.send_signal(signal.SIGTERM)

        async with asyncio.timeout(5):
            assert [each async for each in events] == []
    assert await server.until_ended(15) == 0
