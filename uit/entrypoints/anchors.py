"""`python -m uit anchors`: whether the trail and the ledger are still what was said of each day."""

from datetime import date

from credits.anchors.anchoring import EVER, Anchoring, Verified, Why
from credits.anchors.store import AnchorFolder
from uit.core.clock import SystemClock
from uit.core.secret import read_or_make
from uit.core.settings import Settings
from uit.database.pool import Database
from uit.entrypoints.indented_json import indented_json
from uit.services.region import Regions

WHAT: dict[Why, str] = {
    "missing": "has no anchor",
    "unreadable": "has an anchor that cannot be read",
    "signature": "has an anchor that this installation did not sign",
    "chain": "does not follow the day before it",
    "trail": "has other rows in the audit trail than were anchored",
    "ledger": "has other transfers in the ledger than were anchored",
}


async def verify_anchors(settings: Settings, first: date | None, last: date | None, *, as_json: bool) -> int:
    """Compare every day that is anchored with the database; print the first that differs of each region.

    Returns 1 when one does, else 0.
    """
    clock = SystemClock()
    database = await Database.open(settings.database_url, connections=1)
    try:
        regions = await Regions(database, clock).every()
        store, key = AnchorFolder(settings.anchors_path), read_or_make(settings.secrets_path).signing
        between = first or EVER[0], last or EVER[1]
        found = await Anchoring(database, store, key).verify(regions, clock.now(), between)
    finally:
        await database.close()
    print(indented_json(found) if as_json else "\n".join(as_lines(found)))
    return 1 if found.differences else 0


def as_lines(found: Verified) -> list[str]:
    lines = [f"{each.region}: {each.day} {WHAT[each.why]}." for each in found.differences]
    return lines or [f"{found.days} days are as they were anchored."]
