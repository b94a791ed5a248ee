"""What changes of sessions, said to every page that is open: one query a second for all of them together.

Who looks is told what changed for them, in the words of the page. A page that is told nothing is right when
it is loaded again.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Final, Generic, Protocol, TypeVar
from uuid import UUID

import structlog
from msgspec import Struct
from prometheus_client import Gauge

from reservations.booking.facts import Holder
from uit.core.clock import Clock
from uit.database.pool import AWAY, Database
from uit.database.statements import Executor

SECONDS_BETWEEN: Final = 1.0
SECONDS_TO_LOOK: Final = 50.0
"""Then a page asks anew. A proxy gives a response a minute to be written (`deploy/Caddyfile`)."""
SECONDS_OF_SILENCE: Final = 15.0
MOST_PAGES: Final = 4_000
MOST_SESSIONS: Final = 100

PAGES: Final = Gauge("uit_live_pages", "How many open pages are told what is free")
log = structlog.get_logger()


class OpenPage(Struct, frozen=True):
    """Which sessions a page shows, and to whom."""

    region_id: int
    session_ids: tuple[UUID, ...]
    member: Holder | None


Told_co = TypeVar("Told_co", covariant=True)
Told = TypeVar("Told")


class Watched(Protocol[Told_co]):
    """A session as it was a second ago, and what of it is told to who looks."""

    def free_for(self, member: Holder | None) -> Told_co: ...


ReadWatched = Callable[[Executor, int, list[UUID], datetime], Awaitable[Iterable[tuple[UUID, Watched[Told]]]]]


class Live(Generic[Told]):
    """Reads what changes of sessions for all open pages of this process, and tells each what changed for it.

    `read`: what is told of them, in one query. `is_stopping`: then every page is let go, so that it asks the
    next process.
    """

    def __init__(
        self, database: Database, clock: Clock, is_stopping: Callable[[], bool], read: ReadWatched[Told]
    ) -> None:
        self._database, self._clock, self._is_stopping = database, clock, is_stopping
        self._read = read
        self._watched: dict[int, Counter[UUID]] = defaultdict(Counter)
        self._latest: dict[tuple[int, UUID], Watched[Told]] = {}
        self._changed = asyncio.Event()
        self._pages = 0

    async def run(self) -> None:
        """Read until cancelled. While the database is away pages hear nothing, and keep what they have."""
        while True:
            with suppress(*AWAY):
                await self.read()
            if self._is_stopping():
                self._tell()
            await asyncio.sleep(SECONDS_BETWEEN)

    async def read(self) -> None:
        """One query for each region of which a page is open, for all its pages."""
        before, now = self._latest, self._clock.now()
        self._latest = {}
        for region_id, watched in [*self._watched.items()]:
            try:
                async with self._database.reading() as connection:
                    found = await self._read(connection, region_id, [*watched], now)
            except AWAY as away:
                log.warning("live_places_wait", reason=type(away).__name__)
                self._latest |= {key: each for key, each in before.items() if key[0] == region_id}
                continue
            for session_id, each in found:
                key = region_id, session_id
                same = before.get(key)
                self._latest[key] = each if same is None or same != each else same
        if any(before.get(key) is not each for key, each in self._latest.items()):
            self._tell()

    async def news(self, page: OpenPage) -> AsyncIterator[dict[UUID, Told]]:
        """What is free on a page now, and then what changes of it; nothing new every now and then.

        It ends after a while, where nothing that it shows is there, at once where there are too many pages,
        and when the process stops.
        """
        if not page.session_ids or self._pages >= MOST_PAGES:
            return
        self._open(page)
        try:
            async for news in self._news(page):
                yield news
        finally:
            self._close(page)

    async def _news(self, page: OpenPage) -> AsyncIterator[dict[UUID, Told]]:
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + SECONDS_TO_LOOK
        seen: dict[UUID, Watched[Told]] = {}
        said: dict[UUID, Told] = {}
        while not self._is_stopping() and (left := ends_at - loop.time()) > 0:
            changed = self._changed
            news = {each: free for each, free in self._since(page, seen).items() if said.get(each) != free}
            said |= news
            if news:
                yield news
            try:
                await asyncio.wait_for(changed.wait(), min(left, SECONDS_OF_SILENCE))
            except TimeoutError:
                if not seen:
                    return
                yield {}

    def _since(self, page: OpenPage, seen: dict[UUID, Watched[Told]]) -> dict[UUID, Told]:
        """What is free of the sessions that changed since they were last `seen`."""
        news: dict[UUID, Told] = {}
        for session_id in page.session_ids:
            latest = self._latest.get((page.region_id, session_id))
            if latest is not None and latest is not seen.get(session_id):
                seen[session_id] = latest
                news[session_id] = latest.free_for(page.member)
        return news

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _open(self, page: OpenPage) -> None:
        self._pages += 1
        PAGES.inc()
        self._watched[page.region_id].update(page.session_ids)

    def _close(self, page: OpenPage) -> None:
        self._pages -= 1
        PAGES.dec()
        self._watched[page.region_id] -= Counter(page.session_ids)
        if not self._watched[page.region_id]:
            del self._watched[page.region_id]
