"""The worker's backlog: lines earned while no worker ran, worked off by the duty that settles them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import TYPE_CHECKING, Any

from asyncpg.connection import LoggedQuery
from msgspec import Struct

from bench.load import run_sql
from reservations.settlement.earning import settle_session
from uit.core.clock import SystemClock
from uit.core.ids import TimeOrderedIds
from uit.core.settings import Settings
from uit.database.pool import Database

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy


class WorkedOff(Struct, frozen=True):
    """`lines` were settled in `seconds`; `longest_s` is how long the slowest of all statements took."""

    lines: int
    seconds: float
    longest_s: float

    @property
    def per_s(self) -> float:
        return self.lines / self.seconds


class TimedDatabase(Database):
    """A database that remembers how long its slowest statement took, in seconds."""

    longest_s = 0.0

    @asynccontextmanager
    async def connection(self) -> AsyncIterator["PoolConnectionProxy[Any]"]:
        async with super().connection() as connection:
            with connection.query_logger(self.remember):
                yield connection

    def remember(self, query: LoggedQuery) -> None:
        self.longest_s = max(self.longest_s, query.elapsed)


def work_off_backlog(settings: Settings, lines: int, hot_session: str) -> WorkedOff:
    """Make so many lines due, and settle them as the worker does."""
    run_sql(settings.owner_url, "backlog.sql", lines=lines, hot_session=hot_session)
    return asyncio.run(work_off(settings))


async def work_off(settings: Settings) -> WorkedOff:
    clock = SystemClock()
    database = await TimedDatabase.open(settings.database_url)
    try:
        began = perf_counter()
        while (await settle_session(database, TimeOrderedIds(clock), clock.now())).more:
            pass
        seconds = perf_counter() - began
        longest_s = database.longest_s
        async with database.reading() as connection:
            lines = await connection.fetchval("SELECT count(*) FROM credits.resolution")
        return WorkedOff(lines, seconds, longest_s)
    finally:
        await database.close()
