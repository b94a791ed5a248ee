"""Processes that take payments: each answers requests and does the duties of a worker, on one shared clock.

Run as a program it is one such process: it opens on PORT, says so, and ends when its standard input closes.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from mmap import mmap
from pathlib import Path
from typing import Final

import uvloop
from msgspec.structs import replace

from reservations.booking.services import BookingServices, open_services
from tests.builders import World
from tests.reservations.booking.fleet import Fleet, open_fleet
from uit.core.clock import SetClock, SystemClock
from uit.core.settings import read_settings
from uit.database.listener import listen
from uit.database.outbox import CHANNEL
from uit.database.pool import Database
from uit.embedded.stripe_peer.peer import StripePeer
from uit.entrypoints.log import set_up_logs
from uit.entrypoints.serve import serving
from uit.entrypoints.worker import DELIVER, duties
from uit.services.duty import DutyRunner

PROGRAM: Final = "tests.reservations.payment.fleet"
OFTEN: Final = timedelta(seconds=0.3)
# What has to do with payments; the rest would only take time from it.
DUTIES: Final = {"deliver", "open_payments", "handle_events", "close_payments", "expire", "call_off"}
BYTES: Final = 8


class SharedClock(SetClock):
    """Runs as the machine's does, so many seconds ahead: those stand in a file that processes share."""

    def __init__(self, path: Path) -> None:
        super().__init__(SystemClock().now())
        if not path.exists():
            path.write_bytes(bytes(BYTES))
        with path.open("r+b") as file:
            self._ahead = mmap(file.fileno(), BYTES)

    def now(self) -> datetime:
        return SystemClock().now() + timedelta(seconds=int.from_bytes(self._ahead[:]))

    def move(self, by: timedelta) -> None:
        ahead = int.from_bytes(self._ahead[:]) + int(by.total_seconds())
        self._ahead[:] = ahead.to_bytes(BYTES)


@asynccontextmanager
async def open_paying_fleet(
    world: World, peer: StripePeer, clock_path: Path, count: int
) -> AsyncIterator[Fleet]:
    """So many processes that are paid by this peer, which reports to all of them."""
    settings = {
        "STRIPE_SECRET_KEY": peer.secret_key,
        "STRIPE_WEBHOOK_SECRET": peer.webhook_secret,
        "STRIPE_API_BASE": peer.url,
        "SMTP_URL": world.services.settings.smtp_url,
        "CLOCK_FILE": str(clock_path),
    }
    async with open_fleet(world, count, PROGRAM, **settings) as fleet:
        urls = [f"http://127.0.0.1:{app.wire.port}/stripe/webhook" for app in fleet.apps]
        peer.control.send_webhooks_to(*urls)
        yield fleet


@asynccontextmanager
async def working(services: BookingServices) -> AsyncIterator[None]:
    """The duties of a worker, other than hers so often that nobody waits for them."""
    outbox = await Database.open(services.settings.database_url, connections=2)
    wanted = [each for each in duties(services, outbox) if each.name in DUTIES]
    runners = [DutyRunner(replace(each, every=OFTEN), services.clock) for each in wanted]
    (deliver,) = (each for each in runners if each.duty.name == DELIVER)
    tasks = [asyncio.create_task(each.run()) for each in runners]
    tasks.append(
        asyncio.create_task(listen(services.settings.database_url, CHANNEL, lambda _: deliver.wake()))
    )
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await outbox.close()


async def serve() -> None:
    """One process."""
    set_up_logs()
    settings, clock = read_settings(), SharedClock(Path(os.environ["CLOCK_FILE"]))
    async with (
        serving(settings, clock),
        open_services(settings, clock) as services,
        working(services),
    ):
        sys.stdout.write("open\n")
        sys.stdout.flush()
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
        )
        await reader.read()


if __name__ == "__main__":
    uvloop.run(serve())
