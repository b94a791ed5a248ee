"""Eight processes do everything at once, while connections are cut and processes are killed.

Afterwards the database alone says that all is right, and that every answer that was given is true.
"""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import UUID

import asyncpg
import msgspec
import pytest
from msgspec.structs import replace

from reservations.booking.waiting_rows import known_again
from reservations.waiting_line.rule import go_through
from tests.builders import World
from tests.reservations.all_verbs.town import Date, Town
from tests.reservations.all_verbs.writer import OrderedDate, Orders, Told
from tests.reservations.dates import faults

ROOT = Path(__file__).parents[3]
PROGRAM = "tests.reservations.all_verbs.writer"
WRITERS, CREDIT_CENTS = 8, 20_000
STEPS, CUTS = int(os.environ.get("STEPS", "30")), 8
BETWEEN_CUTS = 0.5
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
LIVE = "status IN ('held', 'confirmed', 'attended', 'no_show')"
CUT = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = 'uit' AND usename = 'uit_app'"
)
NEVER = {
    "a seat has two": f"""
        SELECT session_id, seat FROM reservations.ticket WHERE seat IS NOT NULL AND {LIVE}
        GROUP BY 1, 2 HAVING count(*) > 1""",
    "somebody has no seat": f"""
        SELECT t.booking_id, t.no FROM reservations.ticket AS t
        JOIN reservations.seated_session AS s ON s.session_id = t.session_id
        JOIN reservations.booking AS b ON b.id = t.booking_id AND b.actor_kind <> 'worker'
        WHERE t.seat IS NULL AND t.{LIVE}""",
    "a pool is oversold": """
        SELECT id FROM reservations.pool WHERE kind <> 'allotment' AND taken + held > capacity""",
    "an offer holds nothing": """
        SELECT w.id FROM reservations.waiting_entry AS w WHERE w.state = 'offered' AND w.booking_id NOT IN (
            SELECT t.booking_id FROM reservations.ticket AS t WHERE t.status = 'held')""",
    "what is kept holds nothing": """
        SELECT w.id FROM reservations.waiting_entry AS w
        WHERE w.state = 'waiting' AND w.kept_booking_id NOT IN (
            SELECT t.booking_id FROM reservations.ticket AS t WHERE t.status = 'held')""",
    "nobody waits for what is kept": """
        SELECT b.id FROM reservations.booking AS b
        LEFT JOIN reservations.waiting_entry AS w ON w.kept_booking_id = b.id AND w.state = 'waiting'
        JOIN reservations.line AS l ON l.booking_id = b.id
        JOIN reservations.session AS s ON s.id = l.session_id AND s.status <> 'cancelled'
        WHERE b.actor_kind = 'worker' AND b.held_until IS NOT NULL AND w.id IS NULL""",
    "a change waits for nothing": """
        SELECT c.id FROM reservations.change AS c JOIN reservations.booking AS b ON b.id = c.booking_id
        WHERE c.state = 'pending' AND b.held_until IS NULL""",
    "more went back than came in": """
        SELECT p.id FROM credits.payment AS p JOIN credits.refund AS r ON r.payment_id = p.id
        GROUP BY p.id, p.amount_cents HAVING sum(r.amount_cents) > p.amount_cents""",
    "a booking is not in the directory": """
        SELECT b.id FROM reservations.booking AS b
        LEFT JOIN uit.directory AS d ON d.kind = 'booking' AND d.key = b.id WHERE d.key IS NULL""",
}
# What makes an answer true, by the command and what was answered: $1 is what it was about, $2 its other id.
TRUE = {
    ("Book", "Booked"): "SELECT $2::uuid IS NOT NULL FROM reservations.booking WHERE id = $1",
    ("ChangeBooking", "Changed"): "SELECT true FROM reservations.change WHERE booking_id = $1 AND id = $2",
    ("Pay", "Paid"): "SELECT paid_at IS NOT NULL FROM credits.payment WHERE booking_id = $1 AND id = $2",
    (
        "JoinWaitingList",
        "InWaitingList",
    ): "SELECT $2::uuid IS NULL FROM reservations.waiting_entry WHERE id = $1",
    ("AcceptOffer", "Accepted"): """
        SELECT state = 'accepted' AND $2::uuid IS NOT NULL FROM reservations.waiting_entry
        WHERE booking_id = $1""",
}
STAYS_ENDED = {"GiveUp", "CallOff", "DeclineOffer"}
WHAT_HAPPENS = {
    ("Book", "Booked"), ("ChangeBooking", "Changed"), ("GiveUp", "Ended"), ("Pay", "Paid"),
    ("JoinWaitingList", "InWaitingList"), ("desk", "date"),
}  # fmt: skip


