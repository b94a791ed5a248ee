"""A task that a process cannot do without is missed when it ends, however it ends."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, NoReturn

import pytest
from structlog.testing import capture_logs

from uit.services.vital_tasks import VitalTasks


@pytest.fixture
async def vital_tasks() -> AsyncIterator[VitalTasks]:
    made = VitalTasks()
    yield made
    await made.close()


async def go_on() -> NoReturn:
    await asyncio.Event().wait()
    raise AssertionError


async def come_to_an_end() -> None:
    pass


async def fail() -> None:
    raise ZeroDivisionError


async def be_cancelled() -> None:
    raise asyncio.CancelledError


@pytest.mark.parametrize("end", [come_to_an_end, fail, be_cancelled])
async def test_a_task_that_ends_died_and_is_named(vital_tasks: VitalTasks, end: Any) -> None:
    vital_tasks.start("goes_on", go_on())
    with capture_logs() as logs:
        vital_tasks.start("ends", end())
        await vital_tasks.died.wait()

    assert vital_tasks.dead == ["ends"]
    assert [(log["event"], log["task"], log["log_level"]) for log in logs] == [
        ("vital_task_died", "ends", "critical")
    ]


async def test_the_log_says_what_a_task_died_of(vital_tasks: VitalTasks) -> None:
    with capture_logs() as logs:
        vital_tasks.start("fails", fail())
        await vital_tasks.died.wait()

    assert isinstance(logs[0]["exc_info"], ZeroDivisionError)


async def test_a_task_that_ends_while_the_process_stops_did_not_die(vital_tasks: VitalTasks) -> None:
    going, ending = asyncio.create_task(go_on()), asyncio.create_task(come_to_an_end())
    vital_tasks.watch(going)
    vital_tasks.watch(ending)

    await vital_tasks.close()

    assert going.cancelled()
    assert ending.done()
    assert vital_tasks.dead == []


async def test_closing_waits_for_what_a_task_still_has_to_do(vital_tasks: VitalTasks) -> None:
    done = []

    async def tidy_up() -> None:
        try:
            await go_on()
        finally:
            await asyncio.sleep(0)
            done.append("tidied up")

    vital_tasks.start("tidies", tidy_up())
    await asyncio.sleep(0)
    await vital_tasks.close()

    assert done == ["tidied up"]


async def test_a_task_that_was_let_go_is_not_broken_off_by_closing(vital_tasks: VitalTasks) -> None:
    """Whoever ends it may need longer than everything else."""
    going = asyncio.create_task(go_on())
    vital_tasks.watch(going)

    vital_tasks.let_go(going)
    await vital_tasks.close()

    assert not going.done()
    assert not vital_tasks.dead
    going.cancel()
