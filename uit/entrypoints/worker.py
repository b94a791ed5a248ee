"""The worker: delivers what waits in the outbox and does what is due. Several may run beside each other."""

import asyncio
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import structlog
from msgspec.structs import replace
from prometheus_client import Counter

from credits.anchors.anchoring import Anchoring
from credits.anchors.store import AnchorFolder
from credits.bookkeeping.erasing import erase_due_years
from credits.ledger.rollup import roll_up
from credits.payments.figures import show_open_money
from credits.payments.reconciliation import Reconciler
from credits.wallet.lapse import lapse_some
from reservations.absences.asking import ask_who_stayed_away, give_on_unanswered
from reservations.booking.expiry import expire_due
from reservations.booking.services import BookingServices, open_services
from reservations.helping import coming_of_age
from reservations.own_data.asked_erasing import erase_who_asked
from reservations.own_data.unused import end_what_is_unused
from reservations.payment.following import close_due
from reservations.payment.opening import open_waiting
from reservations.payment.reported import handle_events
from reservations.payment.sold_for import book_sold_for
from reservations.places.apart.set_apart import release_due
from reservations.sessions.calling_off import call_off_due
from reservations.settlement.earning import settle_session
from reservations.turn_card_sales.ending import tell_of_ending_cards
from reservations.waiting.due import serve_due_lines
from uit.core.clock import SystemClock
from uit.core.duty_result import DutyResult
from uit.core.settings import Settings
from uit.database.connecting import wait_until_reached
from uit.database.listener import listen
from uit.database.outbox import CHANNEL, Deliverer
from uit.database.outbox_figures import show_outbox
from uit.database.pool import Database
from uit.database.retention import MOST_IN_A_RUN, erase_due, may_erase
from uit.entrypoints.probe import answering_probes
from uit.entrypoints.topics import topics
from uit.identity.visitor import Authenticator
from uit.passes.membership.ending import end_what_is_over
from uit.services.duty import Duty, DutyRunner

log = structlog.get_logger()
DELIVER = "deliver"
ERASE = "erase"
OUTBOX_CONNECTIONS = 4
SECONDS_TO_FINISH = 10
"""How long a step of a duty may still take that is under way when the worker has to stop."""
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)

MOST_LAPSES = 20_000
"""Purses in ten minutes: the end of a year in a large region takes some hours."""
MOST_SETTLED = 50_000
"""Holds and tickets in a minute."""

REACHED_ITS_MOST = Counter(
    "uit_duty_reached_its_most",
    "How often a duty that cannot be undone did as much as it may in a run",
    ("duty",),
)


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--with-parent", action="store_true", help="end when standard input closes, as `serve` needs"
    )


async def run(settings: Settings, given: Namespace) -> int:
    return await work(settings, with_parent=given.with_parent)


