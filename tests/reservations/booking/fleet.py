"""Several app processes over one database, as an installation runs them, and what has to hold afterwards.

Run as a program it is one such process: it opens on PORT, says so, and ends when its standard input closes.
So an app never outlives the test that started it, however that ends.
"""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from uuid import UUID

import httpx
import msgspec
import uvloop

from credits.check import check_ledger
from reservations.check import check_bookings
from tests.builders import Resident, Session, World
from tests.conftest import free_port
from uit.core.settings import read_settings
from uit.entrypoints.log import set_up_logs
from uit.entrypoints.serve import serving

ROOT = Path(__file__).parents[3]
SECONDS_TO_OPEN, SECONDS_TO_END = 60, 30
SECONDS_TO_ANSWER = 60
CONNECTIONS = 256

# What the checks of a living system leave out, because it takes a fault to bring it about.
INVARIANTS = {
    "a pool is oversold": "SELECT id FROM reservations.pool WHERE taken + held > capacity",
    "the directory names a booking that is not there": """
        SELECT key FROM uit.directory AS d WHERE kind = 'booking' AND NOT EXISTS (
            SELECT FROM reservations.booking AS b WHERE b.region_id = d.region_id AND b.id = d.key)""",
    "a booking is not in the directory": """
        SELECT id FROM reservations.booking AS b WHERE NOT EXISTS (
            SELECT FROM uit.directory AS d WHERE d.kind = 'booking' AND d.key = b.id)""",
    "a booking is not told of once": """
        SELECT b.id FROM reservations.booking AS b
        LEFT JOIN uit.outbox AS o ON o.key = b.id AND o.topic = 'booking.made'
        GROUP BY b.id HAVING count(o.key) <> 1""",
}


