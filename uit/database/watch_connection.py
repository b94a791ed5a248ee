"""The connection of a watch: one question at a time, each answered in time or given up."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeVar

import asyncpg

from uit.database.hosts import Hosts
from uit.database.pool import APPLICATION_ROLE, AWAY
from uit.database.statements import Executor

T = TypeVar("T")

LOST = (asyncpg.InterfaceError, asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError, ConnectionError)


class HangsError(TimeoutError):
    """There was no answer in time."""


class WatchConnection:
    """Connects when something is asked, and anew after a question that was not answered.

    `waits`: of a second each, so that a process that stood still itself for three seconds has waited for one.
    """

    def __init__(self, hosts: Hosts, waits: int) -> None:
        self.hosts, self._waits = hosts, waits
        self.connection: asyncpg.Connection[Any] | None = None

    async def ask_again_when_lost(self, question: Callable[[Executor], Awaitable[T]]) -> T:
        """As `ask`. That a connection of before is lost says nothing of the server, so a new one is tried."""
        if self.connection is not None:
            with suppress(*LOST):
                return await self.ask(question)
        return await self.ask(question)

    async def ask(self, question: Callable[[Executor], Awaitable[T]]) -> T:
        """The answer; `HangsError` where there is none in time, and whatever a server that fails raises."""
        asking = asyncio.create_task(self._answer(question))
        try:
            return await self._in_time(asking)
        except BaseException:
            self.hang_up()
            asking.cancel()
            raise

    def hang_up(self) -> None:
        """The next question goes to whichever host takes it then."""
        if self.connection:
            with suppress(*AWAY):
                self.connection.terminate()
            self.connection = None

    async def _answer(self, question: Callable[[Executor], Awaitable[T]]) -> T:
        if self.connection is None:
            self.connection = await self.hosts.connect(
                server_settings={
                    "role": APPLICATION_ROLE,
                    "application_name": "uit watch",
                    "work_mem": "64kB",  # so that the question about writing needs the disk
                },
            )
        return await question(self.connection)

    async def _in_time(self, asking: "asyncio.Task[T]") -> T:
        for _ in range(self._waits):
            if (await asyncio.wait([asking], timeout=1))[0]:
                return asking.result()
        raise HangsError
