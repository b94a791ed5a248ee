"""A store is killed while bookings are made, and started again by who keeps it."""

import asyncio
import os
import signal

from attack.ground import Ground
from attack.load import acknowledged, load, longest_silence, unexpected
from attack.report import Figure
from tests.faults.stopped import main_process
from uit.embedded.stores import Store

SECONDS_BEFORE, SECONDS_AFTER = 2, 6
MOST_SECONDS = 5


async def postgres(ground: Ground) -> list[Figure]:
    return await attack(ground, ground.database)


async def valkey(ground: Ground) -> list[Figure]:
    return await attack(ground, ground.cache)


async def attack(ground: Ground, store: Store) -> list[Figure]:
    async with ground.bookings() as bookings:
        async with load(bookings) as answers:
            await asyncio.sleep(SECONDS_BEFORE)
            os.kill(main_process(store), signal.SIGKILL)
            await asyncio.sleep(SECONDS_AFTER)
        return [
            Figure("bookings acknowledged", acknowledged(answers), least=1),
            Figure("longest time without one, s", longest_silence(answers), MOST_SECONDS),
            Figure("bookings told neither yes nor 'later'", unexpected(answers), 0),
            Figure("acknowledged bookings lost, and other faults", await bookings.faults(), 0),
        ]
