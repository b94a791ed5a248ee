"""The house with its turnstile, for the routes that book."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from reservations.booking import Turnstile
from reservations.session import SessionRegions
from uit.ground.cache import Cache
from uit.ground.clock import Clock
from uit.ground.database import Database
from uit.ground.house import House
from uit.ground.ids import TimeOrderedIds
from uit.ground.limit import Limiter
from uit.ground.mail import Mailer
from uit.ground.region import Regions
from uit.ground.secret import read_or_make
from uit.ground.settings import Settings


class BookingHouse(House):
    turnstile: Turnstile
    session_regions: SessionRegions


@asynccontextmanager
async def open_house(settings: Settings, clock: Clock) -> AsyncIterator[BookingHouse]:
    """Everything a process works with, opened and closed again; its turnstile turns meanwhile."""
    secrets, ids = read_or_make(settings.secrets_path), TimeOrderedIds(clock)
    cache = Cache(settings.redis_url)
    database = await Database.open(settings.database_url)
    house = BookingHouse(
        settings=settings,
        database=database,
        cache=cache,
        clock=clock,
        ids=ids,
        secrets=secrets,
        regions=Regions(database, clock),
        mailer=Mailer(settings.smtp_url, settings.mail_from),
        limiter=Limiter(cache, clock, secrets.session),
        turnstile=Turnstile(database, clock, ids),
        session_regions=SessionRegions(database),
    )
    turning = asyncio.create_task(house.turnstile.run())
    try:
        yield house
    finally:
        turning.cancel()
        await asyncio.wait([turning])
        await cache.close()
        await database.close()
