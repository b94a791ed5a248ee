"""How many wait for a date, as a process remembers it for two seconds."""

import asyncio
from typing import Final
from uuid import UUID

from msgspec import Struct

from uit.database.pool import AWAY, Database
from uit.database.statements import Statements

SQL = Statements(__name__)
count_waiting = SQL.value("count_waiting", int)

SECONDS_KEPT: Final = 2.0
MOST_REMEMBERED: Final = 10_000


class WaitingHere(Struct, frozen=True):
    """Where one may wait for what is full, and how many stand there before whoever comes now."""

    address: str
    before: int


class Counted(Struct, frozen=True):
    """A count that is known or on its way, and until when it is good."""

    until: float
    count: "asyncio.Task[int | None]"


class LineLengths:
    """Of a rush, thousands are told at once that all is gone: one of them asks the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[tuple[int, UUID], Counted] = {}

    async def of(self, region_id: int, session_id: UUID) -> int | None:
        """None while the database is away: what is full is full, whoever waits for it."""
        key, now = (region_id, session_id), asyncio.get_running_loop().time()
        known = self._known.get(key)
        if known is None or known.until <= now:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            known = Counted(now + SECONDS_KEPT, asyncio.create_task(self._read(region_id, session_id)))
            self._known[key] = known
        return await asyncio.shield(known.count)

    async def _read(self, region_id: int, session_id: UUID) -> int | None:
        try:
            async with self._database.reading() as connection:
                return await count_waiting(connection, region_id, session_id)
        except AWAY:
            return None
