"""What must happen after a commit: at least once, in order per key, by handlers that may be called again."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from msgspec import Struct

from uit.core.clock import Clock
from uit.core.errors import Refusal
from uit.database.pool import Database
from uit.database.statements import Statements

SQL = Statements(__name__)
LENT = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=6)
AT_ONCE = 16
CHANNEL = "uit_outbox"

log = structlog.get_logger()


class Message(Struct, frozen=True):
    """One row: `key` is what it is about, `payload` JSON text. `attempts` counts this one."""

    region_id: int
    id: UUID
    topic: str
    key: UUID
    payload: str
    attempts: int


claim = SQL.many("claim", Message)
mark_delivered = SQL.command("mark_delivered")
mark_failed = SQL.command("mark_failed")

Handler = Callable[[Message], Awaitable[Refusal | None]]


async def deliver_due(database: Database, clock: Clock, handlers: Mapping[str, Handler]) -> int:
    """Deliver what is due, once round; returns how many were claimed. Without a handler, it is simply done.

    All of a round at once: its keys differ, and one slow mail server must not outlast what was lent.
    """
    now = clock.now()
    async with database.transaction() as tx:
        messages = await claim(tx, now, now + LENT, AT_ONCE)
    done = await asyncio.gather(*(deliver(database, message, handlers, now) for message in messages))
    delivered = [message for message, is_done in zip(messages, done, strict=True) if is_done]
    if delivered:
        async with database.transaction() as tx:
            regions, ids = [each.region_id for each in delivered], [each.id for each in delivered]
            await mark_delivered(tx, regions, ids, clock.now())
    return len(messages)


async def deliver(
    database: Database, message: Message, handlers: Mapping[str, Handler], now: datetime
) -> bool:
    """Hand one message over; when that fails, it waits longer each time and those behind it wait with it."""
    handler = handlers.get(message.topic)
    if handler is None:
        return True
    try:
        refusal = await handler(message)
    except Exception as failure:
        log.exception("delivery_failed", topic=message.topic, message=str(message.id))
        reason = type(failure).__name__
    else:
        if refusal is None:
            return True
        reason = refusal.code
    wait = min(timedelta(seconds=5 * 2 ** min(message.attempts, 16)), LONGEST_WAIT)
    async with database.transaction() as tx:
        await mark_failed(tx, message.region_id, message.id, now + wait, reason)
    return False
