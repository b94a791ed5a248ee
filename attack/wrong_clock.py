"""A worker believes that it is 400 days later than it is."""

import asyncio

from attack.ground import Ground
from attack.report import Figure
from reservations.booking.answers import Booked
from tests.faults.test_wrong_clock import YEAR, ask_ready, kept, worker_at
from uit.core.clock import SystemClock
from uit.entrypoints.probe import answering_probes

SECONDS = 15
"""What a worker does at its start it does at once; the rest is due every few seconds."""


async def attack(ground: Ground) -> list[Figure]:
    world = ground.world
    world.clock.set(SystemClock().now())
    session, anna = await world.session(price_cents=500), await world.resident(credit_cents=2_000)
    booked = await world.book(anna, session)
    assert isinstance(booked, Booked), booked
    await world.sign_in(anna)
    before = await kept(world, anna)
    async with worker_at(world, YEAR) as (services, _, _), answering_probes(services.settings, services):
        await asyncio.sleep(SECONDS)
        ready = await ask_ready(services)
    after = await kept(world, anna)
    lost = [int(str(earlier)) - int(str(later)) for earlier, later in zip(before, after, strict=True)]
    return [
        Figure("credit that lapsed, cents", lost[0], 0),
        Figure("sessions erased", lost[1], 0),
        Figure("tickets that ended", lost[2], 0),
        Figure("payments settled", -lost[3], 0),
        Figure("readiness of the worker", ready.status_code, 503, 503),
    ]