@dataclass
class Crew:
    """The processes that write, by their numbers, and what each was answered."""

    running: dict[int, Process] = field(default_factory=dict)
    told: dict[int, list[Told]] = field(default_factory=dict)

    async def work(self, no: int, orders: Orders) -> None:
        """Until all of it was answered; a process that is killed is followed by another."""
        told = self.told.setdefault(no, [])
        while True:
            async with started(replace(orders, done=len(told))) as process:
                self.running[no] = process
                assert process.stdout
                async for line in process.stdout:
                    told.append(msgspec.json.decode(line, type=Told))
                code = await process.wait()
                del self.running[no]
            if code == 0:
                return
            assert code == -signal.SIGKILL

    async def trouble(self, world: World) -> None:
        """Connections are cut again and again, and now and then a process is killed as well."""
        dice = Random(8)  # noqa: S311  repeatable, not secret
        for cut in range(CUTS):
            await asyncio.sleep(BETWEEN_CUTS)
            await world.value(CUT)
            at_work = [no for no in self.running if self.told[no]]
            if at_work and cut % 3 == 0:
                self.running[dice.choice(at_work)].kill()

    @property
    def answers(self) -> Iterable[Told]:
        return (each for told in self.told.values() for each in told)


@asynccontextmanager
async def started(orders: Orders) -> AsyncIterator[Process]:
    """A process at work. It ends when nobody listens any more."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", PROGRAM, cwd=ROOT, stdin=PIPE, stdout=PIPE
    )
    assert process.stdin
    process.stdin.write(msgspec.json.encode(orders) + b"\n")
    try:
        yield process
    finally:
        process.stdin.close()
        await process.wait()


def ordered(date: Date) -> OrderedDate:
    session = date.session
    ids = session.id, session.event_id, session.organiser_id, session.pool_id
    return OrderedDate(*ids, list(date.tariffs), list(date.seats))


@pytest.fixture
async def town(world: World, dsn: str) -> Town:
    """With room for more than a few, but for the seats."""
    owner = await asyncpg.connect(dsn, server_settings={"session_replication_role": "replica"})
    made = await Town.found(world, owner)
    await owner.close()
    await world.execute(
        "UPDATE reservations.pool SET licensed_capacity = 40, capacity = 2 * capacity"
        " WHERE kind <> 'allotment' AND id <> $1",
        next(each.session.pool_id for each in made.dates if each.seats),
    )
    return made


async def test_whatever_eight_do_at_once_every_answer_is_true_and_all_adds_up(
    world: World, town: Town
) -> None:
    crew, dates, deadlocks = Crew(), [ordered(each) for each in town.dates], await world.value(DEADLOCKS)
    people = [await world.resident(credit_cents=CREDIT_CENTS) for _ in range(WRITERS)]
    orders = [
        Orders(world.services.settings.database_url, 1, no, STEPS, town.began_at, who.membership_id, dates)
        for no, who in enumerate(people, start=1)
    ]

    async with asyncio.TaskGroup() as at_once:
        at_once.create_task(crew.trouble(world))
        for each in orders:
            at_once.create_task(crew.work(each.seed, each))

    assert {tuple(each.step for each in told) for told in crew.told.values()} == {tuple(range(STEPS))}
    assert [(what, *row) for what, query in NEVER.items() for row in await world.rows(query)] == []
    assert [each for each in crew.answers if not await is_true(world, each)] == []
    assert await misled(world) == []
    assert await faults(world) == []
    happened = Counter((each.command, each.answer) for each in crew.answers)
    assert {each for each in WHAT_HAPPENS if not happened[each]} == set()
    assert await world.value(DEADLOCKS) == deadlocks


async def is_true(world: World, told: Told) -> bool:
    """Whether what was answered is so."""
    query = TRUE.get((told.command, told.answer))
    if query:
        return bool(await world.value(query, told.subject_id, told.key))
    if told.command not in STAYS_ENDED:
        return True
    rows = await world.rows(
        "SELECT line_no, no FROM reservations.ticket WHERE booking_id = $1 AND ending IS NOT NULL",
        told.subject_id,
    )
    return {*told.ended} <= {(row["line_no"], row["no"]) for row in rows}


async def misled(world: World) -> list[UUID]:
    """The times that a line was gone through of which the log says something else than the rule."""
    found = await world.rows("SELECT id, known::text, outcomes::text FROM reservations.waiting_pass")
    assert found
    passes = [(row["id"], *known_again(row["known"], row["outcomes"])) for row in found]
    return [key for key, known, outcomes in passes if go_through(known) != outcomes]
