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
from uit.entrypoints.option_type import EXAMPLE_DAY, day
from uit.entrypoints.refused import CommandRefused
from uit.entrypoints.terminal import counted
from uit.services.region import Regions

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
        compare.add_argument(name, type=day, dest=where, default=default, metavar=EXAMPLE_DAY)
    compare.add_argument("--json", action="store_true", help="the figures, for a program")


async def run(settings: Settings, given: Namespace) -> int:
    return await verify_anchors(settings, given.first, given.last, as_json=given.json)


async def verify_anchors(settings: Settings, first: date, last: date, *, as_json: bool) -> int:
    """Compare every day between two that is anchored with the database; print the first that differs.

    Returns 1 when one of any region does, else 0: a day that was anchored late may be right. Raises
    CommandRefused where the folder is not there, so that nobody takes what was not compared for what is well.
    """
    refuse_missing_folder(settings)
    clock = SystemClock()
    async with opened_database(settings) as database:
        regions = await Regions(database, clock).every()
        store, key = AnchorFolder(settings.anchors_path), read_or_make(settings.secrets_path).signing
        found = await Anchoring(database, store, key).verify(regions, clock.now(), (first, last))
    print(indented_json(found) if as_json else "\n".join(as_lines(found, settings)))
    return 1 if found.differences else 0


def refuse_missing_folder(settings: Settings) -> None:
    """Without a name it lies in UIT_HOME, and is not there before the first day is over."""
    folder = settings.anchors_path
    if settings.anchor_folder and not folder.is_dir():
        raise CommandRefused(
            f"{folder} is not a folder, so no day was compared. See whether its storage is mounted, and "
            "whether ANCHOR_FOLDER is the same here as for the workers: they make it with the first day."
        )


def as_lines(found: Verified, settings: Settings) -> list[str]:
    if not found.days:
        return [f"No day was compared: {settings.anchors_path} has no anchor of these days yet."]
    lines = [f"{each.region}: {each.day} {WHAT[each.why]}." for each in found.differences]
    well = f"{counted(found.days, 'day is as it was', 'days are as they were')} anchored."
    return [*(lines or [well]), *late_lines(found)]


def late_lines(found: Verified) -> list[str]:
    """A line per region with days that were anchored late: what changed before that is not found out."""
    by_region = {
        slug: [each.day for each in days] for slug, days in groupby(found.late, key=lambda each: each.region)
    }
    return [
        f"{slug}: {counted(len(days), 'day was', 'days were')} anchored more than a day late, "
        f"from {days[0]} to {days[-1]}."
        for slug, days in by_region.items()
    ]
