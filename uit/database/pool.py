"""Connections to PostgreSQL, and transactions on them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from typing import Any, Self

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from uit.database.hosts import Hosts
from uit.database.statements import Command, Executor, Written

APPLICATION_ROLE = "uit_app"

SECONDS_TO_ACQUIRE = 4
SECONDS_TO_CLOSE = 5
SECONDS_OF_A_STATEMENT = 20
"""Also of a commit that waits for a standby, which has to be given up before that: `deploy/patroni`."""

CONTENTION = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
)
"""Somebody else was at the same rows. Nothing was written, and whoever asks again may well succeed."""

AGAIN = (*CONTENTION, asyncpg.UniqueViolationError)
"""A conflict, which a rerun decides anew."""

CANNOT_WRITE = (
    asyncpg.InsufficientResourcesError,  # its disk or its memory is full
    asyncpg.PostgresSystemError,
    asyncpg.ReadOnlySQLTransactionError,
)
"""The server is there and cannot do what it is asked, whoever asks."""

TOOK_TOO_LONG = (asyncpg.QueryCanceledError, asyncpg.IdleInTransactionSessionTimeoutError)
"""The server ended a statement or a transaction that took longer than it may. Nothing was written."""

OUTAGE = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InternalClientError,  # what asyncpg says when the server dies between two messages of a commit
)
"""The server is away. Nothing else raises these, so a request that meets one is answered `DatabaseAway`."""

FILES_OF_STORAGE = frozenset({"md.c", "fd.c", "bufmgr.c", "buffile.c", "xlog.c", "slru.c", "smgr.c"})
"""Where PostgreSQL writes its files. An error there that has no code of its own is one of the disk."""

UNSTORABLE = (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError)
"""A text holds what no text of the database can, such as NUL."""

AWAY = (*OUTAGE, asyncpg.ReadOnlySQLTransactionError, asyncpg.InterfaceError, OSError, TimeoutError)
"""OUTAGE, and what else is said by a lost connection or a server that is no primary any more.

