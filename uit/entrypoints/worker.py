"""The worker: delivers what waits in the outbox and does what is due. Several may run beside each other."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import structlog
from msgspec import Struct

from credits.ledger.rollup import roll_up
from credits.wallet.lapse import lapse_due
from reservations.booking.expiry import expire_due
from reservations.booking.notifications import TOPICS, notify_holder
from reservations.booking.services import BookingServices, open_services
from reservations.sessions.calling_off import call_off_all
from reservations.settlement.earning import settle_earned
from uit.core.clock import SystemClock
from uit.core.errors import Refusal
from uit.core.settings import Settings
from uit.database.outbox import CHANNEL, Handler, Message, deliver_due
from uit.database.pool import AWAY
from uit.database.retention import erase_due

SECONDS_BETWEEN_LOOKS = 5

log = structlog.get_logger()


class Duty(Struct, frozen=True):
    """Something that is done every so often.

    Doing it twice, or by two workers at once, changes nothing more.
    """

    name: str
    every: timedelta
    do: Callable[[BookingServices], Awaitable[object]]


DUTIES = (
    Duty("expire", timedelta(seconds=5), expire_due),
    Duty("call_off", timedelta(seconds=5), call_off_all),
    Duty("settle", timedelta(minutes=1), lambda services: settle_earned(services, services.clock.now())),
    Duty("roll_up", timedelta(minutes=1), roll_up),
    Duty("lapse", timedelta(minutes=10), lambda services: lapse_due(services, services.clock.now())),
    Duty(
        "erase",
        timedelta(hours=6),
        lambda services: erase_due(services.settings.database_url, services.clock.now()),
    ),
)


def handlers(services: BookingServices) -> dict[str, Handler]:
    """What to do with each topic of the outbox."""

    async def tell(message: Message) -> Refusal | None:
        return await notify_holder(services, message.region_id, message.key, message.topic, message.payload)

    return dict.fromkeys(TOPICS, tell)


async def work(settings: Settings, *, with_parent: bool = False) -> None:
    """Work until a signal says stop, or until the parent's end of standard input closes."""
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with open_services(settings, SystemClock()) as services:
        tasks = [asyncio.create_task(deliver(services)), asyncio.create_task(do_duties(services))]
        if with_parent:
            tasks.append(asyncio.create_task(parent_gone(stopping)))
        await stopping.wait()
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def deliver(services: BookingServices) -> None:
    """Deliver whenever the database says that something waits, and look by ourselves now and then."""
    told = asyncio.Event()
    what = handlers(services)
    listener = asyncio.create_task(listen(services.settings.database_url, told))
    try:
        while True:
            told.clear()
            while await attempt("deliver", deliver_due(services.database, services.clock, what)):
                pass
            with suppress(TimeoutError):
                await asyncio.wait_for(told.wait(), SECONDS_BETWEEN_LOOKS)
    finally:
        listener.cancel()


async def listen(dsn: str, told: asyncio.Event) -> None:
    """Be told of new rows; connect again when the connection is lost."""
    while True:
        with suppress(*AWAY):
            await listen_once(dsn, told)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def listen_once(dsn: str, told: asyncio.Event) -> None:
    connection: asyncpg.Connection[Any] = await asyncpg.connect(dsn)
    gone = asyncio.Event()
    connection.add_termination_listener(lambda *_: gone.set())
    await connection.add_listener(CHANNEL, lambda *_: told.set())
    await gone.wait()


async def do_duties(services: BookingServices) -> None:
    due: dict[str, datetime] = {}
    while True:
        for duty in DUTIES:
            now = services.clock.now()
            if due.get(duty.name, now) <= now:
                await attempt(duty.name, duty.do(services))
                due[duty.name] = now + duty.every
        await asyncio.sleep(1)


async def attempt(name: str, doing: Awaitable[object]) -> object:
    """One failure is logged and leaves the worker standing: the next round tries again."""
    try:
        return await doing
    except AWAY as away:
        log.warning("worker_waits", duty=name, reason=type(away).__name__)
    except Exception:
        log.exception("duty_failed", duty=name)
    return None


async def parent_gone(stopping: asyncio.Event) -> None:
    """Standard input is a pipe that our parent holds open; the end of it is the end of us."""
    await asyncio.to_thread(sys.stdin.buffer.read)
    stopping.set()
