"""Whether the database answers and takes what is written, asked every half second on a connection of its own.

One question for the whole process, instead of a timer for every statement. A database that hangs breaks no
connection, so whoever waits for it would go on waiting: the watch cuts them off.
"""

import asyncio
from time import perf_counter

import asyncpg
import structlog
from prometheus_client import Gauge, Histogram

from uit.database.hosts import Hosts
from uit.database.pool import AWAY, Database
from uit.database.statements import Statements, Value
from uit.database.watch_connection import HangsError, WatchConnection

SQL = Statements(__name__)
SECONDS_BETWEEN = 0.5
SECONDS_BETWEEN_WRITES = 5
SECONDS_OF_DOUBT = 5
"""How long after somebody could not write we say so, also when the watch itself can."""
MOST_WAITS = 3
"""Of a second each."""

SECONDS = Histogram(
    "uit_database_seconds",
    "How long the database took to answer the watch",
    ("asked",),
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3),
)
CONNECTIONS = Gauge("uit_pool_connections", "Connections of a pool", ("pool", "state"))
MOST_CONNECTIONS = Gauge("uit_pool_most_connections", "How many connections a pool may have", ("pool",))
WAITING = Gauge("uit_pool_waiting", "How many wait for a connection of a pool", ("pool",))
UP = Gauge("uit_database_up", "Whether the database answers, and takes what is written", ("asked",))

ask_to_read = SQL.value("ask_to_read", bool)
ask_to_write = SQL.value("ask_to_write", bool)

log = structlog.get_logger()


class Watch:
    """`answers` and `writes` say how it was the last time, for the databases of a process, all on one server.

    While there is no answer, those databases refuse at once.
    """

    def __init__(self, dsn: str, *databases: Database) -> None:
        self.answers = self.writes = True
        self.connection, self._databases = WatchConnection(Hosts(dsn), MOST_WAITS), list(databases)
        self._looking: asyncio.Task[None] | None = None
        self._write_at = 0.0

    def look_after(self, database: Database) -> None:
        """From now on also this one."""
        self._databases.append(database)

    async def run(self) -> None:
        """Look until cancelled."""
        try:
            while True:
                await asyncio.sleep(SECONDS_BETWEEN)
                await self.look()
        finally:
            if self._looking:
                self._looking.cancel()
            self.connection.hang_up()

    async def look(self) -> bool:
        """Whether the database answers and takes what is written now. Others meanwhile share the answer."""
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
            self._looking.add_done_callback(self._looked)
        await asyncio.shield(self._looking)
        return self.answers and self.writes

    def _looked(self, _looking: "asyncio.Task[None]") -> None:
        self._looking = None

    async def _look(self) -> None:
        try:
            await self._ask("read", ask_to_read)
        except asyncpg.TooManyConnectionsError:
            return  # the watch has none, which says nothing of those that others have
        except (*AWAY, asyncpg.PostgresError) as failure:
            self._is_away(failure)
        else:
            await self._is_back()
            self.writes = await self._is_writable()
        self._show()

    def _is_away(self, failure: Exception) -> None:
        """Nobody begins anything, and then nobody waits any more."""
        if self.answers:
            log.warning("database_away", reason=type(failure).__name__)
        self.answers = False
        for each in self._databases:
            each.is_away = True
        self._cut_off_when_hanging(failure)

    async def _is_back(self) -> None:
        """The connections of before may lead to a server that is gone, so new ones take their place."""
        if self.answers:
            return
        log.warning("database_back")
        self.answers, self._write_at = True, 0.0
        for each in self._databases:
            await each.renew()

    async def _is_writable(self) -> bool:
        """Tried now and then, and each time when it did not go well the last time."""
        now = asyncio.get_running_loop().time()
        if any(now - each.could_not_write_at < SECONDS_OF_DOUBT for each in self._databases):
            return False
        if self.writes and now < self._write_at:
            return True
        self._write_at = now + SECONDS_BETWEEN_WRITES
        try:
            writes = await self._ask("write", ask_to_write)
        except (*AWAY, asyncpg.PostgresError) as failure:
            if self.writes:
                log.warning("database_takes_nothing", reason=type(failure).__name__)
            self._cut_off_when_hanging(failure)
            return False
        if not writes:
            self.connection.hang_up()  # another may be the primary now, to which the next question goes
        return writes

    async def _ask(self, what: str, question: Value[bool]) -> bool:
        began = perf_counter()
        answer = await self.connection.ask_again_when_lost(question)
        SECONDS.labels(what).observe(perf_counter() - began)
        return answer

    def _cut_off_when_hanging(self, failure: Exception) -> None:
        if isinstance(failure, HangsError):
            for each in self._databases:
                each.cut_off()

    def _show(self) -> None:
        UP.labels("read").set(self.answers)
        UP.labels("write").set(self.answers and self.writes)
        for each in self._databases:
            show_pool(each)


def show_pool(database: Database) -> None:
    CONNECTIONS.labels(database.name, "in_use").set(database.in_use)
    CONNECTIONS.labels(database.name, "idle").set(database.pool.get_idle_size())
    MOST_CONNECTIONS.labels(database.name).set(database.pool.get_max_size())
    WAITING.labels(database.name).set(database.waiting)
