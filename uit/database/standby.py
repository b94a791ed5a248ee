"""A standby that strangers read from, for as long as it has what the primary had some seconds ago.

Its watch asks both servers each half second how far they are: a standby that is cut off from its primary
finds itself up to date, and the last change on a quiet primary is old without being late.
"""

import asyncio
from collections import deque
from datetime import datetime
from typing import NamedTuple, Self

import asyncpg
import structlog
from msgspec import Struct
from prometheus_client import Gauge

from uit.database.hosts import Hosts
from uit.database.pool import AWAY, Database
from uit.database.statements import Statements
from uit.database.watch import SECONDS_BETWEEN, show_pool
from uit.database.watch_connection import HangsError, WatchConnection

SQL = Statements(__name__)
MOST_SECONDS_BEHIND = 2
"""A page that is loaded again says how many places there are left (decision 0055)."""
SECONDS_TO_ACQUIRE = 1
"""Whoever waits longer reads from the primary, so it is added to what they may wait there."""
MOST_WAITS = 1
"""Of a second. To say too soon that a standby hangs costs a reader nothing."""
SECONDS_TO_CONNECT = 0.8
"""To all hosts of an address together, so that the last of them is asked before the wait is over."""
MOST_MARKS = 1200

IS_READ = Gauge("uit_standby_is_read", "Whether strangers read from the standby")
SECONDS_BEHIND = Gauge("uit_standby_behind_seconds", "How much less than the primary the standby surely has")

log = structlog.get_logger()


class Position(Struct, frozen=True):
    cluster_id: int
    started_at: datetime
    is_standby: bool
    bytes: int


class Mark(NamedTuple):
    """The primary was there at a moment, in seconds of the event loop."""

    bytes: int
    at: float


read_position = SQL.one("read_position", Position)


class ReplayProgress:
    """`has_all_of`: a server surely has everything that was committed before this moment."""

    def __init__(self) -> None:
        self.has_all_of = float("-inf")
        self._marks: deque[Mark] = deque(maxlen=MOST_MARKS)

    def mark(self, position: int, at: float) -> None:
        """The primary was at this position at this moment."""
        self._marks.append(Mark(position, at))

    def reach(self, position: int) -> None:
        """The server has replayed everything up to this position."""
        while self._marks and self._marks[0].bytes <= position:
            self.has_all_of = self._marks.popleft().at

    def restart(self) -> None:
        """From now on it is about another server."""
        self.has_all_of = float("-inf")


class Standby:
    """`database` is a pool of its own, on the host that the watch asks. `is_read` says whether to use it.

    A primary is fine too, when it is the one that everybody else uses.
    """

    def __init__(self, database: Database, hosts: Hosts, primary: Hosts) -> None:
        self.database = database
        self._connection = WatchConnection(hosts, MOST_WAITS)
        self._primary = WatchConnection(primary, MOST_WAITS)
        self._ours: Position | None = None
        self._theirs: Position | None = None
        self._progress = ReplayProgress()
        self._was_read = False

    @classmethod
    async def open(cls, dsn: str, primary_dsn: str, *, connections: int) -> Self:
        hosts = Hosts(dsn, SECONDS_TO_CONNECT)
        database = await Database.open(
            dsn,
            connections=connections,
            at_once=0,
            name="standby",
            read_from=hosts,
        )
        database.seconds_to_acquire = SECONDS_TO_ACQUIRE
        return cls(database, hosts, Hosts(primary_dsn, SECONDS_TO_CONNECT))

    @property
    def seconds_behind(self) -> float:
        return asyncio.get_running_loop().time() - self._progress.has_all_of

    @property
    def is_read(self) -> bool:
        return not self.database.is_away and self.seconds_behind <= MOST_SECONDS_BEHIND

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(SECONDS_BETWEEN)

    async def look(self) -> None:
        """Ask both how far they are. Where the primary does not say, `seconds_behind` grows."""
        await self._mark()
        try:
            await self._compare()
        except (*AWAY, asyncpg.PostgresError) as failure:
            self._is_away(failure)
        self._show()

    async def close(self) -> None:
        """After `run` was cancelled."""
        self._connection.hang_up()
        self._primary.hang_up()
        await self.database.close()

    async def _mark(self) -> None:
        at = asyncio.get_running_loop().time()
        try:
            self._ours = await self._primary.ask(read_position)
        except (*AWAY, asyncpg.PostgresError):
            return
        self._progress.mark(self._ours.bytes, at)

    async def _compare(self) -> None:
        is_new = self._connection.connection is None
        theirs = await self._connection.ask(read_position)
        if is_new:
            self._progress.restart()
            await self.database.renew()  # its connections may lead to another host
        if self._theirs and self._theirs.is_standby and not theirs.is_standby:
            self._connection.hang_up()  # it was promoted: the address may name a standby of now
        self._theirs = theirs
        if self._ours and follows(theirs, self._ours):
            self._progress.reach(theirs.bytes)

    def _is_away(self, failure: Exception) -> None:
        if not self.database.is_away:
            log.warning("standby_away", reason=type(failure).__name__)
        self.database.is_away = True
        if isinstance(failure, HangsError):
            self.database.cut_off()

    def _show(self) -> None:
        if self.is_read != self._was_read:
            self._was_read = self.is_read
            log.warning("standby_is_read" if self.is_read else "standby_is_not_read")
        IS_READ.set(self.is_read)
        SECONDS_BEHIND.set(self.seconds_behind)
        show_pool(self.database)


def follows(theirs: Position, ours: Position) -> bool:
    """Whether a server is a standby of our primary, or that primary itself."""
    return theirs.cluster_id == ours.cluster_id and (
        theirs.is_standby or theirs.started_at == ours.started_at
    )
