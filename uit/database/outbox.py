"""What must happen after a commit: at least once, in order per key, by handlers that may be called again.

A message is lent to one worker at a time. Only who has the lease may say how the delivery went, so a worker
that was thought dead changes nothing afterwards. Decision 0010 says what becomes of a message that fails.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from msgspec import Struct

from uit.core.clock import Clock
from uit.core.duty_result import DutyResult
from uit.core.ids import Ids
from uit.database.pool import Database
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
CHANNEL = "uit_outbox"
AT_ONCE = 16
LENT = timedelta(minutes=2)
SECONDS_TO_DELIVER = 60
"""Shorter than LENT: when a message is lent again, its earlier delivery has been broken off."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=6)
MOST_ATTEMPTS = 20
"""With the waits between them, more than two days."""

log = structlog.get_logger()


class Message(Struct, frozen=True):
    """One row: `key` is what it is about, `payload` JSON text. `attempts` counts this one."""

    region_id: int
    id: UUID
    topic: str
    key: UUID
    payload: str
    attempts: int
    lease: UUID


class WaitingRegion(Struct, frozen=True):
    region_id: int
    oldest_due_at: datetime


class TryLater(Struct, frozen=True):
    """The delivery did not succeed and may later. `reason` is for an operator, without personal data."""

    reason: str


class GiveUp(Struct, frozen=True):
    """The delivery will never succeed."""

    reason: str


Handler = Callable[[Message], Awaitable[TryLater | GiveUp | None]]


class Topic(Struct, frozen=True):
    """How messages of a topic are delivered.

    `blocks`: where one failed, those behind it with the same key wait until an operator retries or drops it.
    """

    deliver: Handler
    blocks: bool = True


write_outbox = SQL.command("write_outbox")
regions_waiting = SQL.many("regions_waiting", WaitingRegion)
claim = SQL.many("claim", Message)
mark_delivered = SQL.command("mark_delivered")
put_off = SQL.command("put_off")
mark_failed = SQL.command("mark_failed")


class Deliverer:
    """Delivers what waits in the outbox, a bounded round at a time. Many may do so beside each other."""

    def __init__(self, database: Database, clock: Clock, ids: Ids, topics: Mapping[str, Topic]) -> None:
        self._database, self._clock, self._ids, self._topics = database, clock, ids, topics
        self._last_region = -1

    async def deliver_due(self) -> DutyResult:
        """Deliver at most AT_ONCE messages, at once, spread over the regions where something waits.

        Their keys differ. `count` is how many were delivered; there may be `more` when any were claimed.
        """
        messages, oldest_due_at = await self._claim_round(self._clock.now())
        ended = await asyncio.gather(*map(self._deliver, messages), return_exceptions=True)
        for failure in ended:
            if isinstance(failure, BaseException):
                raise failure
        return DutyResult(sum(map(bool, ended)), oldest_due_at, more=bool(messages))

    async def _claim_round(self, now: datetime) -> tuple[list[Message], datetime | None]:
        """The messages of a round, and since when the oldest that waits has been due."""
        async with self._database.reading() as connection:
            waiting = await regions_waiting(connection, now)
            messages = await self._claim(connection, [each.region_id for each in waiting], now)
        return messages, min((each.oldest_due_at for each in waiting), default=None)

    async def _claim(self, connection: Executor, regions: Sequence[int], now: datetime) -> list[Message]:
        """A share for each region, beginning after the one that was served last."""
        lease, topics = self._ids.new(), list(self._topics)
        claimed: list[Message] = []
        for region_id in in_turn(regions, self._last_region):
            most = min(max(AT_ONCE // len(regions), 1), AT_ONCE - len(claimed))
            if not most:
                break
            claimed += await claim(connection, region_id, now, now + LENT, lease, topics, most)
            self._last_region = region_id
        return claimed

    async def _deliver(self, message: Message) -> bool:
        """Hand one message over and write down how it went; whether it was delivered."""
        topic = self._topics[message.topic]
        answer = await attempt(topic.deliver, message)
        now, key = self._clock.now(), (message.region_id, message.id, message.lease)
        async with self._database.reading() as connection:
            if answer is None:
                noted = await mark_delivered(connection, *key, now)
            elif isinstance(answer, GiveUp) or message.attempts >= MOST_ATTEMPTS:
                log.error("message_failed", topic=message.topic, id=str(message.id), reason=answer.reason)
                noted = await mark_failed(connection, *key, now, answer.reason, topic.blocks)
            else:
                wait = wait_after(message.attempts)
                noted = await put_off(connection, *key, now + wait, answer.reason)
        if not noted:
            log.warning("lease_lost", topic=message.topic, id=str(message.id))
        return answer is None and bool(noted)


async def attempt(handler: Handler, message: Message) -> TryLater | GiveUp | None:
    """What the handler answers. One that fails, or takes too long, may do better another time.

    One that took its process with it each time is not tried for ever either.
    """
    if message.attempts > MOST_ATTEMPTS:
        return GiveUp("lease_lost_each_time")
    try:
        async with asyncio.timeout(SECONDS_TO_DELIVER):
            return await handler(message)
    except Exception as failure:
        log.exception("delivery_failed", topic=message.topic, id=str(message.id))
        return TryLater(type(failure).__name__)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, up to LONGEST_WAIT."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 16)), LONGEST_WAIT)


def in_turn(regions: Sequence[int], last: int) -> list[int]:
    """The regions in order, those after the last that was served first."""
    return sorted(regions, key=lambda region_id: (region_id <= last, region_id))
