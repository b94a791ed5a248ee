"""Duties: what a worker does every so often, each in a task of its own, with its own interval and figures."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from time import perf_counter

import structlog
from msgspec import Struct
from prometheus_client import Counter, Gauge, Histogram

from uit.core.clock import Clock
from uit.core.duty_result import DutyResult
from uit.database.pool import AWAY, CANNOT_WRITE
from uit.services.clock_check import ClockCheck

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=1)
AT_ONCE = timedelta()

LAST_RUN = Gauge("uit_duty_last_run_timestamp_seconds", "When a duty last came to its end", ("duty",))
OLDEST_DUE = Gauge("uit_duty_oldest_due_seconds", "How long the oldest that is due had been due", ("duty",))
DONE = Counter("uit_duty_done", "How many things a duty did", ("duty",))
FAILURES = Counter("uit_duty_failures", "How often a duty failed or took too long", ("duty",))
REFUSED = Counter("uit_duty_refused", "How often a duty did nothing since the clock is wrong", ("duty",))
SECONDS = Histogram(
    "uit_duty_seconds",
    "How long a step of a duty took",
    ("duty",),
    buckets=(0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120, 600),
)

log = structlog.get_logger()


class Duty(Struct, frozen=True):
    """Something that is done every so often, one bounded step at a time.

    Doing it twice, or by two workers at once, changes nothing more. `do` answers how many it did, or a
    `DutyResult` that says more. A step that takes longer than `timeout` is broken off and counts as failed.
    """

    name: str
    every: timedelta
    timeout: timedelta
    do: Callable[[], Awaitable[int | DutyResult]]
    is_final: bool = False
    """What it does cannot be undone, so it does nothing by a clock that is wrong."""


class DutyRunner:
    """Does one duty again and again. A failure is logged, and tried again with growing pauses."""

    def __init__(self, duty: Duty, clock: Clock, clock_check: ClockCheck) -> None:
        self.duty, self._clock, self._clock_check = duty, clock, clock_check
        self._failures = 0
        self._woken, self._stopping = asyncio.Event(), asyncio.Event()
        for figure in (LAST_RUN, OLDEST_DUE, DONE, FAILURES, REFUSED, SECONDS):
            figure.labels(duty.name)

    async def run(self) -> None:
        """Do the duty again and again until `stop`; a step that is under way then is finished."""
        while not self._stopping.is_set():
            self._woken.clear()
            await self._wait(await self.step())

    def wake(self) -> None:
        """There is something to do: the next step comes now, unless the last one failed."""
        self._woken.set()

    def stop(self) -> None:
        self._stopping.set()
        self._woken.set()

    async def step(self) -> timedelta:
        """Do one step of the duty; returns how long to wait before the next one."""
        began, limit = perf_counter(), asyncio.timeout(self.duty.timeout.total_seconds())
        try:
            async with limit:
                if self.duty.is_final and not await self._clock_check.agrees():
                    REFUSED.labels(self.duty.name).inc()
                    return LONGEST_PAUSE
                result = await self.duty.do()
        except Exception as failure:  # noqa: BLE001  whatever it is, it is tried again
            return self._failed(failure, took_too_long=limit.expired())
        finally:
            SECONDS.labels(self.duty.name).observe(perf_counter() - began)
        return self._succeeded(result if isinstance(result, DutyResult) else DutyResult(result))

    def _succeeded(self, result: DutyResult) -> timedelta:
        self._failures = 0
        now, due_at = self._clock.now(), result.oldest_due_at
        DONE.labels(self.duty.name).inc(result.count)
        LAST_RUN.labels(self.duty.name).set(now.timestamp())
        OLDEST_DUE.labels(self.duty.name).set((now - due_at).total_seconds() if due_at else 0)
        return AT_ONCE if result.more else self.duty.every

    def _failed(self, failure: Exception, *, took_too_long: bool) -> timedelta:
        pause = min(FIRST_PAUSE * (1 << min(self._failures, 10)), LONGEST_PAUSE)
        self._failures += 1
        FAILURES.labels(self.duty.name).inc()
        about = {"duty": self.duty.name, "again_in": pause.total_seconds()}
        if isinstance(failure, (*AWAY, *CANNOT_WRITE)) and not took_too_long:
            log.warning("duty_waits", reason=type(failure).__name__, **about)
        else:
            log.error("duty_failed", exc_info=failure, **about)
        return pause

    async def _wait(self, pause: timedelta) -> None:
        """After a failure only `stop` cuts the pause short: what wakes the duty may be what fails."""
        if not pause:
            await asyncio.sleep(0)
            return
        until = self._stopping if self._failures else self._woken
        with suppress(TimeoutError):
            await asyncio.wait_for(until.wait(), pause.total_seconds())
