"""The disk of the database is full for some seconds while bookings are made."""

import asyncio

import httpx

from attack.ground import Ground
from attack.load import acknowledged, load, unexpected
from attack.report import Figure
from tests.faults.test_full import fill_outbox, limited
from tests.faults.test_hanging import base, until_ready

SECONDS, SECONDS_BEFORE = 8, 2
MOST_SECONDS, SECONDS_TO_COME_BACK = 5, 12


async def attack(ground: Ground) -> list[Figure]:
    await fill_outbox(ground.database)
    async with (
        ground.bookings() as bookings,
        httpx.AsyncClient(base_url=base(bookings.fleet), timeout=60) as visitor,
    ):
        async with load(bookings) as answers:
            await asyncio.sleep(SECONDS_BEFORE)
            with limited(ground.database):
                await asyncio.sleep(SECONDS)
                read = await visitor.get("/dender")
                ready = await visitor.get("/health/ready")
            back = await until_ready(visitor)
            await asyncio.sleep(1)
        return [
            Figure("bookings acknowledged", acknowledged(answers), least=1),
            Figure("bookings told neither yes nor 'later'", unexpected(answers), 0),
            Figure("slowest booking, s", max(e.answered_at - e.asked_at for e in answers), MOST_SECONDS),
            Figure("a page meanwhile", read.status_code, 200, 200),
            Figure("readiness meanwhile", ready.status_code, 503, 503),
            Figure("ready again after, s", back, SECONDS_TO_COME_BACK),
            Figure("acknowledged bookings lost, and other faults", await bookings.faults(), 0),
        ]
