"""Every verb that moves places: lock, read, decide, write, commit. One code path for one command or 256."""

import asyncio
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec
import structlog
from msgspec import Struct
from prometheus_client import Counter

from credits.till.giving_back import write_till_refunds
from reservations.booking.acting import with_given
from reservations.booking.answers import Answer
from reservations.booking.batcher import AllTurnedAwayError, Batcher, BatchFailedError, Load
from reservations.booking.change_rows import change_rows_of, with_changes, with_pending, write_changes
from reservations.booking.commands import (
    Book,
    Command,
    JoinWaitingList,
    LeaveWaitingList,
    Resize,
    ServeWaitingList,
)
from reservations.booking.course_facts import enrolments_of, with_courses, write_enrolments
from reservations.booking.decide import decide_all, sold_out_without_locks
from reservations.booking.effects import effects_of
from reservations.booking.facts import Booking, Facts
from reservations.booking.group import group_rows_of, with_groups, write_group_use
from reservations.booking.keys import keys_of
from reservations.booking.limit_facts import with_limits
from reservations.booking.payout import payouts_of
from reservations.booking.pools import held_moves
from reservations.booking.remaining import Remaining
from reservations.booking.rows import PoolRow
from reservations.booking.seating import seat_rows, with_seats, with_seats_of, write_seats
from reservations.booking.serving import WaitingLists
from reservations.booking.turn_card_facts import turn_uses_of, with_turn_cards, write_turn_use
from reservations.booking.turns import NOBODY_WAITS, Guarded, used_turns_of, with_turns, write_used_turns
from reservations.booking.waiting_facts import (
    NOT_LOOKED_FOR,
    LinesMoved,
    SomebodyWaits,
    lock_with_lines,
    with_waiting,
)
from reservations.booking.waiting_rows import acts_of, messages_of, waiting_rows_of, write_waiting
from reservations.errors import IdTaken, SoldOut
from uit.core.clock import Clock, day_in_flanders
from uit.core.errors import Busy, DatabaseAway
from uit.core.ids import Ids
from uit.database.pool import (
    AGAIN,
    AWAY,
    CANNOT_WRITE,
    TOOK_TOO_LONG,
    ChainedTransaction,
    ChainedTransactions,
    Database,
)
from uit.database.statements import Command as SqlCommand
from uit.database.statements import Executor, Statements, Written, as_json

SQL = Statements(__name__)


class LockedFacts(Struct, frozen=True):
    """What is read under the locks of a batch, as JSON; but for `facts` nothing where there are none.

    `somebody_waits`: for what dates of the batch draw on, and there is room for them.
    """

    facts: str
    seating: str | None
    courses: str | None
    turn_cards: str | None
    somebody_waits: bool


lock_and_read = SQL.one("lock_and_read", LockedFacts)
read_without_locks = SQL.value("read_without_locks", str)
write_batch = SQL.command("write_batch")
move_held = SQL.command("move_held")
read_stored = SQL.value("read_bookings", str)
find_region = SQL.value("region_of_booking", int)

DEPTH = 4096
TRIES = 8
SECONDS_TO_SETTLE = 3.5
"""Then a batch is not tried again. Who asks again finds what was written after all."""
TRIES_OF_A_CONFLICT = 3
MOST_REMEMBERED = 10_000

RERUNS = Counter("uit_batch_reruns", "How often a batch was tried again", ("reason",))

log = structlog.get_logger()


