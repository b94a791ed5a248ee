"""What the worker does, and how it ends."""

import ast
import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from msgspec.structs import replace
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from reservations.booking.answers import Booked
from reservations.booking.services import open_services
from tests.builders import World
from tests.conftest import free_port
from tests.copies import settings_of
from tests.town import ROOT, environment
from uit.core.duty_result import DutyResult
from uit.database.outbox import GiveUp, Handler, Message, TryLater
from uit.database.pool import Database
from uit.embedded.stores import Addresses
from uit.entrypoints.topics import topics
from uit.entrypoints.worker import at_most, duties, ends_before, work_until, working
from uit.services.duty import Duty, DutyRunner

OF_PAYMENTS = {"open_payments", "handle_events", "close_payments", "reconcile"}
DUTIES = OF_PAYMENTS | {
    "deliver", "show_waiting", "book_sold_for", "expire", "release",
    "serve_lines", "call_off", "settle", "roll_up", "lapse", "erase",
    "anchor", "end_memberships", "end_unused", "erase_who_asked", "tell_eighteen", "tell_ending_cards",
    "ask_to_confirm", "give_on",
}  # fmt: skip
END_LISTENERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND query ILIKE 'listen%'
"""


@pytest.fixture
async def outbox(world: World) -> AsyncIterator[Database]:
    made = await Database.open(world.services.settings.database_url, connections=2)
    yield made
    await made.close()


@pytest.fixture
def registered(world: World, outbox: Database) -> dict[str, Duty]:
    return {duty.name: duty for duty in duties(world.services, outbox)}


@pytest.fixture
async def runners(world: World) -> AsyncIterator[dict[str, DutyRunner]]:
    """Those of a worker at work, in this process."""
    async with working(world.services) as at_work:
        yield {runner.duty.name: runner for runner in at_work}


async def test_every_duty_has_a_name_of_its_own_and_a_bounded_step(registered: dict[str, Duty]) -> None:
    assert set(registered) == DUTIES
    assert all(duty.every > timedelta() and duty.timeout > timedelta() for duty in registered.values())


@pytest.mark.parametrize("name", sorted(DUTIES))
async def test_a_duty_with_nothing_to_do_does_nothing(registered: dict[str, Duty], name: str) -> None:
    result = await registered[name].do()

    assert (result.count if isinstance(result, DutyResult) else result) == 0


async def test_it_does_not_reach_for_the_standby_that_strangers_read(world: World) -> None:
    reached, stopping = asyncio.Event(), asyncio.Event()
    stopping.set()
    standby = await asyncio.start_server(lambda _reader, _writer: reached.set(), "127.0.0.1")
    port = standby.sockets[0].getsockname()[1]
    address = f"postgresql://uit@127.0.0.1:{port}/uit"

    async with standby:
        working = work_until(stopping, replace(world.services.settings, read_database_url=address))
        done = await asyncio.wait_for(working, 30)

    assert (done, reached.is_set()) == (0, False)


async def test_a_duty_of_steps_goes_on_as_long_as_it_does_something(
    world: World, registered: dict[str, Duty]
) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=5000)
    for _ in range(2):
        await world.book(anna, session)
    await world.execute(
        "UPDATE reservations.session SET status = 'cancelled', due_at = $1", world.clock.now()
    )

    assert await registered["call_off"].do() == DutyResult(2, world.clock.now(), more=True)
    assert await registered["call_off"].do() == DutyResult(0)


async def test_a_duty_that_cannot_be_undone_rests_after_so_many_and_says_so() -> None:
    async def three() -> DutyResult:
        return DutyResult(3, more=True)

    bounded = at_most(5, "lapse", three)
    with capture_logs() as logs:
        went_on = [(await bounded()).more for _ in range(4)]

    assert went_on == [True, False, True, False]
    assert [(each["event"], each["duty"]) for each in logs] == [("duty_reached_its_most", "lapse")] * 2


# Messages


def written_topics() -> set[str]:
    """The topics that the code writes to the outbox: words with a dot, beside what a message says."""
    paths = [path for package in ("uit", "reservations") for path in (ROOT / package).rglob("*.py")]
    calls = [node for path in paths for node in ast.walk(ast.parse(path.read_text())) if writes(node)]
    return {
        each.value
        for call in calls
        for each in ast.walk(call)
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and "." in each.value
    }


def writes(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="OutboxRow" | "tell")):
            return True
        case _:
            return False


def test_every_topic_that_is_written_is_delivered(world: World) -> None:
    """A topic without a handler waits for a newer worker: for ever, where there is none."""
    assert written_topics() >= {"booking.made", "ticket.attended"}
    assert written_topics() <= set(topics(world.services))


async def booked(world: World) -> UUID:
    session, anna = await world.session(), await world.resident(credit_cents=5000)
    answer = await world.book(anna, session)
    assert isinstance(answer, Booked)
    return answer.booking.id


def handler(world: World, topic: str) -> Handler:
    return topics(world.services)[topic].deliver


def message(booking_id: UUID) -> Message:
    return Message(1, uuid4(), "booking.made", booking_id, "{}", 1, uuid4())


async def test_a_mail_to_an_address_that_is_none_is_given_up_and_holds_up_no_other(world: World) -> None:
    booking_id = await booked(world)
    await world.execute("UPDATE identity.person SET email = 'anna'")

    answer = await handler(world, "booking.made")(message(booking_id))

    assert answer == GiveUp("ground.mail_refused")
    assert not topics(world.services)["booking.made"].blocks


async def test_a_mail_server_that_is_away_is_tried_later(world: World) -> None:
    booking_id = await booked(world)
    world.services.mailer._url = world.services.mailer._url._replace(netloc="")

    assert await handler(world, "booking.made")(message(booking_id)) == TryLater("ground.mail_away")


async def test_a_booking_is_mailed_as_soon_as_the_database_says_that_it_was_made(
    world: World, runners: dict[str, DutyRunner]
) -> None:
    await until(lambda: figure("uit_duty_seconds_count", "deliver") >= 1)
    await booked(world)

    await until(lambda: len(world.mails) == 1)


async def test_a_worker_without_the_address_of_the_owner_leaves_erasing_to_another(world: World) -> None:
    settings = replace(world.services.settings, owner_database_url="")

    async with open_services(settings, world.clock) as services, working(services) as at_work:
        assert {runner.duty.name for runner in at_work} == DUTIES - {"erase"}


async def test_a_worker_whose_listener_is_cut_off_gets_another(
    world: World, runners: dict[str, DutyRunner]
) -> None:
    await until_it_listens(world)
    await world.execute(END_LISTENERS)
    await until_it_listens(world)
    await booked(world)

    await until(lambda: len(world.mails) == 1)
    assert world.services.vital_tasks.dead == []


async def test_without_a_listener_the_worker_looks_by_itself(
    world: World, registered: dict[str, Duty]
) -> None:
    await booked(world)

    result = await registered["deliver"].do()

    assert isinstance(result, DutyResult)
    assert result.count == len(world.mails) == 1
    assert registered["deliver"].every <= timedelta(seconds=5)


async def test_a_failed_message_shows_in_the_figures(world: World, registered: dict[str, Duty]) -> None:
    await booked(world)
    await world.execute("UPDATE identity.person SET email = 'anna'")
    await registered["deliver"].do()
    await registered["show_waiting"].do()

    assert figure("uit_outbox_failed") == 1


def figure(name: str, duty: str | None = None) -> float:
    return REGISTRY.get_sample_value(name, {"duty": duty} if duty else {}) or 0


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not happened():  # noqa: ASYNC110 - a mail server and a registry have no event for it
            await asyncio.sleep(0.01)


async def until_it_listens(world: World) -> None:
    listening = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'listen%'"
    )
    async with asyncio.timeout(20):
        while not await world.value(listening):  # noqa: ASYNC110 - the server has no event for it
            await asyncio.sleep(0.01)


# The end


async def test_a_duty_that_dies_is_missed(world: World, runners: dict[str, DutyRunner]) -> None:
    (settle,) = (task for task in asyncio.all_tasks() if task.get_name() == "settle")
    settle.cancel()
    await world.services.vital_tasks.died.wait()

    assert world.services.vital_tasks.dead == ["settle"]


async def test_a_worker_that_stops_finishes_what_it_is_at(world: World) -> None:
    async with working(world.services):
        tasks = {task for task in asyncio.all_tasks() if task.get_name() in DUTIES}
        assert {task.get_name() for task in tasks} == DUTIES

    assert all(task.done() and not task.cancelled() for task in tasks)
    assert world.services.vital_tasks.dead == []


@pytest.fixture
def process(dsn: str, addresses: Addresses, tmp_path: Path) -> Iterator["Worker"]:
    """`python -m uit worker --with-parent`, that says how it is doing."""
    own = settings_of(dsn, redis_url=addresses.redis_url, worker_port=free_port())
    settings = {
        "DATABASE_URL": own.database_url, "OWNER_DATABASE_URL": own.owner_url, "REDIS_URL": own.redis_url,
        "WORKER_PORT": str(own.worker_port),
    }  # fmt: skip
    made = Worker(settings, tmp_path)
    yield made
    made.process.kill()
    made.process.communicate()


class Worker:
    def __init__(self, settings: dict[str, str], home: Path, *words: str) -> None:
        command = words or ("-m", "uit", "worker", "--with-parent")
        self.base = f"http://127.0.0.1:{settings['WORKER_PORT']}"
        self.process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment(home, **settings),
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def figures(self) -> str:
        """The text of /metrics, once every duty has run."""
        while True:
            try:
                text = httpx.get(f"{self.base}/metrics").text
            except httpx.TransportError:
                assert self.process.poll() is None
                continue
            if (
                text.count("uit_duty_seconds_count{") == len(DUTIES)
                and 'seconds_count{duty="erase"} 0' not in text
            ):
                return text


def test_a_worker_shows_its_figures_and_a_signal_stops_it(process: Worker) -> None:
    figures = process.figures()
    process.process.send_signal(signal.SIGTERM)
    _, said = process.process.communicate(timeout=30)

    assert (process.process.returncode, said) == (0, "")
    for name in DUTIES:
        assert f'uit_duty_failures_total{{duty="{name}"}} 0.0' in figures
        assert f'uit_duty_done_total{{duty="{name}"}}' in figures
        assert f'uit_duty_oldest_due_seconds{{duty="{name}"}}' in figures
        assert f'uit_duty_last_run_timestamp_seconds{{duty="{name}"}}' in figures
    assert "uit_outbox_failed 0.0" in figures


def test_a_worker_ends_with_its_parent(process: Worker) -> None:
    process.figures()
    _, said = process.process.communicate(timeout=30)  # closes its standard input

    assert (process.process.returncode, said) == (0, "")


DIE = """
import asyncio, sys
from uit.core.settings import read_settings
from uit.entrypoints.log import set_up_logs
from uit.entrypoints.worker import work

