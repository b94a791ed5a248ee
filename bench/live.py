"""Pages that are open, and are told what is free while it changes."""

import asyncio
from contextlib import aclosing, suppress
from time import perf_counter
from typing import Any, Final
from uuid import uuid4

import asyncpg

from bench.http import CREATED, Client
from bench.report import LiveFigures, percentile
from uit.core.settings import Settings

PAGES: Final = 2_000
CHANGES: Final = 5
SECONDS_TO_OPEN: Final = 30.0
SECONDS_TO_HEAR: Final = 5.0
SECONDS_OF_QUIET: Final = 5
SECONDS_UNTIL_COUNTED: Final = 2
TRANSACTIONS: Final = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
IN_MEMORY: Final = "process_resident_memory_bytes "


class OpenPages:
    """Pages of one session that are open, and when each of them was first told something new."""

    def __init__(self, client: Client, session_id: str) -> None:
        self._client, self._path = client, f"/meting/live?sessies={session_id}"
        self._told: dict[int, float] = {}
        self._all_told = asyncio.Event()
        self._following: list[asyncio.Task[None]] = []

    async def open(self, number: int) -> None:
        """Open so many, until each of them knows what is free."""
        self._following += [asyncio.create_task(self._follow(each)) for each in range(number)]
        await self.hear(SECONDS_TO_OPEN)

    async def hear(self, seconds: float = SECONDS_TO_HEAR) -> list[float]:
        """When each page was told what changed; those that were not within so many seconds are missing."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._all_told.wait(), seconds)
        told, self._told = self._told, {}
        self._all_told.clear()
        return [*told.values()]

    async def close(self) -> None:
        for each in self._following:
            each.cancel()
        await asyncio.gather(*self._following, return_exceptions=True)

    async def _follow(self, page: int) -> None:
        async with aclosing(self._client.events(self._path)) as events:
            async for _ in events:
                self._told.setdefault(page, perf_counter())
                if len(self._told) == len(self._following):
                    self._all_told.set()


def follow_places(settings: Settings, base: str, token: str, session_id: str, shown: str) -> LiveFigures:
    """How soon PAGES open pages hear of a booking, and what they cost while nothing happens."""
    return asyncio.run(follow(settings, base, token, session_id, shown))


async def follow(settings: Settings, base: str, token: str, session_id: str, shown: str) -> LiveFigures:
    client = Client(base, token)
    owner: asyncpg.Connection[Any] = await asyncpg.connect(settings.owner_url)
    alone = await transactions_per_s(owner)
    pages = OpenPages(Client(base), session_id)
    await pages.open(PAGES)
    told = [each for _ in range(CHANGES) for each in await book_and_hear(client, pages, session_id, shown)]
    looking = await transactions_per_s(owner)
    memory_mb = await memory_of(client)
    await pages.close()
    await client.close()
    await owner.close()
    return LiveFigures(
        PAGES, CHANGES, len(told), percentile(told), max(told, default=0.0), looking - alone, memory_mb
    )


async def book_and_hear(client: Client, pages: OpenPages, session_id: str, shown: str) -> list[float]:
    """How long after the answer to a booking each page was told, in seconds."""
    line = {"session_id": session_id, "tariff": "base", "places": 1}
    booking = {"lines": [line], "pass_token": shown, "pay_with": "credit"}
    answer = await client.put(f"/api/v1/bookings/{uuid4()}", booking)
    assert answer.status == CREATED, answer
    booked_at = perf_counter()
    return [each - booked_at for each in await pages.hear()]


async def transactions_per_s(owner: "asyncpg.Connection[Any]") -> float:
    """How many transactions the database does in a second while nobody books.

    Who did one before says so a second later at most.
    """
    await asyncio.sleep(SECONDS_UNTIL_COUNTED)
    before = await owner.fetchval(TRANSACTIONS)
    await asyncio.sleep(SECONDS_OF_QUIET)
    return float(await owner.fetchval(TRANSACTIONS) - before) / SECONDS_OF_QUIET


async def memory_of(client: Client) -> float:
    """What the process that serves holds in memory, in MB."""
    figures = (await client.get("/metrics")).body.decode()
    line = next(each for each in figures.splitlines() if each.startswith(IN_MEMORY))
    return float(line.removeprefix(IN_MEMORY)) / 1e6
