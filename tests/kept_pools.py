"""Pools of connections to a shared database that one test leaves to the next.

A new backend of PostgreSQL reads the catalogue anew, and has every statement to parse and to plan: that was
most of what a test cost. So a pool that is closed in good order is reset and kept, and who asks for one with
the same options after `hand_over` gets it. Until then nobody does, so what a test closed stays closed in it.
"""

import asyncio
from asyncio import gather
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import asyncpg
import pytest

SHARED: Final = "shared_"
"""How the name of a database begins whose pools are kept."""
MOST_KEPT: Final = 30
"""Connections. A server of the tests takes a hundred."""
SECONDS_TO_RESET: Final = 2
FORGET: Final = "RESET ROLE; DISCARD TEMP; DISCARD SEQUENCES"
"""What asyncpg's own reset leaves of a session."""
OPTIONS: Final[Mapping[str, Any]] = {
    "min_size": 10,
    "max_size": 10,
    "max_queries": 50_000,
    "max_inactive_connection_lifetime": 300.0,
    "loop": None,
    "connection_class": asyncpg.Connection,
    "record_class": asyncpg.Record,
}
"""Those that `asyncpg.create_pool` has when it is told nothing."""


class KeptPool(asyncpg.Pool):
    """`key`: who asks for a pool with the same may have this one. `pids`: of its backends while kept."""

    key: object
    pids: tuple[int, ...] = ()
    # asyncpg's own.
    _closed: bool
    _holders: list[Any]

    async def close(self) -> None:
        if self._closed or not await self._keep():
            await super().close()

    async def close_for_good(self) -> None:
        await super().close()

    async def _keep(self) -> bool:
        """Whether it was kept: all of its connections answer, and there are not too many."""
        await gather(*(holder.wait_until_released() for holder in self._holders))
        held = [holder._con for holder in self._holders if holder.is_connected()]
        try:
            async with asyncio.timeout(SECONDS_TO_RESET):
                await gather(*map(forget, held))
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            return False
        self.pids = tuple(each.get_server_pid() for each in held)
        return KEPT.take_in(self)


async def forget(connection: "asyncpg.Connection[Any]") -> None:
    await connection.reset()
    await connection.execute(FORGET)


class KeptPools:
    """Those of one event loop. `closed` were left by this test, `ready` by those before, the last first."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed: list[KeptPool] = []
        self._ready: list[KeptPool] = []

    @property
    def pids(self) -> list[int]:
        """The backends of all that is kept."""
        return [pid for each in (*self._closed, *self._ready) for pid in each.pids]

    @contextmanager
    def from_now_on(self) -> Iterator[None]:
        """Whoever asks asyncpg for a pool in this loop asks here."""
        self._loop = asyncio.get_running_loop()
        create = asyncpg.create_pool

        def create_pool(dsn: str, **options: Any) -> "asyncpg.Pool[Any]":
            kept = f"/{SHARED}" in dsn and asyncio.get_running_loop() is self._loop
            return self.create(dsn, **options) if kept else create(dsn, **options)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(asyncpg, "create_pool", create_pool)
            yield

    def create(self, dsn: str, **options: Any) -> KeptPool:
        """One that was kept, or a new one."""
        key = dsn, {name: value for name, value in options.items() if name != "connect"}
        for each in self._ready:
            if each.key == key:
                self._ready.remove(each)
                return each
        made = KeptPool(dsn, **{**OPTIONS, **options})
        made.key = key
        return made

    def take_in(self, pool: KeptPool) -> bool:
        fits = size_of([*self._closed, pool]) <= MOST_KEPT
        if fits:
            self._closed.append(pool)
        return fits

    async def hand_over(self) -> None:
        """The test is over: what it left is for the next."""
        self._ready, self._closed = self._closed + self._ready, []
        while size_of(self._ready) > MOST_KEPT:
            await self._ready.pop().close_for_good()

    async def close(self) -> None:
        await self.hand_over()
        while self._ready:
            await self._ready.pop().close_for_good()


def size_of(pools: Iterable[KeptPool]) -> int:
    return sum(len(each.pids) for each in pools)


KEPT: Final = KeptPools()
