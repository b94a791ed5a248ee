"""What goes wrong while people pay: with the provider, with the database, with processes, and with dates."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Final

import asyncpg

from reservations.sessions import changing
from reservations.sessions.changing import lock_sessions
from tests.reservations.booking.fleet import Fleet
from tests.reservations.dates import author
from tests.reservations.payment.payers import Payers, until_it_answers
from uit.embedded.stripe_peer.control import Control, TroubleKind

REQUESTS: Final[list[tuple[TroubleKind, float]]] = [
    ("delay", 0.5), ("rate_limit", 0), ("server_error", 0), ("server_error_after", 0), ("cut_before", 0),
    ("cut_after", 0),
]  # fmt: skip
CUT: Final = """
SELECT count(pg_terminate_backend(pid)) FROM (
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'uit' ORDER BY md5(pid || $1) LIMIT 3
) AS x"""
LONGEST_STEP: Final = 150


@dataclass
class Trouble:
    fleet: Fleet
    control: Control
    payers: Payers
    dice: Random

    async def happen(self, times: int, pause: float) -> None:
        """So many things go wrong, one after another, while the clock runs ahead."""
        for n in range(times):
            self.fleet.world.clock.move(timedelta(seconds=self.dice.randint(1, LONGEST_STEP)))
            self.dice.choice([self.provider, self.provider, self.webhooks])()
            if n % 4 == 1:
                await self.cut_connections()
            if n == times // 2:
                await self.change_date()
                await self.kill_process()
            await asyncio.sleep(pause)
        await self.change_date()

    def noted(self, what: str) -> None:
        self.payers.happened[what] += 1

    def provider(self) -> None:
        kind, seconds = self.dice.choice(REQUESTS)
        path = self.dice.choice(["/v1/", "/v1/checkout/sessions", "/v1/refunds"])
        self.control.misbehave(kind, path, times=self.dice.randint(1, 3), seconds=seconds)
        self.noted(f"trouble: {kind}")

    def webhooks(self) -> None:
        about: list[Callable[[], None]] = [
            self.control.hold_webhooks,
            self.control.behave,
            self.control.behave,
            lambda: self.control.duplicate_webhooks(4),
            lambda: self.control.forge_webhooks(4),
            lambda: self.control.turn_webhooks_about(3),
        ]
        self.dice.choice(about)()

    async def cut_connections(self) -> None:
        """As when a proxy of the database is started anew."""
        connection = await asyncpg.connect(self.fleet.world.services.settings.database_url)
        await connection.fetchval(CUT, str(self.dice.random()))
        await connection.close()
        self.noted("connections were cut")

    async def kill_process(self) -> None:
        victim = self.dice.choice(self.fleet.apps)
        victim.kill()
        await victim.process.wait()
        self.noted("a process was killed")
        await self.fleet.revive()

    async def change_date(self) -> None:
        """A date is called off, as its organiser does it; the processes end its bookings."""
        world, date = self.fleet.world, self.dice.choice(self.payers.dates)

        async def call_off() -> None:
            async with world.services.database.transaction() as tx:
                locked = await lock_sessions(tx, 1, [date.id])
                await changing.call_off(tx, author(world), locked, {date.id: "De zanger is ziek."})

        await until_it_answers(call_off)
        self.noted("a date was called off")
