"""One batch at a time: what arrives while a batch is being worked on makes up the next one.

The queue is bounded, an ask whose client went away is dropped before it is worked on and finished whole after that,
and an ask that breaks its batch is found by working on the batch one by one.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

from uit.ground.errors import Busy

In = TypeVar("In")
Out = TypeVar("Out")

MOST_IN_A_BATCH = 256


class Poisoned(Exception):
    """A batch failed because of its content: each of its asks is tried alone."""


class Lane(Generic[In, Out]):
    """Gathers asks into batches and hands each batch to `work`.

    `key`: no two asks with the same key share a batch; the later one goes first next time.
    `work` answers a batch in order, raises `Poisoned` when one ask may have spoilt it, or anything else for a failure
    of all of it.
    """

    def __init__(
        self,
        work: Callable[[Sequence[In]], Awaitable[Sequence[Out]]],
        key: Callable[[In], Hashable],
        depth: int,
    ) -> None:
        self._work, self._key, self._depth = work, key, depth
        self._waiting: deque[tuple[In, asyncio.Future[Out]]] = deque()
        self._arrived = asyncio.Event()
        self._seconds_per_batch = 0.01

    async def ask(self, ask: In) -> Out | Busy:
        """Wait for the answer to an ask; when too many wait already, say when to try again."""
        if len(self._waiting) >= self._depth:
            return Busy(retry_after_seconds=self._wait_seconds())
        answer: asyncio.Future[Out] = asyncio.get_running_loop().create_future()
        self._waiting.append((ask, answer))
        self._arrived.set()
        return await answer

    async def run(self) -> None:
        """Work until cancelled; a batch under way is finished first by the transaction it is in, or not at all."""
        loop = asyncio.get_running_loop()
        while True:
            await self._arrived.wait()
            batch = self._gather()
            if not batch:
                self._arrived.clear()
                continue
            began = loop.time()
            await self._settle(batch)
            self._seconds_per_batch += (loop.time() - began - self._seconds_per_batch) / 8

    def _gather(self) -> list[tuple[In, asyncio.Future[Out]]]:
        batch: list[tuple[In, asyncio.Future[Out]]] = []
        keys: set[Hashable] = set()
        deferred: list[tuple[In, asyncio.Future[Out]]] = []
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

    async def _settle(self, batch: Sequence[tuple[In, asyncio.Future[Out]]]) -> None:
        try:
            answers = await self._work([ask for ask, _ in batch])
        except Poisoned as poison:
            if len(batch) == 1:
                fail(batch, poison.__cause__ or poison)
                return
            for one in batch:
                await self._settle([one])
        except Exception as failure:  # noqa: BLE001  whoever asked must hear of it; the lane goes on
            fail(batch, failure)
        else:
            for (_, waiting), answer in zip(batch, answers, strict=True):
                if not waiting.done():
                    waiting.set_result(answer)

    def _wait_seconds(self) -> int:
        return 1 + int(len(self._waiting) / MOST_IN_A_BATCH * self._seconds_per_batch)


def fail(batch: Sequence[tuple[In, asyncio.Future[Out]]], failure: BaseException) -> None:
    for _, waiting in batch:
        if not waiting.done():
            waiting.set_exception(failure)
