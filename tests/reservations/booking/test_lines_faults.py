"""An app is killed and connections are cut while places go to who waits: the line keeps its order."""

from asyncio import gather, sleep
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import cycle
from uuid import UUID, uuid4

import asyncpg
import pytest

from reservations.booking.waiting_rows import known_again
from reservations.waiting.due import serve_due_lines
from reservations.waiting_line.rule import go_through
from tests.builders import Session, World
from tests.copies import copied
from tests.reservations.booking.fleet import App, Fleet, open_fleet
from tests.reservations.dates import faults
from tests.reservations.waiting.lines import join, rule
from uit.core.clock import SetClock, SystemClock
from uit.embedded.stores import Addresses

SEATS, WAITING = 24, 16
CANCELLED, SOLD_OUT, AWAY, NOTHING = 200, 409, 503, 0
CUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
"""


@pytest.fixture
async def fleet(
    template_dsn: str, addresses: Addresses, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Fleet]:
    clock = SetClock(SystemClock().now())
    async with (
        copied(template_dsn) as dsn,
        World.open(dsn, addresses.redis_url, "", clock, tmp_path_factory.mktemp("lines")) as world,
        open_fleet(world, 3) as made,
    ):
        yield made


async def full(fleet: Fleet, name: str) -> tuple[Session, list[UUID], list[UUID]]:
    """A date with every place booked by the fleet, and a line of who wants one, two or three of them."""
    world = fleet.world
    session = await world.session(seats=SEATS, price_cents=0)
    await rule(world, session, name)
    await fleet.admit(session.organiser_id)
    booked = [(uuid4(), await world.resident()) for _ in range(SEATS)]
    assert set(await fleet.ask_all(booked, session)) == {201}
    line = [await join(world, await world.resident(), session, places=1 + n % 3) for n in range(WAITING)]
    return session, [booking_id for booking_id, _ in booked], line


async def cancel_each(
    fleet: Fleet, bookings: list[UUID], session: Session, breaks: Callable[[], Awaitable[None]]
) -> tuple[set[int], set[int]]:
    """Cancel them, spread over the apps, while newcomers ask; what breaks, breaks in the middle."""
    done = list[int]()

    async def cancel(app: App, booking_id: UUID) -> None:
        try:
            done.append((await fleet.cancel(app, booking_id)).status_code)
        except (ConnectionError, EOFError):
            done.append(NOTHING)
        if len(done) == len(bookings) // 4:
            await breaks()

    newcomers = [(uuid4(), await fleet.world.resident()) for _ in range(SEATS)]
    turns = zip(cycle(fleet.apps), bookings, strict=False)
    _, asked = await gather(gather(*(cancel(*each) for each in turns)), fleet.ask_all(newcomers, session))
    return set(done), set(asked)


async def cut_connections(world: World) -> None:
    """All of them, in the database."""
    connection = await asyncpg.connect(world.services.settings.database_url)
    try:
        await connection.execute(CUT)
    finally:
        await connection.close()


@pytest.mark.parametrize("name", ["pass_on", "keep"])
async def test_a_killed_app_and_cut_connections_leave_the_line_in_order(fleet: Fleet, name: str) -> None:
    world = fleet.world
    session, bookings, line = await full(fleet, name)

    async def kill() -> None:
        fleet.apps[0].kill()

    first, asked = await cancel_each(fleet, bookings[: SEATS // 2], session, kill)
    await fleet.revive()
    rest = bookings[SEATS // 2 :]
    again, asked_again = await cancel_each(fleet, rest, session, lambda: cut_connections(world))
    while not await world.services.watch.look():  # noqa: ASYNC110 - as a balancer asks
        await sleep(0.1)
    last, _ = await cancel_each(fleet, bookings, session, nothing)
    await serve_due_lines(world.services)

    assert first | again <= {CANCELLED, NOTHING, AWAY}
    assert last == {CANCELLED}
    assert name == "pass_on" or asked | asked_again <= {SOLD_OUT, NOTHING, AWAY}
    await check_line(fleet, session, line, keeps=name == "keep")


async def nothing() -> None:
    pass


async def check_line(fleet: Fleet, session: Session, line: list[UUID], *, keeps: bool) -> None:
    """Each once, in order, and every place of the date with somebody, as the rule has it."""
    world = fleet.world
    rows = await world.rows(
        "SELECT w.id, w.state, w.lines -> 0 ->> 'places' AS places, count(t.*) AS held"
        " FROM reservations.waiting_entry AS w LEFT JOIN reservations.ticket AS t"
        " ON t.booking_id = w.booking_id AND t.status = 'held' GROUP BY w.id, w.joined_at, w.state, w.lines"
        " ORDER BY w.joined_at, w.id"
    )
    offered = [row for row in rows if row["state"] == "offered"]
    assert [row["id"] for row in rows] == line
    assert [row["held"] for row in offered] == [int(row["places"]) for row in offered]
    assert sum(row["held"] for row in rows if row["state"] != "offered") == 0
    left = await world.places_left(session)
    wanted = [int(row["places"]) for row in rows if row["state"] == "waiting"]
    assert left == 0 if keeps else left < min(wanted, default=SEATS)
    assert not keeps or offered == rows[: len(offered)]
    stored = await world.rows("SELECT known::text, outcomes::text FROM reservations.waiting_pass")
    passes = [known_again(*row) for row in stored]
    assert [1 for known, outcomes in passes if go_through(known) != outcomes] == []
    assert await faults(world) == []
