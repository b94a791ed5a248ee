"""One batch at a time: what arrives while a batch is being worked on makes up the next one.

The queue is bounded, an ask whose client went away is dropped before it is worked on and finished whole after
that, and an ask that breaks its batch is found by working on the batch one by one.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

from uit.ground.errors import Busy

In = TypeVar("In")
Out = TypeVar("Out")

MOST_IN_A_BATCH = 256

Waiting = list[tuple[In, asyncio.Future[Out | Busy]]]


class Poisoned(Exception):
    """A batch failed because of its content: each of its asks is tried alone."""


async def at_ease() -> None:
    """Nothing to do between two batches."""


class Lane(Generic[In, Out]):
    """Gathers asks into batches and hands each batch to `work`.

    `key`: no two asks with the same key share a batch; the later one goes first next time.
    `work` answers a batch in order, raises `Poisoned` when one ask may have spoilt it, or anything else for a
    failure of all of it. `rest` is awaited when nobody waits any more.
    """

    def __init__(
        self,
        work: Callable[[Sequence[In]], Awaitable[Sequence[Out]]],
        key: Callable[[In], Hashable],
        depth: int,
        rest: Callable[[], Awaitable[None]] = at_ease,
    ) -> None:
        self._work, self._key, self._depth, self._rest = work, key, depth, rest
        self._waiting: deque[tuple[In, asyncio.Future[Out | Busy]]] = deque()
        self._arrived = asyncio.Event()
        self._seconds_per_batch = 0.01

    async def ask(self, ask: In) -> Out | Busy:
        """Wait for the answer to an ask; when too many wait already, say when to try again."""
        if len(self._waiting) >= self._depth:
            return Busy(retry_after_seconds=self._wait_seconds())
        answer: asyncio.Future[Out | Busy] = asyncio.get_running_loop().create_future()
        self._waiting.append((ask, answer))
        self._arrived.set()
        return await answer

    def has_waiting(self) -> bool:
        """Whether there is another batch to come, if nobody of it goes away."""
        return bool(self._waiting)

    async def run(self) -> None:
        """Work until cancelled.

        Who still waits then is told to come back, with the same id: it happens once.
        """
        batch: Waiting[In, Out] = []
        try:
            while True:
                await self._arrived.wait()
                batch = self._gather()
                if batch:
                    await self._timed(batch)
                else:
                    self._arrived.clear()
                    await self._rest()
        finally:
            self._turn_away([*batch, *self._waiting])

    async def _timed(self, batch: Waiting[In, Out]) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        await self._settle(batch)
        self._seconds_per_batch += (loop.time() - began - self._seconds_per_batch) / 8

    def _gather(self) -> Waiting[In, Out]:
        batch: Waiting[In, Out] = []
        keys: set[Hashable] = set()
        deferred: Waiting[In, Out] = []
        while self._waiting and len(batch) < MOST_IN_A_BATCH:
            ask, answer = self._waiting.popleft()
            if answer.cancelled():
                continue
            key = self._key(ask)
            if key in keys:
                deferred.append((ask, answer))
                continue
            keys.add(key)
            batch.append((ask, answer))
        self._waiting.extendleft(reversed(deferred))
        return batch

    async def _settle(self, batch: Waiting[In, Out]) -> None:
        try:
            answers = await self._work([ask for ask, _ in batch])
            for (_, waiting), answer in zip(batch, answers, strict=True):
                if not waiting.done():
                    waiting.set_result(answer)
        except Poisoned as poison:
            if len(batch) == 1:
                fail(batch, poison.__cause__ or poison)
                return
            for one in batch:
                await self._settle([one])
        except Exception as failure:  # noqa: BLE001  whoever asked must hear of it; the lane goes on
            fail(batch, failure)

    def _turn_away(self, waiting: Waiting[In, Out]) -> None:
        for _, answer in waiting:
            if not answer.done():
                answer.set_result(Busy(retry_after_seconds=1))

    def _wait_seconds(self) -> int:
        return 1 + int(len(self._waiting) / MOST_IN_A_BATCH * self._seconds_per_batch)


def fail(batch: Waiting[In, Out], failure: BaseException) -> None:
    for _, waiting in batch:
        if not waiting.done():
            waiting.set_exception(failure)