For a caller that tries again by itself.
"""


class PoolBusyError(TimeoutError):
    """All connections of a pool were in use for as long as somebody may wait for one."""


class ChainedTransaction:
    """A transaction that is committed together with its last statement; without one it is rolled back.

    `followed` says at that moment whether another comes right after it, which the commit then begins.
    """

    def __init__(self, tx: Executor, followed: Callable[[], bool]) -> None:
        self.tx, self._followed = tx, followed
        self.began_next = False

    async def end_with(self, last: Command, *args: Written) -> None:
        """Write and commit in one round trip: while it is under way, others wait for its locks."""
        followed = self._followed()
        commit = "COMMIT AND CHAIN" if followed else "COMMIT"
        await self.tx.execute(f"{last.written_out(*args)}; {commit}")
        self.began_next = followed


class Database:
    """A pool whose connections work as the application's role and give up rather than wait for ever."""

    def __init__(self, pool: "asyncpg.Pool[Any]", name: str) -> None:
        self.pool, self.name = pool, name
        self.seconds_to_acquire: float = SECONDS_TO_ACQUIRE
        self.is_away = False
        self.could_not_write_at = float("-inf")
        self.waiting = 0
        self._in_use: set[PoolConnectionProxy[Any]] = set()

    @classmethod
    async def open(  # noqa: PLR0913  all but one by name
        cls,
        dsn: str,
        *,
        connections: int = 10,
        at_once: int = 1,
        role: str = APPLICATION_ROLE,
        name: str = "main",
        read_from: Hosts | None = None,
    ) -> Self:
        """Open `at_once` connections now, and more when they are needed, up to `connections`.

        `dsn` may name several hosts. `role` is taken on every connection, so that the grants in the
        migrations hold. `name` is that of its figures. `read_from`: only from the host that somebody
        connected to last with these, and a statement that writes fails, also on a primary.
        """
        pool = await asyncpg.create_pool(
            dsn,
            connect=read_from.connect_again if read_from else Hosts(dsn).connect,
            init_size=at_once,
            min_size=0,  # the server is asked when somebody asks us, also after an outage
            max_size=connections,
            reset=leave_as_is,
            command_timeout=30,
            server_settings={
                "role": role,
                "application_name": "uit",
                "timezone": "UTC",
                "statement_timeout": f"{SECONDS_OF_A_STATEMENT}s",
                "lock_timeout": "5s",
                "idle_in_transaction_session_timeout": "20s",
                "jit": "off",
                "standard_conforming_strings": "on",
            }
            | ({"default_transaction_read_only": "on"} if read_from else {}),
        )
        return cls(pool, name)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Executor]:
        """One transaction on a connection of its own; nothing inside it waits on another network."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Executor]:
        """A connection for statements that each stand alone."""
        async with self.connection() as connection:
            yield connection

    @asynccontextmanager
    async def connection(self) -> AsyncIterator["PoolConnectionProxy[Any]"]:
        """One of the pool's, after a bounded wait.

        `PoolBusyError`: others kept them all. `CannotConnectNowError`: the database cannot be reached, which
        gets a name that no other lost socket has.
        """
        connection = await self._acquire()
        self._in_use.add(connection)
        try:
            with self.naming_failures(connection):
                yield connection
        finally:
            try:
                await self.pool.release(connection)  # waits while a statement that was given up is cancelled
            finally:
                self._in_use.discard(connection)

    async def _acquire(self) -> "PoolConnectionProxy[Any]":
        if self.is_away:
            raise asyncpg.CannotConnectNowError("The database does not answer.")
        self.waiting += 1
        try:
            return await self.pool.acquire(timeout=self.seconds_to_acquire)
        except (OSError, TimeoutError) as none:
            if self._is_all_in_use() and not self.is_away:
                raise PoolBusyError("All connections are in use.") from none
            raise asyncpg.CannotConnectNowError("The database cannot be reached.") from none
        finally:
            self.waiting -= 1

    @contextmanager
    def naming_failures(self, connection: Executor) -> Iterator[None]:
        """Rename what a server that fails makes of a statement, and note when it cannot write.

        A connection that was lost is otherwise misuse, a statement without an answer any time-out, and a full
        disk an error inside the server.
        """
        try:
            yield
        except asyncpg.InterfaceError as misuse:
            if not is_lost(connection):
                raise
            raise asyncpg.ConnectionDoesNotExistError("The connection was lost.") from misuse
        except TimeoutError as silence:
            raise asyncpg.ConnectionDoesNotExistError("The database did not answer in time.") from silence
        except asyncpg.InternalServerError as failure:
            if failure.server_source_filename not in FILES_OF_STORAGE:
                raise
            self._note_not_writing()
            raise asyncpg.DiskFullError(str(failure)) from failure
        except CANNOT_WRITE as failure:
            self._note_not_writing()
            if isinstance(failure, asyncpg.ReadOnlySQLTransactionError):
                connection.terminate()  # the next one is to the primary of now
            raise

    def _note_not_writing(self) -> None:
        self.could_not_write_at = asyncio.get_running_loop().time()

    def cut_off(self) -> None:
        """Break every connection that somebody works with: what they wait for raises one of OUTAGE."""
        for connection in tuple(self._in_use):
            if not is_lost(connection):
                connection.terminate()

    @property
    def in_use(self) -> int:
        """How many connections somebody works with."""
        return len(self._in_use)

    async def renew(self) -> None:
        """The database is back: every connection is replaced before it is used again."""
        self.is_away = False
        await self.pool.expire_connections()

    async def close(self) -> None:
        """Wait until nobody uses a connection, but not for a database that does not answer."""
        try:
            async with asyncio.timeout(SECONDS_TO_CLOSE):
                await self.pool.close()
        except TimeoutError:
            self.pool.terminate()

    def _is_all_in_use(self) -> bool:
        """Every connection that the pool may have is open, and none of them is free."""
        return self.pool.get_size() == self.pool.get_max_size() and not self.pool.get_idle_size()


class ChainedTransactions:
    """Transactions of one caller, one after another.

    While another follows, a transaction commits and begins the next in the same round trip.
    """

    def __init__(self, database: Database, followed: Callable[[], bool]) -> None:
        self._database, self._followed = database, followed
        self._held = AsyncExitStack()
        self._begun: Executor | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[ChainedTransaction]:
        """The next one. Its connection goes back to the pool afterwards, unless its commit began another."""
        goes_on = False
        try:
            connection = self._begun or await self._begin()
            transaction = ChainedTransaction(connection, self._followed)
            with self._database.naming_failures(connection):
                yield transaction
            goes_on = transaction.began_next
        finally:
            if not goes_on:
                await self.close()

    async def close(self) -> None:
        """Roll back what was begun and not ended, and let the connection go. Closing twice does nothing."""
        self._begun = None
        await self._held.aclose()

    async def _begin(self) -> Executor:
        connection = await self._held.enter_async_context(self._database.connection())
        self._held.push_async_callback(roll_back, connection)
        await connection.execute("BEGIN")
        self._begun = connection
        return connection


async def roll_back(connection: Executor) -> None:
    """Roll back what is open. Where the connection was cut, the server has done so."""
    with suppress(*AWAY):
        if not connection.is_closed() and connection.is_in_transaction():
            await connection.execute("ROLLBACK")


def is_lost(connection: Executor) -> bool:
    """Whether a connection was broken; one that was goes out of the hands of who had it."""
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:
        return True


async def leave_as_is(_connection: object) -> None:
    """Reset nothing: our connections carry no session state, and a reset would cost a round trip."""
