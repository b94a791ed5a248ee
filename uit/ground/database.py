"""Connections to PostgreSQL, and transactions on them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Self

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from uit.ground.sql import Command, Executor

APPLICATION_ROLE = "uit_app"

AGAIN = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.UniqueViolationError,
    asyncpg.LockNotAvailableError,
)
"""A conflict, which a rerun decides anew."""

OUTAGE = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InternalClientError,  # what asyncpg says when the server dies between two messages of a commit
)
"""The server is away: nothing else raises these, so a request is told so."""

AWAY = (*OUTAGE, asyncpg.InterfaceError, OSError, TimeoutError)
"""The same and whatever else a lost connection raises, for who tries again by themselves."""


class Turn:
    """A transaction that its last statement takes the commit of along; without one it is rolled back."""

    def __init__(self, tx: Executor) -> None:
        self.tx = tx

    async def end_with(self, last: Command, *args: str | datetime | None) -> None:
        """Write and commit in one round trip: while it is under way, others wait for its locks."""
        await self.tx.execute(f"{last.written_out(*args)}; COMMIT")


class Database:
    """A pool whose connections work as the application's role and give up rather than wait for ever."""

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        self.pool = pool

    @classmethod
    async def open(cls, dsn: str, *, connections: int = 10, role: str = APPLICATION_ROLE) -> Self:
        """Connect; `role` is taken on every connection, so that the grants in the migrations hold."""
        pool = await asyncpg.create_pool(
            dsn,
            min_size=1,
            max_size=connections,
            reset=leave_as_is,
            command_timeout=30,
            server_settings={
                "role": role,
                "application_name": "uit",
                "timezone": "UTC",
                "statement_timeout": "20s",
                "lock_timeout": "5s",
                "idle_in_transaction_session_timeout": "20s",
                "jit": "off",
                "standard_conforming_strings": "on",
            },
        )
        return cls(pool)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Executor]:
        """One transaction on a connection of its own; nothing inside it waits on another network."""
        async with self._connection() as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Turn]:
        """A transaction for what is written at once at its end, with nobody to wait for in between."""
        async with self._connection() as connection:
            await connection.execute("BEGIN")
            try:
                yield Turn(connection)
            finally:
                if not connection.is_closed() and connection.is_in_transaction():
                    await connection.execute("ROLLBACK")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Executor]:
        """A connection for statements that each stand alone."""
        async with self._connection() as connection:
            yield connection

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator["PoolConnectionProxy[Any]"]:
        """One of the pool's. That there is none to be had gets a name that no other lost socket has."""
        try:
            connection = await self.pool.acquire()
        except (OSError, TimeoutError) as unreachable:
            raise asyncpg.CannotConnectNowError("The database cannot be reached.") from unreachable
        try:
            yield connection
        finally:
            await self.pool.release(connection)

    async def close(self) -> None:
        await self.pool.close()


async def leave_as_is(_connection: object) -> None:
    """Our connections carry no session state, so giving one back costs no round trip."""
