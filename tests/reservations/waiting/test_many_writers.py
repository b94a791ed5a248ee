"""Eight processes write at one waiting list, and none of them ever waits for another that waits for it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from uuid import UUID, uuid4, uuid5

from reservations.booking.actor import ByGuest, ByStaff
from reservations.booking.answers import Booked, InWaitingList
from reservations.booking.commands import (
    Book,
    ChangeBooking,
    Command,
    DeclineOffer,
    GiveUp,
    GuestContact,
    JoinWaitingList,
    LeaveWaitingList,
    RequestedLine,
    ServeWaitingList,
    bound_to,
)
from reservations.booking.turnstile import Turnstile
from reservations.waiting_line.entry import WantedPlaces
from tests.builders import Session, World
from tests.reservations.all_verbs.town import of_one_activity, share
from tests.reservations.dates import faults
from uit.core.errors import Refusal
from uit.core.ids import TimeOrderedIds
from uit.database.pool import Database

WRITERS, SECONDS, PLACES = 8, 4, 6
SECONDS_TO_COUNT = 0.5
"""A connection adds what it met to the figures of the server when it ends."""
HAPPENS = "Booked", "Ended", "InWaitingList", "LeftWaitingList", "ServedWaitingList", "reservations.sold_out"
STAFF = UUID(int=8)
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


@dataclass
class Writer:
    """One process: it books, gives up, changes, waits, leaves and declines, as its dice say."""

    no: int
    sessions: list[Session]
    turnstile: Turnstile
    bookings: list[UUID] = field(default_factory=list)
    entries: list[tuple[UUID, UUID]] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)

    async def work(self) -> None:
        dice, until = Random(self.no), asyncio.get_running_loop().time() + SECONDS  # noqa: S311  repeatable
        while asyncio.get_running_loop().time() < until:
            commands = [self.command(dice) for _ in range(3)]
            for command, answer in zip(commands, await self.turnstile.answer_each(commands), strict=True):
                self.note(command, answer)

    def note(self, command: Command, answer: object) -> None:
        assert not isinstance(answer, BaseException), answer
        self.answers[answer.code if isinstance(answer, Refusal) else type(answer).__name__] += 1
        if isinstance(answer, Booked):
            self.bookings.append(answer.booking.id)
        elif isinstance(answer, InWaitingList) and isinstance(command, JoinWaitingList):
            self.entries.append((command.entry_id, command.event_id))

    def command(self, dice: Random) -> Command:
        verbs = [self.book, self.book, self.join, self.join, self.serve]
        if self.bookings:
            verbs += [self.give_up, self.give_up, self.change]
        if self.entries:
            verbs += [self.leave, self.decline]
        return dice.choice(verbs)(dice)

    def line(self, dice: Random) -> RequestedLine:
        return RequestedLine(dice.choice(self.sessions).id, "base", dice.choice([1, 2]), None)

    def book(self, dice: Random) -> Command:
        booking_id, lines = uuid4(), tuple(self.line(dice) for _ in range(dice.choice([1, 2])))
        by, guest = ByGuest(str(booking_id)), GuestContact("An", f"{booking_id.hex}@example.org")
        return Book(1, booking_id, bound_to(booking_id, lines), by, lines, "page", guest=guest)

    def change(self, dice: Random) -> Command:
        booking_id, change_id, lines = dice.choice(self.bookings[-5:]), uuid4(), (self.line(dice),)
        digest = bound_to(change_id, lines)
        return ChangeBooking(1, booking_id, change_id, digest, ByGuest(str(booking_id)), lines)

    def give_up(self, dice: Random) -> Command:
        return GiveUp(1, self.bookings.pop(dice.randrange(len(self.bookings))), ByStaff(STAFF))

    def join(self, dice: Random) -> Command:
        entry_id, event_id = uuid4(), dice.choice(self.sessions).event_id
        dates = [each for each in self.sessions if each.event_id == event_id]
        dates = dice.sample(dates, dice.randint(1, len(dates)))
        guest = GuestContact("Lies", f"{entry_id.hex}@example.org")
        wanted = (WantedPlaces("base", dice.choice([1, 2, 3])),)
        session_ids = tuple(each.id for each in dates)
        return JoinWaitingList(1, entry_id, event_id, session_ids, wanted, None, guest, "page")

    def leave(self, dice: Random) -> Command:
        return LeaveWaitingList(1, *self.entries.pop(dice.randrange(len(self.entries))))

    def decline(self, dice: Random) -> Command:
        booking_id = uuid5(dice.choice(self.entries)[0], "offer")
        return DeclineOffer(1, booking_id, ByGuest(str(booking_id)))

    def serve(self, dice: Random) -> Command:
        return ServeWaitingList(1, dice.choice(self.sessions).event_id)


@asynccontextmanager
async def at_work(world: World, sessions: list[Session]) -> AsyncIterator[list[Writer]]:
    """So many turnstiles, each with connections of its own. What they did is counted once they are gone."""
    url, ids = world.services.settings.database_url, TimeOrderedIds(world.clock)
    databases = [await Database.open(url, connections=3) for _ in range(WRITERS)]
    writers = [Writer(no, sessions, Turnstile(each, world.clock, ids)) for no, each in enumerate(databases)]
    running = [asyncio.create_task(each.turnstile.run()) for each in writers]
    yield writers
    for each in running:
        each.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    for database in databases:
        await database.close()


async def two_activities(world: World) -> list[Session]:
    """Of one three dates, of the other one, and a pool over the last two; who waits for the first keeps."""
    first = await world.organiser()
    dates = [
        await world.session(PLACES, 0, organiser_id=first, starts_in=timedelta(days=days))
        for days in (3, 4, 5, 6)
    ]
    dates[1:3] = await of_one_activity(world, dates[0], *dates[1:3])
    await share(world, PLACES, *dates[2:])
    return dates


async def test_who_write_at_one_list_never_wait_for_each_other(world: World) -> None:
    before = await world.value(DEADLOCKS)

    async with at_work(world, await two_activities(world)) as writers, asyncio.TaskGroup() as at_once:
        for each in writers:
            at_once.create_task(each.work())

    answers = sum((each.answers for each in writers), Counter[str]())
    await asyncio.sleep(SECONDS_TO_COUNT)
    assert await world.value(DEADLOCKS) == before
    assert answers["ground.busy"] == 0
    assert {each for each in HAPPENS if not answers[each]} == set()
    assert await faults(world) == []
