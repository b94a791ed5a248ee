"""One of several processes that write at once: run as a program it does what its seed says.

It reads its orders from its first line of input, tells each answer as a line, and ends when its input does.
What it does follows from its orders alone, and so do all ids: a writer that was killed is started again, and
sends once more what had no answer.
"""

import asyncio
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from credits.payments.payment import PaymentStatus
from reservations.booking.actor import Actor, ByClient, ByGuest, ByHolder, ByStaff, MembershipProof
from reservations.booking.answers import Answer
from reservations.booking.commands import (
    AcceptOffer,
    Book,
    CallOff,
    CancellationKey,
    ChangeBooking,
    ChosenTickets,
    Command,
    DeclineOffer,
    Expire,
    GiveUp,
    GuestContact,
    JoinWaitingList,
    LeaveWaitingList,
    Pay,
    PayWith,
    RequestedLine,
    Resize,
    ServeWaitingList,
    StopPayment,
    bound_to,
)
from reservations.booking.turnstile import Turnstile
from reservations.halls.dates import moving
from reservations.measures import measure
from reservations.measures.measure import MeasureScope, NewMeasure
from reservations.sessions import changing
from reservations.sessions.changing import NewTime, lock_sessions
from reservations.waiting_line.entry import WantedPlaces
from uit.core.clock import SetClock
from uit.core.errors import Busy, DatabaseAway, Refusal
from uit.core.ids import TimeOrderedIds
from uit.database.pool import AWAY, CONTENTION, Database
from uit.entrypoints.log import set_up_logs
from uit.services.audit import Author

T = TypeVar("T")
BETWEEN = timedelta(seconds=34)
STAFF = UUID(int=8)
DAY = timedelta(days=1)
PAYMENTS = """
SELECT id, amount_cents FROM credits.payment WHERE region_id = $1 AND booking_id = $2 ORDER BY made_at, id
"""
UNPAID = """
SELECT booking_id FROM credits.payment WHERE region_id = $1 AND booking_id = ANY ($2) AND status = 'pending'
"""
OVERDUE = """
SELECT id FROM reservations.booking WHERE region_id = $1 AND held_until <= $2 ORDER BY held_until, id LIMIT 9
"""
OF_DATE = """
SELECT booking_id, line_no, no FROM reservations.ticket WHERE region_id = $1 AND session_id = $2
ORDER BY booking_id, line_no, no
"""
PRICE = "SELECT sum(price_cents)::integer FROM reservations.line WHERE region_id = $1 AND booking_id = $2"
CALLED_OFF = """
SELECT DISTINCT t.booking_id, t.session_id FROM reservations.ticket AS t
JOIN reservations.session AS s ON s.region_id = t.region_id AND s.id = t.session_id AND s.status = 'cancelled'
WHERE t.region_id = $1 AND t.status IN ('held', 'confirmed') ORDER BY 1, 2
"""


class OrderedDate(Struct, frozen=True):
    session_id: UUID
    event_id: UUID
    organiser_id: UUID
    pool_id: UUID
    tariffs: list[str]
    seats: list[str]


class Orders(Struct, frozen=True):
    """`done`: how many steps were answered before; those are left out."""

    dsn: str
    region_id: int
    seed: int
    steps: int
    began_at: datetime
    membership_id: UUID
    dates: list[OrderedDate]
    done: int = 0


class Told(Struct, frozen=True):
    """That a step was answered: what it was about, and how."""

    step: int
    command: str
    answer: str
    subject_id: UUID | None = None
    key: UUID | None = None
    ended: list[tuple[int, int]] = []


