"""The primary is killed under load and the standby takes over: nothing that was confirmed is lost."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx

from tests.builders import Resident, Session, World
from tests.failover.pair import Pair, until
from tests.reservations.booking.fleet import Fleet, open_fleet
from tests.town import ROOT, command, environment
from uit.core.clock import SystemClock

SEATS, AT_ONCE = 120, 16
MOST_AWAY = timedelta(seconds=10)
BOOKED, STORED, AWAY = httpx.codes.CREATED, httpx.codes.OK, httpx.codes.SERVICE_UNAVAILABLE
TOLD = "SELECT count(*) > 0 FROM uit.outbox WHERE delivered_at > '{0}'"
LISTENING = "SELECT count(*) FROM pg_stat_activity WHERE query ILIKE 'listen%'"


@asynccontextmanager
async def open_worker(fleet: Fleet) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "uit", "worker", "--with-parent"),
        cwd=ROOT,
        env=environment(Path(fleet.settings["UIT_HOME"]), **fleet.settings),
        stdin=PIPE,
        stdout=DEVNULL,
        stderr=DEVNULL,
    )
    try:
        yield process
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()


async def test_a_standby_takes_over_from_a_primary_that_is_killed_under_load(
    world: World, pair: Pair, tmp_path: Path
) -> None:
    session = await world.session(seats=SEATS + 1, price_cents=100)
    people = [await world.resident(credit_cents=SEATS * 10 + 100) for _ in range(10)]
    wanted = [(uuid4(), people[n % 10]) for n in range(SEATS)]
    killed = asyncio.Event()

    def kill() -> None:
        pair.kill_primary()
        killed.set()

    async def take_over(fleet: Fleet) -> timedelta:
        await killed.wait()
        await pair.promote()
        return await booked_at(fleet, people[0], session) - pair.promoted_at

    async with (
        open_fleet(world, 2, SMTP_URL=world.services.settings.smtp_url) as fleet,
        open_worker(fleet) as worker,
    ):
        await fleet.admit(session.organiser_id)
        statuses, away = await asyncio.gather(
            fleet.ask_all(wanted, session, AT_ONCE, after=kill), take_over(fleet)
        )
        assert set(statuses) <= {BOOKED, STORED, AWAY}
        assert away < MOST_AWAY
        assert await fleet.broken() == []

        again = await fleet.ask_all(wanted, session)

        assert set(again) <= {BOOKED, STORED}
        assert await world.places_left(session) == 0
        assert await fleet.broken() == []
        await until(pair.standby.url, TOLD.format(pair.promoted_at))
        await until(pair.standby.url, f"SELECT ({LISTENING}) >= {len(fleet.apps) + len(['world', 'worker'])}")
        assert [each.returncode for each in (*(app.process for app in fleet.apps), worker)] == [None] * 3
        own = world.services.settings
        checked = await asyncio.to_thread(
            command, tmp_path, "check-ledger", DATABASE_URL=own.database_url, REDIS_URL=own.redis_url
        )
    assert checked.stdout == "The ledger is right to the cent.\n"


async def booked_at(fleet: Fleet, who: Resident, session: Session) -> datetime:
    """When somebody who asks again and again has a booking."""
    booking_id = uuid4()
    while True:
        answer = await fleet.ask(fleet.apps[0], booking_id, who, session)
        if answer.status_code in {BOOKED, STORED}:
            return SystemClock().now()
        await asyncio.sleep(0.1)