def duties(services: BookingServices, outbox: Database) -> tuple[Duty, ...]:
    """What a worker does, how often, and how long a step of it may take."""
    clock = services.clock
    deliverer = Deliverer(outbox, clock, services.ids, topics(services))

    async def erase() -> int:
        dsn, now = services.settings.owner_url, clock.now()
        years = await erase_due_years(dsn, services.ids, now)
        erased = await erase_due(dsn, now)
        for table, rows in erased.items():
            if rows >= MOST_IN_A_RUN:
                log.error("duty_reached_its_most", duty=ERASE, table=table, most=MOST_IN_A_RUN)
                REACHED_ITS_MOST.labels(ERASE).inc()
        return years + sum(erased.values())

    return (
        Duty(DELIVER, 5 * SECOND, 100 * SECOND, deliverer.deliver_due),
        Duty("show_waiting", 15 * SECOND, MINUTE, lambda: show_waiting(services, outbox)),
        Duty("open_payments", 10 * SECOND, MINUTE, lambda: open_waiting(services)),
        Duty("handle_events", 5 * SECOND, 5 * MINUTE, in_steps(lambda: handle_events(services))),
        Duty("close_payments", 5 * SECOND, 5 * MINUTE, lambda: close_due(services), is_final=True),
        Duty(
            "reconcile",
            MINUTE,
            10 * MINUTE,
            in_steps(lambda: reconcile_next(services)),
        ),
        Duty("book_sold_for", 10 * MINUTE, 10 * MINUTE, in_steps(lambda: book_sold_for(services))),
        Duty("expire", 5 * SECOND, MINUTE, in_steps(lambda: expire_due(services)), is_final=True),
        Duty("serve_lines", MINUTE, MINUTE, lambda: serve_due_lines(services)),
        Duty("release", 15 * SECOND, MINUTE, in_steps(lambda: release_due(services))),
        Duty("call_off", 5 * SECOND, 10 * MINUTE, lambda: call_off_due(services)),
        Duty(
            "settle",
            MINUTE,
            10 * MINUTE,
            at_most(
                MOST_SETTLED, "settle", lambda: settle_session(services.database, services.ids, clock.now())
            ),
            is_final=True,
        ),
        *asking_who_comes(services),
        Duty("roll_up", MINUTE, 10 * MINUTE, lambda: roll_up(services)),
        Duty(
            "lapse",
            10 * MINUTE,
            10 * MINUTE,
            at_most(MOST_LAPSES, "lapse", in_steps(lambda: lapse_some(services, clock.now()))),
            is_final=True,
        ),
        *what_ends(services),
        Duty("anchor", 60 * MINUTE, 10 * MINUTE, in_steps(lambda: anchor_days(services)), is_final=True),
        Duty(ERASE, 360 * MINUTE, 60 * MINUTE, erase, is_final=True),
    )


def asking_who_comes(services: BookingServices) -> tuple[Duty, ...]:
    """Whom a rule of an organiser asks whether they come, and the places of whom nothing is heard."""
    ask, give_on = (
        in_steps(lambda: ask_who_stayed_away(services)),
        in_steps(lambda: give_on_unanswered(services)),
    )
    return (
        Duty("ask_to_confirm", 5 * MINUTE, 10 * MINUTE, ask),
        Duty("give_on", MINUTE, 10 * MINUTE, give_on, is_final=True),
    )


def what_ends(services: BookingServices) -> tuple[Duty, ...]:
    """What ends by its last day, what nobody uses, what parents may do until 18, and cards of turns."""
    clock, ids = services.clock, services.ids
    authenticator = Authenticator(services.database, services.cache, clock)
    over = in_steps(lambda: end_what_is_over(services.database, authenticator, clock, ids))
    unused = in_steps(lambda: end_what_is_unused(services.database, authenticator, clock, ids))
    asked = in_steps(lambda: erase_who_asked(services.database, authenticator, clock, ids))
    eighteen = in_steps(lambda: coming_of_age.tell_who_turn_eighteen(services))
    cards = in_steps(lambda: tell_of_ending_cards(services))
    return (
        Duty("end_memberships", 60 * MINUTE, 10 * MINUTE, over, is_final=True),
        Duty("end_unused", 60 * MINUTE, 10 * MINUTE, unused, is_final=True),
        Duty("erase_who_asked", 60 * MINUTE, 10 * MINUTE, asked, is_final=True),
        Duty("tell_eighteen", 60 * MINUTE, 10 * MINUTE, eighteen),
        Duty("tell_ending_cards", 60 * MINUTE, 10 * MINUTE, cards),
    )


async def anchor_days(services: BookingServices) -> int:
    store = AnchorFolder(services.settings.anchors_path)
    anchoring = Anchoring(services.database, store, services.secrets.signing)
    return await anchoring.write_missing(await services.regions.every(), services.clock.now())


async def reconcile_next(services: BookingServices) -> int:
    if services.provider is None:
        return 0
    return await Reconciler(services.database, services.provider, services.clock).reconcile_next()


def in_steps(do: Callable[[], Awaitable[int]]) -> Callable[[], Awaitable[DutyResult]]:
    """For a duty that does a bounded number at a time: as long as it does any, there may be more."""

    async def step() -> DutyResult:
        done = await do()
        return DutyResult(done, more=done > 0)

    return step


