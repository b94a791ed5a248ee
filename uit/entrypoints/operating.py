"""What the commands of an operator share: a database, and in whose name they act."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Literal

from uit.core.clock import SystemClock
from uit.core.ids import TimeOrderedIds
from uit.core.settings import Settings
from uit.database.connecting import saying_why
from uit.database.pool import Database
from uit.identity.visitor import Authenticator
from uit.services.audit import Author
from uit.services.cache import Cache


@asynccontextmanager
async def opened_database(settings: Settings) -> AsyncIterator[Database]:
    """Two connections as the application. `StoreProblem` says why there are none."""
    with saying_why(settings.database_url):
        database = await Database.open(settings.database_url, connections=2)
    try:
        yield database
    finally:
        await database.close()


def operator_of(region_id: int) -> Author:
    """The author of what an operator does now in this region."""
    clock = SystemClock()
    return Author(region_id, "system", "operator", clock.now(), TimeOrderedIds(clock))


async def forget(
    settings: Settings, database: Database, digests: Sequence[bytes], kind: Literal["session", "bearer"]
) -> None:
    """Let every process know these sessions or tokens no more, after their rows ended."""
    cache = Cache(settings.redis_url)
    try:
        await Authenticator(database, cache, SystemClock()).forget(*digests, kind=kind)
    finally:
        await cache.close()
