"""The story of a batch: lock, read, decide, write, commit. One code path for one ask or 256."""

import asyncio
from collections.abc import Hashable, Sequence
from uuid import UUID

import msgspec
import structlog

from reservations import batch
from reservations.ask import Answer, Ask, Resize, Take
from reservations.errors import SoldOut
from reservations.facts import Booking, Facts, Key
from reservations.lane import Lane, Poisoned
from reservations.turnstile import Left, decide, sold_out
from uit.ground.clock import Clock
from uit.ground.database import AGAIN, AWAY, Database, Turn, Turns
from uit.ground.errors import Busy, DatabaseAway
from uit.ground.ids import Ids
from uit.ground.sql import Executor, Statements


class Home(msgspec.Struct, frozen=True):
    region_id: int


SQL = Statements("reservations", "booking")
lock_and_read = SQL.value("lock_and_read", str)
read_without_locks = SQL.value("read_without_locks", str)
write_batch = SQL.command("write_batch")
read_stored = SQL.value("read_bookings", str)
find_home = SQL.maybe("region_of_booking", Home)

DEPTH = 4096
TRIES = 8
MOST_REMEMBERED = 10_000

log = structlog.get_logger()


async def settle_batch(turn: Turn, asks: Sequence[Ask], clock: Clock, ids: Ids) -> list[Answer]:
    """Take places and put the credit aside that pays for them: for each ask all of it, or nothing."""
    facts = msgspec.json.decode(await lock_and_read(turn.tx, *batch.keys(asks)), type=Facts)
    now = clock.now()
    answers = decide(facts, asks, now)
    effects = batch.effects(answers, ids)
    if effects:
        await turn.end_with(write_batch, now, *effects.as_json())
    return answers


class Turnstile:
    """Every verb that moves places goes through here.

    It answers, or says that it is busy; never half a booking.
    """

    def __init__(self, database: Database, clock: Clock, ids: Ids, depth: int = DEPTH) -> None:
        self._database, self._clock, self._ids = database, clock, ids
        self._turns = Turns(database, self._is_followed)
        self._settling: Lane[Ask, Answer] = Lane(self._settle, lane_key, depth, self._turns.close)
        self._glancing: Lane[Take, Answer | None] = Lane(self._glance, lane_key, depth)
        self._seen_sold_out: dict[Key, None] = {}

    async def run(self) -> None:
        try:
            async with asyncio.TaskGroup() as lanes:
                lanes.create_task(self._settling.run())
                lanes.create_task(self._glancing.run())
        finally:
            await self._turns.close()

    async def ask(self, ask: Ask) -> Answer | Busy:
        """Take, cancel, expire or resize.

        A session that was seen sold out is first looked at without a lock.
        """
        if isinstance(ask, Take) and self._may_be_sold_out(ask):
            answer = await self._glancing.ask(ask)
            if answer is not None:
                return answer
        settled = await self._settling.ask(ask)
        if isinstance(ask, Take):
            self._remember(ask, settled)
        return settled

    def _is_followed(self) -> bool:
        return self._settling.has_waiting()

    def _may_be_sold_out(self, ask: Take) -> bool:
        return bool(self._seen_sold_out) and any(
            (ask.region_id, each.session_id) in self._seen_sold_out for each in ask.wanted
        )

    def _remember(self, ask: Take, answer: Answer | Busy) -> None:
        """A hint for the next ask, never a decision: whoever follows it reads the database."""
        if isinstance(answer, SoldOut):
            self._seen_sold_out[ask.region_id, answer.session_id] = None
            if len(self._seen_sold_out) > MOST_REMEMBERED:
                del self._seen_sold_out[next(iter(self._seen_sold_out))]
        elif self._seen_sold_out:
            for each in ask.wanted:
                self._seen_sold_out.pop((ask.region_id, each.session_id), None)

    async def _settle(self, asks: Sequence[Ask]) -> Sequence[Answer]:
        for attempt in range(TRIES):
            try:
                async with self._turns.turn() as turn:
                    return await settle_batch(turn, asks, self._clock, self._ids)
            except AGAIN as conflict:
                log.info("batch_again", reason=type(conflict).__name__, asks=len(asks))
            except AWAY as outage:
                log.warning("batch_waits", reason=type(outage).__name__, asks=len(asks))
                await asyncio.sleep(0.05 * 2**attempt)
            except Exception as spoilt:
                raise Poisoned from spoilt
        return [DatabaseAway(retry_after_seconds=5)] * len(asks)

    async def _glance(self, asks: Sequence[Take]) -> Sequence[Answer | None]:
        """What can be said without a lock.

        Where that is nothing, or the database is away, the long way decides.
        """
        keys = batch.keys(asks)
        try:
            async with self._database.reading() as connection:
                document = await read_without_locks(
                    connection, keys.session_regions, keys.sessions, keys.bookings
                )
        except AWAY:
            return [None] * len(asks)
        left = Left(msgspec.json.decode(document, type=Facts), self._clock.now())
        return [sold_out(left, ask) for ask in asks]


def lane_key(ask: Ask) -> Hashable:
    """What two asks may not share in one batch: a booking, or the pool that is resized."""
    return ask.pool_id if isinstance(ask, Resize) else ask.booking_id


async def read_booking(tx: Executor, booking_id: UUID) -> Booking | None:
    """A booking as it stands, found by its id alone; None when there is none."""
    home = await find_home(tx, booking_id)
    if home is None:
        return None
    found = msgspec.json.decode(await read_stored(tx, [home.region_id], [booking_id]), type=list[Booking])
    return found[0] if found else None
