"""Bookings that are asked for all the time, while something is done to who takes them."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import cycle, pairwise
from uuid import uuid4

from msgspec import Struct

from attack.ground import Bookings
from tests.builders import Resident

AT_ONCE = 8
SECONDS_AFTER_A_REFUSAL = 0.05
ACKNOWLEDGED = (200, 201)
AWAY = 503


class Answer(Struct, frozen=True):
    """Moments of the monotonic clock. `status`: 0 where nothing came back."""

    asked_at: float
    answered_at: float
    status: int


@asynccontextmanager
async def load(bookings: Bookings) -> AsyncIterator[list[Answer]]:
    """Eight clients that book for different people until the end; what they were answered so far."""
    answers: list[Answer] = []
    people, ended = cycle(bookings.people), asyncio.Event()

    async def book_on() -> None:
        while not ended.is_set():
            answers.append(answer := await book(bookings, next(people)))
            if answer.status not in ACKNOWLEDGED:
                await asyncio.sleep(SECONDS_AFTER_A_REFUSAL)

    async with asyncio.TaskGroup() as booking:
        for _ in range(AT_ONCE):
            booking.create_task(book_on())
        try:
            yield answers
        finally:
            ended.set()


async def book(bookings: Bookings, who: Resident) -> Answer:
    fleet, began = bookings.fleet, time.monotonic()
    try:
        status = (await fleet.ask(fleet.apps[0], uuid4(), who, bookings.session)).status_code
    except (ConnectionError, EOFError):
        status = 0
    return Answer(began, time.monotonic(), status)


def acknowledged(answers: list[Answer]) -> int:
    return sum(answer.status in ACKNOWLEDGED for answer in answers)


def longest_silence(answers: list[Answer]) -> float:
    """The most seconds between two bookings that were acknowledged."""
    moments = sorted(answer.answered_at for answer in answers if answer.status in ACKNOWLEDGED)
    return max(later - earlier for earlier, later in pairwise(moments))


def unexpected(answers: list[Answer]) -> int:
    """How many were told something else than that it is done, or to try again later."""
    return sum(answer.status not in {*ACKNOWLEDGED, AWAY} for answer in answers)