async def settle_batch(  # noqa: PLR0913  all that decides a batch
    transaction: ChainedTransaction,
    commands: Sequence[Command],
    clock: Clock,
    ids: Ids,
    guarded: Guarded = NOBODY_WAITS,
    *,
    with_lines: bool = False,
) -> list[Answer]:
    """Take places and put the credit aside that pays for them: for each command all of it, or nothing.

    Raises SomebodyWaits where who waits comes first: it is asked again `with_lines`.
    """
    keys, lines = await lock_with_lines(transaction.tx, keys_of(commands), commands, also_taking=with_lines)
    locked = await lock_and_read(transaction.tx, *keys)
    if locked.somebody_waits and lines is NOT_LOOKED_FOR:
        raise SomebodyWaits
    facts = msgspec.json.decode(locked.facts, type=Facts)
    facts = await with_waiting(transaction.tx, facts, keys, commands, lines)
    if facts.waiting:
        facts = await with_seats_of(transaction.tx, facts, commands[0].region_id)
    else:
        facts = await with_seats(transaction.tx, facts, commands[0].region_id, locked.seating)
    facts = await with_courses(transaction.tx, facts, commands[0].region_id, locked.courses)
    facts = await with_turns(transaction.tx, facts, commands, guarded)
    facts = await with_more(transaction.tx, facts, commands, clock.now())
    facts = await with_turn_cards(transaction.tx, facts, commands, locked.turn_cards)
    now = clock.now()
    answers, lists = decide_all(facts, commands, now)
    await write_all(transaction, list(writes_of(commands, facts, answers, lists, ids, now)))
    return answers


async def with_more(tx: Executor, facts: Facts, commands: Sequence[Command], now: datetime) -> Facts:
    """The facts of a batch with what few batches need, each by a statement of its own under the locks."""
    facts = await with_given(tx, facts, commands)
    facts = await with_groups(tx, facts, commands)
    facts = await with_limits(tx, facts, commands, day_in_flanders(now))
    return await with_changes(tx, facts, commands)


Write = tuple[SqlCommand, tuple[Written, ...]]
"""A statement, and what it is called with."""


def writes_of(  # noqa: C901, PLR0913, PLR0917  all that a batch knows
    commands: Sequence[Command],
    facts: Facts,
    answers: Sequence[Answer],
    lists: WaitingLists,
    ids: Ids,
    now: datetime,
) -> Iterator[Write]:
    """The rows of a batch, and what few have: changes, seats, groups, who waits, cash that goes back."""
    region_id, every = commands[0].region_id, [*answers, *lists.answers]
    rows, waiting = effects_of(every, ids), waiting_rows_of(answers, lists, ids)
    if waiting:
        rows.outbox += messages_of(answers, lists)
        rows.acts += acts_of(commands, answers, ids)
    held = held_moves(facts.pools, {each.id: each.places for each in rows.pools})
    if rows or waiting:
        yield from with_held((write_batch, (region_id, now, *rows.as_json())), region_id, held)
    if changes := change_rows_of(answers):
        yield write_changes, (region_id, now, *changes.as_json())
    if facts.seating and (seats := seat_rows(every)):
        yield write_seats, (region_id, as_json(seats))
    if enrolments := enrolments_of(facts, commands, answers, lists.offers):
        yield write_enrolments, (region_id, as_json(enrolments))
    if turns := used_turns_of(answers):
        yield write_used_turns, (region_id, as_json(turns), now)
    if turn_uses := turn_uses_of(every):
        yield write_turn_use, (region_id, as_json(turn_uses))
    if groups := group_rows_of(answers):
        yield write_group_use, (region_id, *groups.as_json())
    for part in waiting.in_order() if waiting else ():
        yield write_waiting, (region_id, *part.as_json(), now)
    if payouts := payouts_of(answers, ids):
        yield write_till_refunds, (region_id, as_json(payouts), now)


def with_held(batch: Write, region_id: int, held: Mapping[UUID, int]) -> Iterator[Write]:
    """The rows of a batch, and how many places more or fewer its rooms hold back for channels.

    What is no longer set apart goes before the tickets that have it; what is set apart again comes after
    those that ended: at no moment does a room hold more than it may.
    """
    if freed := [PoolRow(*each) for each in held.items() if each[1] < 0]:
        yield move_held, (region_id, as_json(freed))
    yield batch
    if kept := [PoolRow(*each) for each in held.items() if each[1] > 0]:
        yield move_held, (region_id, as_json(kept))


