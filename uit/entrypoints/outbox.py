"""`python -m uit outbox`: what could not be delivered, for who decides what becomes of it."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import Literal

from uit.core.settings import Settings
from uit.database.failed_message import FailedMessage, drop, read_failed, retry
from uit.database.statements import Executor
from uit.entrypoints.indented_json import indented_json
from uit.entrypoints.operating import opened_database, operator_of
from uit.entrypoints.refused import CommandRefused
from uit.entrypoints.terminal import as_table, region_named

Verb = Literal["retry", "drop"]

EVERY = "all"
DONE: dict[Verb, str] = {"retry": "Tried again soon", "drop": "Dropped"}


def add_options(parser: ArgumentParser) -> None:
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--retry", default="", metavar="ID|all", help="try one again, or all of them")
    one.add_argument(
        "--drop", default="", metavar="ID", help="give one up, so that what waits behind it goes on"
    )
    one.add_argument("--json", action="store_true", help="the list, for a program")
    parser.add_argument("--region", help="only messages of the region with this slug")
    parser.add_argument(
        "--dry-run", action="store_true", help="list what would be tried again or dropped, and change nothing"
    )


async def run(settings: Settings, given: Namespace) -> int:
    if given.retry:
        return await decide_on(settings, "retry", given.retry, given.region, dry_run=given.dry_run)
    if given.drop:
        return await decide_on(settings, "drop", given.drop, given.region, dry_run=given.dry_run)
    return await list_failed(settings, given.region, as_json=given.json)


async def list_failed(settings: Settings, region: str | None = None, *, as_json: bool) -> int:
    """Print the failed messages, of all regions or of one: a table for a person, or JSON for a program."""
    async with opened_database(settings) as database, database.reading() as connection:
        failed = await failed_in(connection, region)
    print(indented_json(failed) if as_json else as_lines(failed))
    return 0


async def failed_in(tx: Executor, region: str | None) -> list[FailedMessage]:
    if region is not None:
        await region_named(tx, region)
    return [each for each in await read_failed(tx) if region in {None, each.region}]


async def decide_on(
    settings: Settings, verb: Verb, wanted: str, region: str | None = None, *, dry_run: bool = False
) -> int:
    """Retry or drop the failed message with this id, or retry all. Raises CommandRefused for none."""
    async with opened_database(settings) as database, database.transaction() as tx:
        chosen = [each for each in await failed_in(tx, region) if is_wanted(each, verb, wanted)]
        if dry_run and chosen:
            print(as_lines(chosen))
            return 0
        done = [await decide(tx, each, verb) for each in chosen]
    if not any(done):
        raise CommandRefused(f"Nothing that failed has the id {wanted}. `outbox` lists what did, by its id.")
    print(f"{DONE[verb]}: {sum(done)}.")
    return 0


def is_wanted(message: FailedMessage, verb: Verb, wanted: str) -> bool:
    """All can be retried. What is dropped is gone, so each of those is named."""
    return str(message.id) == wanted or (verb == "retry" and wanted == EVERY)


async def decide(tx: Executor, message: FailedMessage, verb: Verb) -> bool:
    """Retry or drop a message, with a row in the audit trail; False where somebody else just decided."""
    author = operator_of(message.region_id)
    if verb == "retry":
        done = await retry(tx, message.region_id, message.id, author.now)
    else:
        done = await drop(tx, message.region_id, message.id)
    if done:
        about = {"topic": message.topic, "key": str(message.key), "reason": message.reason}
        await author.note(tx, f"message.{verb}", "message", message.id, attempts=message.attempts, **about)
    return bool(done)


def as_lines(failed: Sequence[FailedMessage]) -> str:
    heads = ("id", "region", "topic", "key", "tries", "since", "waiting", "reason")
    return as_table(heads, [*map(as_row, failed)]) if failed else "Nothing failed."


def as_row(each: FailedMessage) -> tuple[str, ...]:
    since = each.failed_at.strftime("%Y-%m-%d %H:%M")
    numbers = str(each.attempts), since, str(each.waiting)
    return str(each.id), each.region, each.topic, str(each.key), *numbers, each.reason