def at_most(
    most: int, name: str, do: Callable[[], Awaitable[DutyResult]]
) -> Callable[[], Awaitable[DutyResult]]:
    """For what cannot be undone: after so many it waits for its interval, so that a fault is noticed."""
    done = 0

    async def step() -> DutyResult:
        nonlocal done
        result = await do()
        done = done + result.count if result.more else 0
        if done < most:
            return result
        log.error("duty_reached_its_most", duty=name, most=most)
        REACHED_ITS_MOST.labels(name).inc()
        done = 0
        return DutyResult(result.count, result.oldest_due_at)

    return step


async def show_waiting(services: BookingServices, outbox: Database) -> int:
    """Set the figures of what waits, so that who asks for them asks nothing of the database."""
    await show_outbox(outbox, frozenset(topics(services)))
    await show_open_money(services.database)
    return 0


async def work(settings: Settings, *, with_parent: bool = False) -> int:
    """Work until a signal says stop, or `with_parent` until standard input closes.

    A database that is away is waited for (`wait_until_reached`). Returns the exit code: 1 when a vital task
    died.
    """
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    parent = asyncio.create_task(stop_with_parent(stopping)) if with_parent else None
    try:
        waiting = asyncio.create_task(wait_until_reached(settings.database_url))
        return await work_until(stopping, settings) if await ends_before(waiting, stopping) else 0
    finally:
        if parent:
            parent.cancel()


async def work_until(stopping: asyncio.Event, settings: Settings) -> int:
    """The standby is for strangers, whom a worker does not serve: it is not opened."""
    own = replace(settings, read_database_url="")
    async with AsyncExitStack() as stack:
        services = await stack.enter_async_context(open_services(own, SystemClock()))
        await stack.enter_async_context(answering_probes(own, services))
        await stack.enter_async_context(working(services))
        await first_of(stopping, services.vital_tasks.died)
        return 1 if services.vital_tasks.dead else 0


@asynccontextmanager
async def working(services: BookingServices) -> AsyncIterator[Sequence[DutyRunner]]:
    """The duties, each in a task of its own, and the listener that says when something is to be delivered.

    Without the address of the owner this worker does not erase: another one has it.
    The outbox has connections of its own, which no other duty can keep from it. At the end what is under way
    is finished; what takes too long is broken off.
    """
    vital_tasks, dsn = services.vital_tasks, services.settings.database_url
    outbox = await Database.open(dsn, connections=OUTBOX_CONNECTIONS, name="outbox")
    services.watch.look_after(outbox)
    left = () if await may_erase(services.settings.owner_url) else (ERASE,)
    for name in left:
        log.warning("duty_left_to_another_worker", duty=name, needs="OWNER_DATABASE_URL")
    runners = [
        DutyRunner(duty, services.clock, services.clock_check)
        for duty in duties(services, outbox)
        if duty.name not in left
    ]
    tasks = [asyncio.create_task(runner.run(), name=runner.duty.name) for runner in runners]
    for task in tasks:
        vital_tasks.watch(task)
    (deliver,) = (runner for runner in runners if runner.duty.name == DELIVER)
    vital_tasks.start("listener", listen(dsn, CHANNEL, lambda _: deliver.wake()))
    try:
        yield runners
    finally:
        vital_tasks.let_end()
        for runner in runners:
            runner.stop()
        await asyncio.wait(tasks, timeout=SECONDS_TO_FINISH)
        await vital_tasks.close()
        await outbox.close()


async def first_of(*events: asyncio.Event) -> None:
    waiting = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for each in waiting:
        each.cancel()


async def ends_before(task: asyncio.Task[None], event: asyncio.Event) -> bool:
    """Whether a task ends well before this happens; what it raises is raised. Else it is cancelled."""
    waiting = asyncio.create_task(event.wait())
    await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if not task.done():
        task.cancel()
        return False
    task.result()
    return True


async def stop_with_parent(stopping: asyncio.Event) -> None:
    """Stop the worker when its parent ends, which held the other end of the pipe of standard input open."""
    reader = asyncio.StreamReader()
    try:
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
        )
        await reader.read()
    finally:
        stopping.set()
