"""One batch at a time: what arrives while a batch is being worked on makes up the next one.

The queue is bounded. A command whose client went away is dropped before it is worked on, and finished whole
after that. A command that breaks its batch is found by working on the batch one by one.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

from msgspec import Struct
from prometheus_client import Gauge, Histogram

from uit.core.errors import Busy, DatabaseAway

In = TypeVar("In")
Out = TypeVar("Out")

MOST_IN_A_BATCH = 256

WAITING = Gauge("uit_batcher_waiting", "How many commands wait for their batch", ("batcher",))
COMMANDS = Histogram(
    "uit_batch_commands",
    "How many commands a batch has",
    ("batcher",),
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
)
SECONDS = Histogram(
    "uit_batch_seconds",
    "How long a batch took, with its reruns",
    ("batcher",),
    buckets=(0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)

SHORTEST_BATCH = 0.001


class Load(Struct, frozen=True):
    """How many commands wait, and how many are done in a second, by how long the last batches took."""

    waiting: int
    a_second: float


Waiting = list[tuple[In, asyncio.Future[Out | Busy | DatabaseAway]]]


class BatchFailedError(Exception):
    """A batch failed because of its content: each of its commands is tried alone."""


class AllTurnedAwayError(Exception):
    """Nothing can be done for this batch, nor for what waits behind it: all of it gets this answer."""

    def __init__(self, answer: Busy | DatabaseAway) -> None:
        super().__init__(answer.code)
        self.answer = answer


async def do_nothing() -> None:
    """Nothing to do between two batches."""


class Batcher(Generic[In, Out]):
    """Gathers commands into batches and hands each batch to `answer_batch`.

    `group`: all commands of a batch are of one group; groups that wait take turns.
    `key`: no two commands with the same key share a batch; the later one goes first next time.
    `answer_batch` answers in order, raises `BatchFailedError` when one command may have spoilt the batch,
    `AllTurnedAwayError` when no command can be answered now, or anything else for a failure of the batch.
    `on_idle` is awaited when nobody waits any more. `name`: in the figures.
    """

    def __init__(  # noqa: PLR0913  what a batch is, and what it is called
        self,
        answer_batch: Callable[[Sequence[In]], Awaitable[Sequence[Out]]],
        group: Callable[[In], Hashable],
        key: Callable[[In], Hashable],
        depth: int,
        on_idle: Callable[[], Awaitable[None]] = do_nothing,
        *,
        name: str = "batcher",
    ) -> None:
        self._figures = WAITING.labels(name), COMMANDS.labels(name), SECONDS.labels(name)
        self._answer_batch, self._group, self._key = answer_batch, group, key
        self._depth, self._on_idle = depth, on_idle
        self._waiting: dict[Hashable, deque[tuple[In, asyncio.Future[Out | Busy | DatabaseAway]]]] = {}
        self._count = 0
        self._arrived = asyncio.Event()
        self._has_ended = False
        self._seconds_per_batch = 0.01

    async def submit(self, command: In) -> Out | Busy | DatabaseAway:
        """Wait for the answer to a command.

        When too many wait already, or `run` has ended, the answer is `Busy`, which says when to try again.
        """
        if self._has_ended or self._count >= self._depth:
            return Busy(retry_after_seconds=self._wait_seconds())
        answer: asyncio.Future[Out | Busy | DatabaseAway] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(self._group(command), deque()).append((command, answer))
        self._count += 1
        self._arrived.set()
        return await answer

    def has_waiting(self) -> bool:
        """Whether commands wait. Those whose clients went away still count until their batch is gathered."""
        return self._count > 0

    @property
    def load(self) -> Load:
        return Load(self._count, MOST_IN_A_BATCH / max(self._seconds_per_batch, SHORTEST_BATCH))

    async def run(self) -> None:
        """Work until cancelled.

        Each command that still waits then is answered `Busy`: its client repeats it under the same id.
        """
        batch: Waiting[In, Out] = []
        try:
            while True:
                await self._arrived.wait()
                batch = self._gather()
                if batch:
                    await self._timed(batch)
                elif not self._waiting:
                    self._arrived.clear()
                    await self._on_idle()
        finally:
            self._has_ended = True
            self._turn_away(batch, Busy(retry_after_seconds=1))

    async def _timed(self, batch: Waiting[In, Out]) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            await self._settle(batch)
        except AllTurnedAwayError as all_turned_away:
            self._turn_away(batch, all_turned_away.answer)
        took = loop.time() - began
        self._seconds_per_batch += (took - self._seconds_per_batch) / 8
        waiting, commands, seconds = self._figures
        waiting.set(self._count)
        commands.observe(len(batch))
        seconds.observe(took)

    def _gather(self) -> Waiting[In, Out]:
        """The next batch: of the group that waits for its turn the longest; empty when nobody waits."""
        if not self._waiting:
            return []
        group = next(iter(self._waiting))
        waiting = self._waiting.pop(group)
        batch = self._gather_from(waiting)
        if waiting:
            self._waiting[group] = waiting
        return batch

    def _gather_from(
        self, waiting: deque[tuple[In, asyncio.Future[Out | Busy | DatabaseAway]]]
    ) -> Waiting[In, Out]:
        batch: Waiting[In, Out] = []
        keys: set[Hashable] = set()
        deferred: Waiting[In, Out] = []
        while waiting and len(batch) < MOST_IN_A_BATCH:
            command, answer = waiting.popleft()
            self._count -= 1
            if answer.cancelled():
                continue
            key = self._key(command)
            if key in keys:
                deferred.append((command, answer))
                continue
            keys.add(key)
            batch.append((command, answer))
        waiting.extendleft(reversed(deferred))
        self._count += len(deferred)
        return batch

    async def _settle(self, batch: Waiting[In, Out]) -> None:
        try:
            answers = await self._answer_batch([command for command, _ in batch])
            for (_, waiting), answer in zip(batch, answers, strict=True):
                if not waiting.done():
                    waiting.set_result(answer)
        except BatchFailedError as failed:
            if len(batch) == 1:
                fail(batch, failed.__cause__ or failed)
                return
            for one in batch:
                await self._settle([one])
        except AllTurnedAwayError:
            raise
        except Exception as failure:  # noqa: BLE001  whoever asked must hear of it; the batcher goes on
            fail(batch, failure)

    def _turn_away(self, batch: Waiting[In, Out], said: Busy | DatabaseAway) -> None:
        """Give a batch and all who wait behind it this answer."""
        behind = [each for waiting in self._waiting.values() for each in waiting]
        self._waiting.clear()
        self._count = 0
        for _, answer in (*batch, *behind):
            if not answer.done():
                answer.set_result(said)

    def _wait_seconds(self) -> int:
        return 1 + int(self._count / MOST_IN_A_BATCH * self._seconds_per_batch)


def fail(batch: Waiting[In, Out], failure: BaseException) -> None:
    for _, waiting in batch:
        if not waiting.done():
            waiting.set_exception(failure)
