"""A duty is done at its interval, at once while more waits, and with growing pauses while it fails."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from itertools import count

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from uit.core.clock import SetClock
from uit.core.duty_result import DutyResult
from uit.services.clock_check import SetClockCheck
from uit.services.duty import LONGEST_PAUSE, Duty, DutyRunner

EVERY = timedelta(hours=1)
NAMES: Iterator[int] = count()
SET_CLOCK = SetClockCheck()

Do = Callable[[], Awaitable[int | DutyResult]]


def runner(do: Do, clock: SetClock, *, timeout: timedelta = EVERY) -> DutyRunner:
    """Of a duty with a name of its own, since figures are of a whole process."""
    return DutyRunner(Duty(f"duty_{next(NAMES)}", EVERY, timeout, do), clock, SET_CLOCK)


def figure(name: str, of: DutyRunner) -> float | None:
    return REGISTRY.get_sample_value(f"uit_duty_{name}", {"duty": of.duty.name})


async def three() -> int:
    return 3


async def fail() -> int:
    raise ZeroDivisionError


async def test_a_duty_that_was_done_waits_for_its_interval(clock: SetClock) -> None:
    assert await runner(three, clock).step() == EVERY


async def test_a_duty_with_more_to_do_goes_on_at_once(clock: SetClock) -> None:
    async def more() -> DutyResult:
        return DutyResult(3, more=True)

    assert await runner(more, clock).step() == timedelta()


async def test_a_duty_that_fails_waits_longer_each_time_and_no_longer_once_it_succeeds(
    clock: SetClock,
) -> None:
    good = [False] * 9 + [True, False]

    async def sometimes() -> int:
        return await (three if good.pop(0) else fail)()

    flaky = runner(sometimes, clock)
    pauses = [(await flaky.step()).total_seconds() for _ in range(11)]

    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60, EVERY.total_seconds(), 1]
    assert LONGEST_PAUSE < EVERY


async def test_a_failure_is_logged_with_the_name_of_the_duty(clock: SetClock) -> None:
    failing = runner(fail, clock)
    with capture_logs() as logs:
        await failing.step()

    (said,) = logs
    assert (said["event"], said["duty"], said["again_in"]) == ("duty_failed", failing.duty.name, 1)
    assert isinstance(said["exc_info"], ZeroDivisionError)


async def test_a_database_that_is_away_is_one_line_and_no_bug(clock: SetClock) -> None:
    async def find_nobody() -> int:
        raise ConnectionRefusedError

    waiting = runner(find_nobody, clock)
    with capture_logs() as logs:
        await waiting.step()

    assert logs == [
        {
            "event": "duty_waits", "log_level": "warning", "duty": waiting.duty.name,
            "reason": "ConnectionRefusedError", "again_in": 1,
        }
    ]  # fmt: skip


async def test_a_step_that_takes_too_long_is_broken_off_and_failed(clock: SetClock) -> None:
    async def hang() -> int:
        return await asyncio.Future[int]()

    slow = runner(hang, clock, timeout=timedelta(milliseconds=1))

    assert await slow.step() == timedelta(seconds=1)
    assert figure("failures_total", slow) == 1


async def test_the_figures_say_how_many_when_how_long_and_since_when(clock: SetClock) -> None:
    due_at = clock.now() - timedelta(minutes=2)
    answers = [DutyResult(5, due_at), DutyResult(2)]

    async def do() -> DutyResult:
        return answers.pop(0)

    it = runner(do, clock)
    before = [figure("done_total", it), figure("failures_total", it)]
    await it.step()
    behind = figure("oldest_due_seconds", it)
    await it.step()

    assert before == [0, 0]
    assert [behind, figure("oldest_due_seconds", it)] == [120, 0]
    assert figure("done_total", it) == 7
    assert figure("seconds_count", it) == 2
    assert figure("last_run_timestamp_seconds", it) == clock.now().timestamp()


async def test_a_duty_that_failed_did_not_run(clock: SetClock) -> None:
    failing = runner(fail, clock)
    await failing.step()

    assert figure("last_run_timestamp_seconds", failing) == 0


class Counted:
    """A duty that can be waited for: `done` is set whenever it was done."""

    def __init__(self, *, more: bool = False) -> None:
        self.times, self.more, self.done = 0, more, asyncio.Event()

    async def do(self) -> DutyResult:
        self.times += 1
        self.done.set()
        return DutyResult(1, more=self.more)

    async def again(self) -> None:
        self.done.clear()
        await self.done.wait()


async def test_a_slow_duty_holds_up_no_other(clock: SetClock) -> None:
    go = asyncio.Event()

    async def slow() -> int:
        await go.wait()
        return 1

    quick = Counted()
    runners = [runner(slow, clock), runner(quick.do, clock)]
    tasks = [asyncio.create_task(each.run()) for each in runners]
    await quick.done.wait()
    runners[1].wake()
    await quick.again()

    assert quick.times == 2
    go.set()
    for each in runners:
        each.stop()
    await asyncio.gather(*tasks)


async def test_a_backlog_lets_others_come_in_between(clock: SetClock) -> None:
    busy, other = Counted(more=True), Counted(more=True)
    runners = [runner(busy.do, clock), runner(other.do, clock)]
    tasks = [asyncio.create_task(each.run()) for each in runners]

    while other.times < 5:
        await other.again()
    for each in runners:
        each.stop()
    await asyncio.gather(*tasks)

    assert abs(busy.times - other.times) <= 1


async def test_who_is_told_while_it_works_looks_again(clock: SetClock) -> None:
    """What came in the middle of a step may have come too late for it."""
    it = Counted()

    async def told_meanwhile() -> DutyResult:
        if not it.times:
            waking.wake()
        return await it.do()

    waking = runner(told_meanwhile, clock)
    task = asyncio.create_task(waking.run())
    while it.times < 2:
        await it.again()
    waking.stop()
    await task


async def test_a_duty_that_fails_is_not_woken_out_of_its_pause(clock: SetClock) -> None:
    times = 0

    async def do() -> int:
        nonlocal times
        times += 1
        return await fail()

    failing = runner(do, clock)
    task = asyncio.create_task(failing.run())
    for _ in range(5):
        await asyncio.sleep(0)
        failing.wake()
    failing.stop()
    await task

    assert times == 1


async def test_a_stop_lets_a_step_come_to_its_end(clock: SetClock) -> None:
    began, go, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def do() -> int:
        began.set()
        await go.wait()
        ended.set()
        return 1

    it = runner(do, clock)
    task = asyncio.create_task(it.run())
    await began.wait()
    it.stop()
    go.set()
    await task

    assert ended.is_set()


@pytest.mark.parametrize("failures", [0, 1])
async def test_a_stop_does_not_wait_for_a_pause(clock: SetClock, failures: int) -> None:
    counted = Counted()
    it = runner(fail if failures else counted.do, clock)
    task = asyncio.create_task(it.run())
    await asyncio.sleep(0)
    it.stop()

    await task
