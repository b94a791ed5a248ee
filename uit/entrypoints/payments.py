"""`python -m uit payments`: what waits for somebody, events once more, a day beside the provider's books."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from datetime import UTC, date, datetime

from credits.payments.event import replay_events
from credits.payments.overview import OpenDifference, Overview, open_differences, read_overview
from credits.payments.provider import ProviderAway, ProviderRefused
from credits.payments.reconciliation import Reconciler, accounts_with_cards, last_day
from reservations.booking.services import provider_of
from uit.core.clock import SystemClock
from uit.core.formats import euro
from uit.core.settings import Settings
from uit.entrypoints.indented_json import indented_json
from uit.entrypoints.operating import opened_database
from uit.entrypoints.option_type import EXAMPLE_DAY, day, moment

ALL_SINCE = datetime(2000, 1, 1, tzinfo=UTC)


def add_options(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    listing = verbs.add_parser(
        "list", help="refunds that are not there, events that came to nothing, differences"
    )
    again = verbs.add_parser("replay", help="handle reported events once more; what was done stays done once")
    again.add_argument(
        "--since", type=moment, metavar="MOMENT", help="2026-05-04 or 2026-05-04T12:00, in UTC"
    )
    compare = verbs.add_parser(
        "reconcile", help="a day beside the provider's books; exit code 1 when it differs"
    )
    compare.add_argument(
        "--day", type=day, metavar="DAY", help=f"{EXAMPLE_DAY}; without it the last that is over"
    )
    for each in (listing, compare):
        each.add_argument("--json", action="store_true", help="the list, for a program")


async def run(settings: Settings, given: Namespace) -> int:
    if given.verb == "replay":
        return await replay(settings, given.since)
    if given.verb == "reconcile":
        return await reconcile_day(settings, given.day, as_json=given.json)
    return await list_open(settings, as_json=given.json)


async def list_open(settings: Settings, *, as_json: bool) -> int:
    """Print refunds that are not there yet, events that came to nothing, and differences."""
    async with opened_database(settings) as database, database.reading() as connection:
        found = await read_overview(connection)
    print(indented_json(found) if as_json else "\n".join(as_lines(found)))
    return 0


async def replay(settings: Settings, since: datetime | None) -> int:
    """Let the worker handle what was reported since a moment once more."""
    async with opened_database(settings) as database, database.transaction() as tx:
        count = await replay_events(tx, since or ALL_SINCE, SystemClock().now())
    print(f"Handled again soon: {count}.")
    return 0


async def reconcile_day(settings: Settings, day: date | None, *, as_json: bool) -> int:
    """Compare a day of every account; the exit code is 1 while a difference is open, or one was not read."""
    provider, clock = provider_of(settings), SystemClock()
    if provider is None:
        print("No payment provider is set: STRIPE_SECRET_KEY is empty.", file=sys.stderr)
        return 2
    unread = 0
    async with opened_database(settings) as database:
        async with database.reading() as connection:
            accounts = await accounts_with_cards(connection)
        books = Reconciler(database, provider, clock)
        for each in accounts:
            try:
                await books.reconcile(each.account, day or last_day(clock.now()))
            except (ProviderAway, ProviderRefused) as failure:
                unread += 1
                print(f"Account {each.account or 'of our own'} could not be read: {failure}", file=sys.stderr)
        async with database.reading() as connection:
            found = await open_differences(connection)
    await provider.close()
    print(indented_json(found) if as_json else "\n".join(difference_lines(found) or ["Nothing differs."]))
    return 1 if found or unread else 0


def as_lines(found: Overview) -> list[str]:
    refunds = [
        f"Refund {each.id}  {each.region}  {each.organiser}  {euro(each.amount_cents, 'en')} by {each.way}, "
        f"{each.status} since {each.decided_at:%Y-%m-%d}{f' ({each.failure})' if each.failure else ''}"
        for each in found.refunds
    ]
    events = [
        f"Event {each.id}  {each.type}  {each.received_at:%Y-%m-%d %H:%M}  tried {each.attempts} times"
        f"{f' ({each.outcome})' if each.outcome else ''}"
        for each in found.events
    ]
    return [*refunds, *events, *difference_lines(found.differences)] or ["Nothing waits for anybody."]


def difference_lines(found: Sequence[OpenDifference]) -> list[str]:
    return [
        f"Difference {each.id}  {each.region}  {each.organiser}  {each.day}  {each.kind} {each.external_id}: "
        f"{euro(each.expected_cents, 'en')} in our books, {euro(each.found_cents, 'en')} in the provider's"
        for each in found
    ]