async def write_all(transaction: ChainedTransaction, writes: Sequence[Write]) -> None:
    for statement, args in writes[:-1]:
        await statement(transaction.tx, *args)
    for statement, args in writes[-1:]:
        await transaction.end_with(statement, *args)


class TurnstileDied(Exception):
    """A batcher of the turnstile no longer runs, so that nothing can be booked in this process."""


class Turnstile:
    """Every verb that moves places goes through here.

    It answers, or says that it is busy; never half a booking.
    """

    def __init__(self, database: Database, clock: Clock, ids: Ids, depth: int = DEPTH) -> None:
        self._database, self._clock, self._ids = database, clock, ids
        self._transactions = ChainedTransactions(database, self._is_followed)
        self._writer: Batcher[Command, Answer] = Batcher(
            self._settle, region_of_command, batch_key, depth, self._transactions.close, name="turnstile"
        )
        self._reader: Batcher[Book, Answer | None] = Batcher(
            self._read_without_locks, region_of_command, batch_key, depth, name="without_locks"
        )
        self._seen_sold_out: dict[UUID, None] = {}
        self.guarded: Guarded = NOBODY_WAITS
        """Where one needs a turn, as a waiting room says."""

    async def run(self) -> None:
        """Work until cancelled, or until a batcher dies: then the other ends too.

        Whoever waits at that moment is told to come back.
        """
        batchers = [asyncio.create_task(each.run()) for each in (self._writer, self._reader)]
        try:
            await asyncio.wait(batchers, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in batchers:
                each.cancel()
            ended = await asyncio.gather(*batchers, return_exceptions=True)
            await self._transactions.close()
        raise TurnstileDied from next((each for each in ended if isinstance(each, Exception)), None)

    async def answer(self, command: Command) -> Answer | Busy | DatabaseAway:
        """Do what a command says, or refuse it.

        A session that was seen sold out is first looked at without a lock.
        """
        if isinstance(command, Book) and self._may_be_sold_out(command):
            answer = await self._reader.submit(command)
            if answer is not None:
                return answer
        settled = await self._writer.submit(command)
        if isinstance(command, Book):
            self._remember(command, settled)
        return settled

    async def answer_each(
        self, commands: Sequence[Command]
    ) -> list[Answer | Busy | DatabaseAway | BaseException]:
        """The answer to each command in order, or its exception; one that fails holds up no other."""
        answers = await asyncio.gather(*map(self.answer, commands), return_exceptions=True)
        for command, answer in zip(commands, answers, strict=True):
            if isinstance(answer, BaseException):
                log.error("command_failed", key=str(batch_key(command)), exc_info=answer)
        return answers

    @property
    def load(self) -> Load:
        """How many commands wait here, and how many are answered in a second."""
        return self._writer.load

    def _is_followed(self) -> bool:
        return self._writer.has_waiting()

    def _may_be_sold_out(self, command: Book) -> bool:
        return bool(self._seen_sold_out) and any(
            line.session_id in self._seen_sold_out for line in command.lines
        )

    def _remember(self, command: Book, answer: Answer | Busy | DatabaseAway) -> None:
        """A hint for the next command, never a decision: whoever follows it reads the database."""
        if isinstance(answer, SoldOut):
            self._seen_sold_out[answer.session_id] = None
            if len(self._seen_sold_out) > MOST_REMEMBERED:
                del self._seen_sold_out[next(iter(self._seen_sold_out))]
        elif self._seen_sold_out:
            for line in command.lines:
                self._seen_sold_out.pop(line.session_id, None)

    async def _settle(self, commands: Sequence[Command]) -> Sequence[Answer]:
        """Rerun a batch that met a conflict; one that meets the same kind again and again is taken apart.

        After TRIES or SECONDS_TO_SETTLE the answer says what stopped the last one: others who held its rows,
        or an outage, which all who wait behind it hear of too.
        """
        loop, conflicts = asyncio.get_running_loop(), 0
        gives_up_at = loop.time() + SECONDS_TO_SETTLE
        reason: Busy | DatabaseAway = Busy(retry_after_seconds=1)
        for attempt in range(TRIES):
            try:
                return await self._settle_once(commands)
            except asyncpg.UniqueViolationError as taken:
                conflicts += 1
                RERUNS.labels("taken").inc()
                if conflicts == TRIES_OF_A_CONFLICT:
                    return self._give_up_on(commands, taken)
            except (LinesMoved, *AGAIN, *TOOK_TOO_LONG) as conflict:
                reason = Busy(retry_after_seconds=1)
                RERUNS.labels("conflict").inc()
                log.info("batch_again", reason=type(conflict).__name__, commands=len(commands))
            except CANNOT_WRITE as failure:
                log.warning("batch_not_written", reason=type(failure).__name__, commands=len(commands))
                raise AllTurnedAwayError(DatabaseAway(retry_after_seconds=5)) from failure
            except AWAY as outage:
                reason = DatabaseAway(retry_after_seconds=5)
                RERUNS.labels("away").inc()
                log.warning("batch_waits", reason=type(outage).__name__, commands=len(commands))
                await asyncio.sleep(min(0.05 * 2**attempt, 0.5))
            except Exception as error:
                raise BatchFailedError from error
            if loop.time() >= gives_up_at:
                break
        if isinstance(reason, DatabaseAway):
            raise AllTurnedAwayError(reason)
        return [reason] * len(commands)

    async def _settle_once(self, commands: Sequence[Command]) -> list[Answer]:
        """In one transaction, or where who waits comes before these, in a second one with their lines."""
        services = self._clock, self._ids, self.guarded
        with suppress(SomebodyWaits):
            async with self._transactions.transaction() as transaction:
                return await settle_batch(transaction, commands, *services)
        async with self._transactions.transaction() as transaction:
            return await settle_batch(transaction, commands, *services, with_lines=True)

    def _give_up_on(self, commands: Sequence[Command], taken: Exception) -> Sequence[Answer]:
        """A conflict that will never pass: found by working one by one, and refused where it is."""
        if len(commands) == 1 and isinstance(commands[0], Book):
            log.error("id_taken", booking=str(commands[0].booking_id), reason=str(taken))
            return [IdTaken(commands[0].booking_id)]
        raise BatchFailedError from taken

    async def _read_without_locks(self, commands: Sequence[Book]) -> Sequence[Answer | None]:
        """What can be said without a lock.

        Where that is nothing, or the database is away, the long way decides.
        """
        keys = keys_of(commands)
        try:
            async with self._database.reading() as connection:
                document = await read_without_locks(connection, keys.region_id, keys.sessions, keys.bookings)
        except AWAY:
            return [None] * len(commands)
        remaining = Remaining(msgspec.json.decode(document, type=Facts), self._clock.now())
        return [sold_out_without_locks(remaining, command) for command in commands]


def region_of_command(command: Command) -> Hashable:
    """A batch is of one region."""
    return command.region_id


def batch_key(command: Command) -> Hashable:
    """What two commands may not share in one batch: a booking, a place in a line, a pool that is resized."""
    match command:
        case Resize():
            return command.pool_id
        case JoinWaitingList() | LeaveWaitingList():
            return command.entry_id
        case ServeWaitingList():
            return command.event_id
        case _:
            return command.booking_id


async def region_of(tx: Executor, booking_id: UUID) -> int | None:
    """The region in which a booking lives whose id comes alone; None when there is none."""
    return await find_region(tx, booking_id)


async def read_booking(tx: Executor, region_id: int, booking_id: UUID) -> Booking | None:
    """A booking of this region as it stands; None when there is none."""
    found = msgspec.json.decode(await read_stored(tx, region_id, [booking_id]), type=list[Booking])
    return next(iter(await with_pending(tx, region_id, found)), None)
