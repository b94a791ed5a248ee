"""A region in the database and the same on paper: all is done in both, and each time they must agree."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import asyncpg

from reservations.booking.actor import Actor, ByClient, CardProof, MembershipProof
from reservations.booking.answers import Answer
from reservations.booking.commands import Command, RequestedLine
from reservations.booking.turnstile import batch_key, settle_batch
from reservations.booking.waiting_facts import SomebodyWaits
from tests.builders import CLIENT
from tests.reservations.all_verbs.agreement import as_it_is, differences, on_paper
from tests.reservations.all_verbs.paper import Paper
from tests.reservations.all_verbs.paper_line import serve_first
from tests.reservations.all_verbs.paper_verbs import adopt_kept, answer
from tests.reservations.all_verbs.records import Booking, Wanted
from tests.reservations.all_verbs.seen import Seen, look
from tests.reservations.all_verbs.town import SEATS, Town
from uit.core.errors import Refusal
from uit.database.pool import ChainedTransactions

Face = TypeVar("Face")
STAFF = UUID(int=8)
MOST_TOGETHER = 4


@dataclass
class Numbers:
    """Choices of one step: each takes the next number. The first choice is the simplest."""

    numbers: Sequence[int]
    at: int = 0

    def one_of(self, found: Sequence[Face]) -> Face:
        self.at += 1
        return found[self.numbers[self.at - 1] % len(found)]


@dataclass
class Play:
    """`told` is what was done, for who reads of a failure; `waiting` goes through the turnstile together."""

    town: Town
    region_id: int
    paper: Paper
    told: list[str] = field(default_factory=list)
    waiting: list[Command] = field(default_factory=list)
    count: int = 0

    @classmethod
    async def begin(cls, town: Town) -> "Play":
        play = cls(town, await town.another(), Paper(town))
        play.paper.credit = (await play.look()).credit
        return play

    async def look(self) -> Seen:
        return await look(self.town.world, self.region_id)

    def new_id(self) -> UUID:
        self.count += 1
        return UUID(int=self.region_id << 64 | self.count)

    def pass_time(self, by: timedelta) -> None:
        self.paper.now += max(by, timedelta())
        self.town.world.clock.set(self.paper.now)

    # Doing

    async def do(self, verb: "Verb", numbers: Sequence[int], *, waits: bool = False) -> None:
        """A step. With `waits` its command goes through the turnstile together with the next ones."""
        command = await verb(self, Numbers(numbers))
        if command is None:
            await self.tell_all()
            return self.agree(await self.look())
        if batch_key(command) in {batch_key(each) for each in self.waiting}:
            return None
        self.waiting.append(command)
        if not waits or len(self.waiting) == MOST_TOGETHER:
            await self.tell_all()
        return None

    async def tell_all(self) -> None:
        """All that waits in one batch, for real and on paper: the same answers, and the same afterwards."""
        commands, self.waiting = self.waiting, []
        if not commands:
            return
        self.pass_time(timedelta(seconds=1))
        self.told += [f"{'together with ' * bool(no)}{each}" for no, each in enumerate(commands)]
        given = await self.settle(commands)
        self.told.append(f"    -> {', '.join(map(name_of, given))}")
        seen = await self.look()
        self.judge(commands, given, seen)
        self.agree(seen)

    async def settle(self, commands: Sequence[Command]) -> list[Answer]:
        """As the turnstile does: what cannot be written together is written command by command."""
        try:
            return await self.settle_once(commands, with_lines=False)
        except SomebodyWaits:
            return await self.settle_once(commands, with_lines=True)
        except asyncpg.UniqueViolationError:
            assert len(commands) > 1
            return [answer for each in commands for answer in await self.settle([each])]

    async def settle_once(self, commands: Sequence[Command], *, with_lines: bool) -> list[Answer]:
        services, clock = self.town.world.services, self.town.world.clock
        async with ChainedTransactions(services.database, lambda: False).transaction() as transaction:
            return await settle_batch(transaction, commands, clock, services.ids, with_lines=with_lines)

    def judge(self, commands: Sequence[Command], given: Sequence[Answer], seen: Seen) -> None:
        cards = {each.card_id: each.membership_id for each in self.town.people}
        serve_first(self.paper, commands, seen)
        for command, each in zip(commands, given, strict=True):
            self.town.happened.add(f"{type(command).__name__}: {name_of(each)}")
            try:
                right = answer(self.paper, command, seen, cards)
            except StopIteration:
                right = "something that was made, and is not there"
            assert name_of(each) == right
        adopt_kept(self.paper, seen)

    def agree(self, seen: Seen) -> None:
        found = differences(as_it_is(seen), on_paper(self.paper))
        assert not found, "\n".join(map(str, found))

    # Who asks, and for what

    def booking(self, dice: Numbers, found: Sequence[Booking] | None = None) -> Booking | None:
        """One of them, the last first."""
        every = list(self.paper.bookings.values()) if found is None else found
        return dice.one_of(every[::-1]) if every else None

    def wanted(self, dice: Numbers, holder_id: UUID | None, *, of: UUID | None = None) -> Wanted:
        """Places of a date, with seats or any seats; `of`: whose date."""
        date = dice.one_of([each for each in self.town.dates if of in {None, each.session.organiser_id}])
        tariff = dice.one_of(list(date.tariffs))
        places = dice.one_of([1, 2, 3, 1, 4, 2])
        first = dice.one_of([None, None, 0, 3, 1]) if date.seats else None
        seats = () if first is None else tuple(SEATS[(first + n) % len(SEATS)] for n in range(places))
        return Wanted(date.session.id, tariff, places, holder_id, seats)

    def requested(self, wanted: Wanted, by: Actor) -> RequestedLine:
        """As it is asked for: a client shows a pass."""
        proof: Any = MembershipProof(wanted.holder_id) if wanted.holder_id else None
        if wanted.holder_id and isinstance(by, ByClient):
            passes = {each.membership_id: each.card_id for each in self.town.people}
            proof = CardProof(passes[wanted.holder_id], 1)
        return RequestedLine(wanted.session_id, wanted.tariff, wanted.places, proof, seats=wanted.seats)

    def client(self) -> ByClient:
        return ByClient(CLIENT, frozenset(self.town.organisers))


Verb = Callable[[Play, Numbers], Awaitable[Command | None]]
"""What can be done: a command for the turnstile, or something beside it."""


def name_of(given: Answer | None) -> str:
    """The kind of an answer, or the code of a refusal."""
    return given.code if isinstance(given, Refusal) else type(given).__name__
