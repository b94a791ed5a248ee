"""`python -m uit outbox`: what could not be delivered, for who decides what becomes of it."""

import sys
from collections.abc import Sequence
from typing import Literal

import msgspec

from uit.core.clock import Clock, SystemClock
from uit.core.ids import Ids, TimeOrderedIds
from uit.core.settings import Settings
from uit.database.failed_message import FailedMessage, drop, read_failed, retry
from uit.database.pool import Database
from uit.database.statements import Executor
from uit.services.audit import Author

Verb = Literal["retry", "drop"]

EVERY = "all"
DONE: dict[Verb, str] = {"retry": "Tried again soon", "drop": "Dropped"}


async def list_failed(settings: Settings, *, as_json: bool) -> int:
    """Print the failed messages: a table for a person, or JSON for a program."""
    database = await Database.open(settings.database_url, connections=1)
    async with database.reading() as connection:
        failed = await read_failed(connection)
    await database.close()
    print(as_document(failed) if as_json else as_table(failed))
    return 0


async def decide_on(settings: Settings, verb: Verb, wanted: str) -> int:
    """Retry or drop the failed message with this id, or retry all. Returns 1 when there is none."""
    clock = SystemClock()
    ids = TimeOrderedIds(clock)
    database = await Database.open(settings.database_url, connections=1)
    async with database.transaction() as tx:
        chosen = [each for each in await read_failed(tx) if is_wanted(each, verb, wanted)]
        done = [await decide(tx, each, verb, clock, ids) for each in chosen]
    await database.close()
    if not any(done):
        print("Nothing that failed has this id.", file=sys.stderr)
        return 1
    print(f"{DONE[verb]}: {sum(done)}.")
    return 0


def is_wanted(message: FailedMessage, verb: Verb, wanted: str) -> bool:
    """All can be retried. What is dropped is gone, so each of those is named."""
    return str(message.id) == wanted or (verb == "retry" and wanted == EVERY)


async def decide(tx: Executor, message: FailedMessage, verb: Verb, clock: Clock, ids: Ids) -> bool:
    """Retry or drop a message, with a row in the audit trail; False where somebody else just decided."""
    if verb == "retry":
        done = await retry(tx, message.region_id, message.id, clock.now())
    else:
        done = await drop(tx, message.region_id, message.id)
    if done:
        author = Author(message.region_id, "system", "operator", clock.now(), ids)
        about = {"topic": message.topic, "key": str(message.key), "reason": message.reason}
        await author.note(tx, f"message.{verb}", "message", message.id, attempts=message.attempts, **about)
    return bool(done)


def as_document(failed: Sequence[FailedMessage]) -> str:
    return msgspec.json.format(msgspec.json.encode(failed), indent=2).decode()


def as_table(failed: Sequence[FailedMessage]) -> str:
    """Columns as wide as what stands in them."""
    if not failed:
        return "Nothing failed."
    heads = ("id", "region", "topic", "key", "tries", "since", "waiting", "reason")
    rows = [heads, *map(as_row, failed)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(heads))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def as_row(each: FailedMessage) -> tuple[str, ...]:
    since = each.failed_at.strftime("%Y-%m-%d %H:%M")
    numbers = str(each.attempts), since, str(each.waiting)
    return str(each.id), each.region, each.topic, str(each.key), *numbers, each.reason