async def work_and_die():
    working = asyncio.create_task(work(read_settings()))
    while not (lapse := [task for task in asyncio.all_tasks() if task.get_name() == "lapse"]):
        await asyncio.sleep(0.01)
    lapse[0].cancel()
    return await working

set_up_logs()
sys.exit(asyncio.run(work_and_die()))
"""


def test_a_duty_that_dies_takes_the_worker_out_with_a_clear_line(
    dsn: str, addresses: Addresses, tmp_path: Path
) -> None:
    settings = {"DATABASE_URL": dsn, "REDIS_URL": addresses.redis_url, "WORKER_PORT": "0"}
    dying = Worker(settings, tmp_path, "-c", DIE)

    _, said = dying.process.communicate(timeout=60)

    line = json.loads(said)
    assert dying.process.returncode == 1
    assert (line["event"], line["task"], line["level"]) == ("vital_task_died", "lapse", "critical")


# A database that is away


async def wait_for_nothing() -> None:
    await asyncio.Event().wait()


async def reach() -> None:
    pass


async def be_refused() -> None:
    raise ConnectionRefusedError


async def test_waiting_ends_by_what_is_waited_for_and_by_a_signal_to_stop() -> None:
    stopping = asyncio.Event()
    waiting = asyncio.create_task(wait_for_nothing())

    assert await ends_before(asyncio.create_task(reach()), stopping)
    with pytest.raises(ConnectionRefusedError):
        await ends_before(asyncio.create_task(be_refused()), stopping)
    asyncio.get_running_loop().call_soon(stopping.set)
    assert not await ends_before(waiting, stopping)
    await asyncio.wait([waiting])
    assert waiting.cancelled()
