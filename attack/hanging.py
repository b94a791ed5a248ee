"""The database stands still for ten seconds while bookings are made."""

import asyncio
import time
from collections import Counter
from itertools import count
from uuid import uuid4

import httpx

from attack.ground import Bookings, Ground
from attack.load import acknowledged, load, unexpected
from attack.report import Figure
from tests.faults.stopped import main_process, stopped
from tests.faults.test_hanging import base, until_ready

SECONDS, SECONDS_BEFORE = 10, 2
MOST_SECONDS = 5


async def attack(ground: Ground) -> list[Figure]:
    async with (
        ground.bookings() as bookings,
        httpx.AsyncClient(base_url=base(bookings.fleet), timeout=60) as visitor,
    ):
        async with load(bookings) as answers:
            await asyncio.sleep(SECONDS_BEFORE)
            with stopped(main_process(ground.database)):
                statuses, slowest = await ask_until(time.monotonic() + SECONDS, bookings, visitor)
                ready = await visitor.get("/health/ready")
            back = await until_ready(visitor)
            await asyncio.sleep(1)
        return [
            Figure("bookings acknowledged", acknowledged(answers), least=1),
            Figure("bookings told neither yes nor 'later'", unexpected(answers), 0),
            Figure("slowest booking, s", max(e.answered_at - e.asked_at for e in answers), MOST_SECONDS),
            Figure("answers of seven routes meanwhile", statuses.total(), least=14),
            Figure("of them 500", statuses[500], 0),
            Figure("slowest of them, s", slowest, MOST_SECONDS),
            Figure("readiness meanwhile", ready.status_code, 503, 503),
            Figure("ready again after, s", back, MOST_SECONDS),
            Figure("acknowledged bookings lost, and other faults", await bookings.faults(), 0),
        ]


async def ask_until(end: float, bookings: Bookings, visitor: httpx.AsyncClient) -> tuple[Counter[int], float]:
    """The statuses of pages, a form, the API, a booking and readiness, and the most seconds."""
    statuses: Counter[int] = Counter()
    slowest = 0.0
    numbers = count()
    while time.monotonic() < end:
        began = time.monotonic()
        answers = await asyncio.gather(
            visitor.get("/dender"),
            visitor.get(f"/dender?q=ongezien{next(numbers)}"),
            visitor.post("/aanmelden", data={"email": "anna@example.org"}),
            visitor.get("/mijn/boekingen", cookies={"uit_session": "somebody"}),
            visitor.get("/api/v1/dender/events", headers={"Authorization": "Bearer nobody-knows-this-one"}),
            bookings.fleet.ask(bookings.fleet.apps[0], uuid4(), bookings.people[0], bookings.session),
            visitor.get("/health/ready"),
        )
        slowest = max(slowest, time.monotonic() - began)
        statuses.update(each.status_code for each in answers)
        await asyncio.sleep(0.5)
    return statuses, slowest
