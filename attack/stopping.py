"""A signal to stop while bookings wait for the database."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import httpx

from attack.ground import SEATS, Ground
from attack.report import Figure
from tests.reservations.booking.test_api import body
from tests.web.test_shell import until_somebody_waits

BOOKINGS = 64
MOST_SECONDS = 30


async def attack(ground: Ground) -> list[Figure]:
    world = ground.world
    session, anna = await ground.session(), await world.resident(1_000_000)
    headers, document = await world.api_client(session.organiser_id), body(session, anna)
    async with ground.server() as server, httpx.AsyncClient(base_url=server.base, timeout=30) as client:
        async with pools_locked(ground.database.url):
            asked = [
                asyncio.create_task(client.put(f"/api/v1/bookings/{uuid4()}", json=document, headers=headers))
                for _ in range(BOOKINGS)
            ]
            await until_somebody_waits(ground.database.url)
            await asyncio.sleep(0.5)
            began = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            await asyncio.sleep(0.5)
        answers = await asyncio.gather(*asked, return_exceptions=True)
        code = await server.until_ended(MOST_SECONDS)
        took = time.monotonic() - began
    made = sum(isinstance(each, httpx.Response) and each.status_code == 201 for each in answers)
    return [
        Figure("bookings in flight", BOOKINGS),
        Figure("of them cut", BOOKINGS - made, 0),
        Figure("places sold", SEATS - await world.places_left(session), BOOKINGS, BOOKINGS),
        Figure("ended after, s", took, MOST_SECONDS),
        Figure("exit code", code, 0),
    ]


@asynccontextmanager
async def pools_locked(dsn: str) -> AsyncIterator[None]:
    """Nobody can book in the meantime."""
    owner = await asyncpg.connect(dsn)
    try:
        await owner.execute("BEGIN; LOCK reservations.pool")
        yield
    finally:
        await owner.close()