@dataclass
class Writer:
    orders: Orders
    database: Database
    turnstile: Turnstile
    clock: SetClock

    def new_id(self, step: int, name: str = "") -> UUID:
        return uuid5(UUID(int=self.orders.seed), f"{self.orders.region_id}/{step}/{name}")

    async def work(self) -> None:
        for step in range(self.orders.done, self.orders.steps):
            told = await self.do(step)
            sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
            sys.stdout.flush()

    async def do(self, step: int) -> Told:
        """Until there is an answer: connections are cut meanwhile, and a desk may hear that it is busy."""
        while True:
            # No two batches are decided at the very same moment.
            passed = timedelta(microseconds=time.monotonic_ns() // 1000 % 1_000_000)
            self.clock.set(self.orders.began_at + step * BETWEEN + passed)
            try:
                dice = Random(f"{self.orders.seed}/{step}")  # noqa: S311  repeatable, not secret
                command = await self.command(step, dice)
                if command is None:
                    return Told(step, "desk", await self.at_desk(dice))
                answer = await self.turnstile.answer(command)
                if not isinstance(answer, Busy | DatabaseAway):
                    return told_of(step, command, answer)
            except (*AWAY, *CONTENTION):
                pass
            await asyncio.sleep(0.05)

    async def rows(self, statement: str, *args: object) -> list[Any]:
        async with self.database.reading() as connection:
            return list(await connection.fetch(statement, *args))

    # Commands

    async def command(self, step: int, dice: Random) -> Command | None:
        """What is done in a step, mostly to what was made in one before; None: something at a desk."""
        choice = self.verb_of(step)
        match choice:
            case "desk":
                return None
            case "book":
                return self.book(step, dice)
            case "join":
                return self.join(step, dice)
            case "resize":
                date = dice.choice(self.orders.dates)
                return Resize(
                    self.orders.region_id, date.session_id, date.pool_id, dice.choice([5, 8, 12, 16]), STAFF
                )
            case "worker":
                return await self.as_worker(dice)
            case "accept" | "decline" | "leave":
                return await self.of_entry(choice, self.earlier(step, "join", dice), step)
            case "pay":
                return await self.of_booking(choice, await self.unpaid(step), step, dice)
            case _:
                return await self.of_booking(choice, self.earlier(step, "book", dice), step, dice)

    def verb_of(self, step: int) -> str:
        dice = Random(f"{self.orders.seed}/verb/{step}")  # noqa: S311  repeatable, not secret
        return dice.choice(CHOICES)

    def earlier(self, step: int, verb: str, dice: Random) -> int:
        """One of the last steps that did this; whatever came of it."""
        found = [each for each in range(step) if self.verb_of(each) == verb]
        return dice.choice(found[-3:] or [step])

    async def unpaid(self, step: int) -> int:
        """The last step that booked something of which a payment waits; else the last one that booked."""
        booked = [each for each in range(step) if self.verb_of(each) == "book"] or [step]
        ids = {self.new_id(each): each for each in booked}
        waiting = await self.rows(UNPAID, self.orders.region_id, list(ids))
        return max((ids[row["booking_id"]] for row in waiting), default=booked[-1])

    def actor(self, step: int) -> Actor:
        """Each booking has one: a member, a guest or a client."""
        booking_id, organisers = self.new_id(step), frozenset(each.organiser_id for each in self.orders.dates)
        actors: list[Actor] = [
            ByHolder(self.orders.membership_id), ByGuest(str(booking_id)), ByClient("kassa", organisers)
        ]  # fmt: skip
        return actors[step % 3]

    def line(self, dice: Random, by: Actor, organiser_id: UUID | None = None) -> RequestedLine:
        dates = [each for each in self.orders.dates if organiser_id in {None, each.organiser_id}]
        date, places = dice.choice(dates), dice.choice([1, 1, 2, 2, 3])
        proof = None if isinstance(by, ByGuest) else MembershipProof(self.orders.membership_id)
        seats = tuple(dice.sample(date.seats, places)) if date.seats and dice.random() < 1 / 2 else ()
        return RequestedLine(date.session_id, dice.choice(date.tariffs), places, proof, seats=seats)

    def book(self, step: int, dice: Random) -> Book:
        by, booking_id = self.actor(step), self.new_id(step)
        lines = tuple(self.line(dice, by) for _ in range(dice.choice([1, 1, 2])))
        lines = tuple(replace(each, seats=()) for each in lines) if len(lines) > 1 else lines
        return Book(
            self.orders.region_id,
            booking_id,
            bound_to(booking_id, lines),
            by,
            lines,
            "api" if isinstance(by, ByClient) else "page",
            pay_with=PayWith.CARD if isinstance(by, ByGuest) else PayWith.CREDIT_THEN_CARD,
            payment_id=self.new_id(step, "payment"),
            guest=GuestContact("An", "an@example.org") if isinstance(by, ByGuest) else None,
        )

    async def of_booking(self, choice: str, earlier: int, step: int, dice: Random) -> Command | None:
        booking_id, by, region_id = self.new_id(earlier), self.actor(earlier), self.orders.region_id
        if choice == "give_up":
            chosen = dice.choice([(), (ChosenTickets(1),), (ChosenTickets(1, (1,)),)])
            key = CancellationKey(self.new_id(step), bound_to(booking_id, chosen))
            return GiveUp(region_id, booking_id, dice.choice([by, ByStaff(STAFF)]), chosen, key)
        if choice == "change":
            return self.change(booking_id, by, step, dice)
        payments = await self.rows(PAYMENTS, region_id, booking_id)
        if not payments:
            return None
        payment = dice.choice(payments)
        if choice == "stop":
            return StopPayment(region_id, booking_id, payment["id"], PaymentStatus.EXPIRED)
        wallets = (self.orders.membership_id,)
        return Pay(
            region_id, booking_id, payment["id"], payment["amount_cents"], f"pi_{payment['id']}", wallets
        )

    def change(self, booking_id: UUID, by: Actor, step: int, dice: Random) -> ChangeBooking:
        line, change_id = self.line(dice, by), self.new_id(step)
        return ChangeBooking(
            self.orders.region_id,
            booking_id,
            change_id,
            bound_to(change_id, line),
            by,
            (line,),
            pay_with=PayWith.CARD if isinstance(by, ByGuest) else PayWith.CREDIT_THEN_CARD,
            payment_id=self.new_id(step, "payment"),
        )

    # Of who waits

    def join(self, step: int, dice: Random) -> JoinWaitingList:
        by = self.actor(step)
        event_id = dice.choice(self.orders.dates).event_id
        dates = [each for each in self.orders.dates if each.event_id == event_id]
        dates = dice.sample(dates, dice.randint(1, len(dates)))
        guest = (
            GuestContact("Lies", f"{self.new_id(step).hex}@example.org") if isinstance(by, ByGuest) else None
        )
        return JoinWaitingList(
            self.orders.region_id,
            self.new_id(step),
            event_id,
            tuple(each.session_id for each in dates),
            (WantedPlaces("base", dice.choice([1, 2, 2, 3])),),
            None if guest else self.orders.membership_id,
            guest,
            "page",
        )

    async def of_entry(self, choice: str, earlier: int, step: int) -> Command | None:
        entry_id, region_id = self.new_id(earlier), self.orders.region_id
        booking_id = uuid5(entry_id, "offer")
        is_guest = isinstance(self.actor(earlier), ByGuest)
        by = ByGuest(str(booking_id)) if is_guest else ByHolder(self.orders.membership_id)
        if choice == "decline":
            return DeclineOffer(region_id, booking_id, by)
        if choice == "leave":
            return LeaveWaitingList(region_id, entry_id, self.orders.dates[earlier % 4].event_id)
        [row] = await self.rows(PRICE, region_id, booking_id)
        cents = (row[0] or 0) if is_guest else 0
        pay_with = PayWith.CARD if is_guest else PayWith.CREDIT
        wallets = () if is_guest else (self.orders.membership_id,)
        payment_id = self.new_id(step, "payment")
        return AcceptOffer(region_id, booking_id, by, pay_with, payment_id, cents, wallets)

    # What the worker and a desk do

    async def as_worker(self, dice: Random) -> Command | None:
        region_id = self.orders.region_id
        overdue = await self.rows(OVERDUE, region_id, self.clock.now())
        called_off = await self.rows(CALLED_OFF, region_id)
        found: list[Command] = [
            *(Expire(region_id, each["id"]) for each in overdue),
            *(CallOff(region_id, *each) for each in called_off),
        ]
        return dice.choice(
            found or [ServeWaitingList(region_id, each.event_id) for each in self.orders.dates]
        )

    def author(self) -> Author:
        ids = TimeOrderedIds(self.clock)
        return Author(self.orders.region_id, "staff", str(STAFF), self.clock.now(), ids)

    async def at_desk(self, dice: Random) -> str:
        """A date is called off, goes on or moves; a measure is taken; somebody sits elsewhere."""
        date, author = dice.choice(self.orders.dates), self.author()
        region_id, session_id = self.orders.region_id, date.session_id
        async with self.database.transaction() as tx:
            if date.seats and dice.random() < 2 / 3:
                rows = await tx.fetch(OF_DATE, region_id, session_id)
                key = "{}.{}.{}".format(*dice.choice(rows)) if rows else ""
                refusal = await moving.move(tx, author, session_id, key, dice.choice(date.seats))
                return refusal.code if refusal else "sits elsewhere"
            if dice.random() < 1 / 3:
                new = NewMeasure(
                    UUID(int=dice.getrandbits(128)), MeasureScope("region", ""), dice.choice([0, 3]), None,
                    author.now.date(), author.now.date() + 60 * DAY, "De trap wordt hersteld.",
                )  # fmt: skip
                await measure.take(tx, author, new)
                await measure.end(tx, author, new.id, None)
                return "measure"
            [locked] = await lock_sessions(tx, region_id, [session_id])
            if locked.status == "cancelled":
                await changing.restore(tx, author, [locked])
            elif dice.random() < 1 / 4:
                await changing.call_off(tx, author, [locked], {session_id: None})
            else:
                time = NewTime(session_id, locked.starts_at + DAY, locked.ends_at + DAY)
                await changing.move(tx, author, [locked], [time])
            return "date"


CHOICES = [
    *["book"] * 7, *["give_up"] * 4, *["change"] * 4, *["pay"] * 4, "stop", *["join"] * 3, *["accept"] * 3,
    "decline", "leave", "resize", *["worker"] * 4, *["desk"] * 2,
]  # fmt: skip


def told_of(step: int, command: Command, answer: Answer) -> Told:
    name = answer.code if isinstance(answer, Refusal) else type(answer).__name__
    key = getattr(command, "change_id", None) or getattr(command, "payment_id", None)
    ended = [each.key for each in getattr(answer, "tickets", ()) if hasattr(each, "end")]
    subject = getattr(command, "booking_id", None) or getattr(command, "entry_id", None)
    return Told(step, type(command).__name__, name, subject, key, ended)


async def write(orders: Orders) -> None:
    clock = SetClock(orders.began_at)
    database = await Database.open(orders.dsn, connections=3)
    turnstile = Turnstile(database, clock, TimeOrderedIds(clock))
    running = asyncio.create_task(turnstile.run())
    await Writer(orders, database, turnstile, clock).work()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await database.close()


async def follow_orders() -> None:
    """Work, but no longer than somebody listens."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    orders = msgspec.json.decode(await reader.readline(), type=Orders)
    tasks = [asyncio.create_task(each) for each in (write(orders), reader.read())]
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for each in tasks:
        each.cancel()
    for each in done:
        each.result()


if __name__ == "__main__":
    set_up_logs()
    asyncio.run(follow_orders())
