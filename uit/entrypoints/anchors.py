"""`python -m uit anchors`: whether the trail and the ledger are still what was said of each day."""

from argparse import ArgumentParser, Namespace
from datetime import date
from itertools import groupby

from credits.anchors.anchoring import EVER, Anchoring, Verified, Why
from credits.anchors.store import AnchorFolder
from uit.core.clock import SystemClock
from uit.core.secret import read_or_make
from uit.core.settings import Settings
from uit.entrypoints.indented_json import indented_json
from uit.entrypoints.operating import opened_database
from uit.services.region import Regions

EXAMPLE_DAY = "2026-05-04"
WHAT: dict[Why, str] = {
    "missing": "has no anchor",
    "unreadable": "has an anchor that cannot be read",
    "signature": "has an anchor that this installation did not sign",
    "chain": "does not follow the day before it",
    "trail": "has other rows in the audit trail than were anchored",
    "ledger": "has other transfers in the ledger than were anchored",
}


def add_options(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    compare = verbs.add_parser("verify", help="reckon the days anew, and say the first that differs")
    for name, where, default in (("--from", "first", EVER[0]), ("--to", "last", EVER[1])):
        compare.add_argument(name, type=date.fromisoformat, dest=where, default=default, metavar=EXAMPLE_DAY)
    compare.add_argument("--json", action="store_true", help="the figures, for a program")


async def run(settings: Settings, given: Namespace) -> int:
    return await verify_anchors(settings, given.first, given.last, as_json=given.json)


async def verify_anchors(settings: Settings, first: date, last: date, *, as_json: bool) -> int:
    """Compare every day between two that is anchored with the database; print the first that differs.

    Returns 1 when one of any region does, else 0: a day that was anchored late may be right.
    """
    clock = SystemClock()
    async with opened_database(settings) as database:
        regions = await Regions(database, clock).every()
        store, key = AnchorFolder(settings.anchors_path), read_or_make(settings.secrets_path).signing
        found = await Anchoring(database, store, key).verify(regions, clock.now(), (first, last))
    print(indented_json(found) if as_json else "\n".join(as_lines(found)))
    return 1 if found.differences else 0


def as_lines(found: Verified) -> list[str]:
    lines = [f"{each.region}: {each.day} {WHAT[each.why]}." for each in found.differences]
    return (lines or [f"{found.days} days are as they were anchored."]) + late_lines(found)


def late_lines(found: Verified) -> list[str]:
    """A line per region with days that were anchored late: what changed before that is not found out."""
    by_region = {
        slug: [each.day for each in days] for slug, days in groupby(found.late, key=lambda each: each.region)
    }
    return [
        f"{slug}: {len(days)} days were anchored more than a day late, from {days[0]} to {days[-1]}."
        for slug, days in by_region.items()
    ]