class Wire:
    """Connections to an app that stay open, and the HTTP that it takes: a full client is slower."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def send(self, request: bytes) -> httpx.Response:
        """The answer; ConnectionError or EOFError when there is none."""
        reader, writer = self.still_open() or await self.connect()
        try:
            async with asyncio.timeout(SECONDS_TO_ANSWER):
                writer.write(request)
                status, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                headers = dict(line.split(": ", 1) for line in lines if line)
                content = await reader.readexactly(int(headers["content-length"]))
        except BaseException:
            writer.close()
            raise
        self.free.append((reader, writer))
        return httpx.Response(int(status.split()[1]), headers=headers, content=content)

    def still_open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """One that nobody uses and that the app did not close meanwhile, as it does after half a minute."""
        while self.free:
            reader, writer = self.free.pop()
            if not reader.at_eof():
                return reader, writer
            writer.close()
        return None

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)

    def close(self) -> None:
        while self.free:
            self.free.pop()[1].close()


@dataclass
class App:
    """A running app process."""

    process: Process
    wire: Wire

    def kill(self) -> None:
        """As the system does when memory is short: nothing is finished."""
        self.process.kill()


PROGRAM = "tests.reservations.booking.fleet"


async def start_app(
    settings: dict[str, str], program: str = PROGRAM, wire: Wire | None = None, tree: Path = ROOT
) -> App:
    """A process that runs `program` of a tree, at the address of another that is gone, or at a new one."""
    wire = wire or Wire(free_port())
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", program),
        cwd=tree,
        env={**os.environ, **settings, "PORT": str(wire.port)},
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
    )
    assert process.stdout
    async with asyncio.timeout(SECONDS_TO_OPEN):
        assert await process.stdout.readline() == b"open\n"
    return App(process, wire)


async def end(app: App) -> None:
    assert app.process.stdin
    app.wire.close()
    app.process.stdin.close()
    try:
        async with asyncio.timeout(SECONDS_TO_END):
            await app.process.wait()
    except TimeoutError:
        app.process.kill()
        await app.process.wait()


@dataclass
class Fleet:
    """App processes, and a client of one organiser. `acknowledged` are bookings that it was told are made."""

    world: World
    apps: list[App]
    settings: dict[str, str]
    program: str = PROGRAM
    headers: dict[str, str] = field(default_factory=dict)
    acknowledged: set[UUID] = field(default_factory=set)

    async def revive(self) -> None:
        """Start an app in the place of each that is gone, at the same address."""
        for at, app in enumerate(self.apps):
            if app.process.returncode is not None:
                await end(app)
                self.apps[at] = await start_app(self.settings, self.program, app.wire)

    async def admit(self, *organisers: UUID) -> None:
        """From now on the fleet is asked by a client of these organisers."""
        self.headers = await self.world.api_client(*organisers)

    async def ask(
        self, app: App, booking_id: UUID, who: Resident, session: Session, places: int = 1
    ) -> httpx.Response:
        answer = await app.wire.send(self.request(booking_id, who, session, places))
        if answer.status_code in {httpx.codes.OK, httpx.codes.CREATED}:
            self.acknowledged.add(booking_id)
        return answer

    async def cancel(self, app: App, booking_id: UUID) -> httpx.Response:
        return await app.wire.send(self.written("DELETE", booking_id, b""))

    def request(self, booking_id: UUID, who: Resident, session: Session, places: int = 1) -> bytes:
        """A booking as it goes over the wire."""
        lines = [{"session_id": session.id, "tariff": "base", "places": places}]
        return self.written("PUT", booking_id, msgspec.json.encode({"lines": lines, "pass_token": who.token}))

    def written(self, method: str, booking_id: UUID, body: bytes) -> bytes:
        return self.written_to(method, f"/api/v1/bookings/{booking_id}", body)

    def written_to(self, method: str, address: str, body: bytes) -> bytes:
        own = {"Host": "uit", "Content-Type": "application/json", "Content-Length": len(body)}
        lines = [f"{name}: {value}" for name, value in {**self.headers, **own}.items()]
        return "\r\n".join([f"{method} {address} HTTP/1.1", *lines, "", ""]).encode() + body

    async def ask_all(
        self,
        wanted: Sequence[tuple[UUID, Resident]],
        session: Session,
        at_once: int = CONNECTIONS,
        after: Callable[[], object] | None = None,
    ) -> list[int]:
        """Ask for everybody, spread over the apps; answers the statuses, 0 where nothing came back.

        `after` is called when a fifth was answered: in the middle of the load.
        """
        statuses: list[int] = []

        turns = asyncio.Semaphore(at_once)

        async def one(app: App, booking_id: UUID, who: Resident) -> None:
            try:
                async with turns:
                    statuses.append((await self.ask(app, booking_id, who, session)).status_code)
            except (ConnectionError, EOFError):
                statuses.append(0)
            if after and len(statuses) == len(wanted) // 5:
                after()

        async with asyncio.TaskGroup() as asking:
            for (booking_id, who), app in zip(wanted, cycle(self.apps), strict=False):
                asking.create_task(one(app, booking_id, who))
        return statuses

    async def broken(self) -> list[str]:
        """Which invariant does not hold, and for what; empty when all is right."""
        faults = [
            f"{promise}: {row[0]}"
            for promise, query in INVARIANTS.items()
            for row in await self.world.rows(query)
        ]
        lost = self.acknowledged - {
            row[0] for row in await self.world.rows("SELECT id FROM reservations.booking")
        }
        faults += [f"a booking that was confirmed is gone: {booking_id}" for booking_id in lost]
        async with self.world.services.database.reading() as connection:
            faults += await check_bookings(connection)
            return faults + [str(fault) for fault in await check_ledger(connection)]


@asynccontextmanager
async def open_fleet(world: World, count: int, program: str = PROGRAM, **more: str) -> AsyncIterator[Fleet]:
    """So many apps beside the world's own, on the same stores and with the same keys.

    `more` are settings of theirs.
    """
    own = world.services.settings
    given = {
        "DATABASE_URL": own.database_url, "REDIS_URL": own.redis_url, "SECRETS_FILE": str(own.secrets_path),
        "UIT_HOME": own.home, "EXAMPLE": "0", "BASE_URL": "", **more,
    }  # fmt: skip
    apps = await asyncio.gather(*(start_app(given, program) for _ in range(count)))
    fleet = Fleet(world, list(apps), given, program)
    try:
        yield fleet
    finally:
        await asyncio.gather(*map(end, fleet.apps))


async def serve() -> None:
    """One app process."""
    set_up_logs()
    async with serving(read_settings()):
        sys.stdout.write("open\n")
        sys.stdout.flush()
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
        )
        await reader.read()


if __name__ == "__main__":
    uvloop.run(serve())
