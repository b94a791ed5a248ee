"""Writing the anchors of days that are over, and comparing the database with them."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

import msgspec
import structlog
from msgspec import Struct
from prometheus_client import Counter

from credits.anchors.anchor import (
    NOTHING_BEFORE,
    Anchor,
    digest_of,
    encode,
    first_day,
    first_kept,
    is_genuine,
    last_day,
    reckon,
    signed,
    unsigned,
)
from credits.anchors.store import AnchorStore
from uit.database.pool import Database
from uit.services.region import Region

DAYS_AT_ONCE: Final = 31
A_DAY: Final = timedelta(days=1)
EVER: Final = date.min, date.max

WRITTEN_LATE = Counter("uit_anchors_late", "How many days were anchored more than a day after their end")

log = structlog.get_logger()

Why = Literal["missing", "unreadable", "signature", "chain", "trail", "ledger"]


class AnchorDifference(Struct, frozen=True):
    """The first day of a region that is not as it was said, and what of it.

    - `missing`: there is no anchor of it;
    - `unreadable`, `signature`: what is kept of it is none of ours;
    - `chain`: it does not follow the one before;
    - `trail`, `ledger`: rows of the database are others than they were.
    """

    region: str
    day: date
    why: Why


class LateDay(Struct, frozen=True):
    """A day whose anchor is right, and was written so late that its rows could have been changed before."""

    region: str
    day: date


class Verified(Struct, frozen=True):
    """How many days of all regions were compared; `differences` has at most one of each region."""

    days: int
    differences: list[AnchorDifference]
    late: list[LateDay]


@dataclass(frozen=True)
class Anchoring:
    """Reckons days of a database, and signs what it finds with `key`."""

    database: Database
    store: AnchorStore
    key: bytes

    async def write_missing(self, regions: Sequence[Region], now: datetime) -> int:
        """Write the anchors that are not there yet, DAYS_AT_ONCE of each region; returns how many."""
        written = 0
        for region in regions:
            late = []
            async for anchor in self._missing(region, now):
                await self.store.write(region.slug, anchor.day, encode(anchor))
                written += 1
                if anchor.is_late:
                    late.append(anchor.day)
                    WRITTEN_LATE.inc()
            if late:
                log.warning(
                    "anchors_written_late", region=region.slug, days=len(late), first=late[0].isoformat()
                )
        return written

    async def _missing(self, region: Region, now: datetime) -> AsyncIterator[Anchor]:
        """The next days of a region after the last that is kept, or from its first day on."""
        kept = await self.store.days(region.slug)
        previous = digest_of(await self.store.read(region.slug, kept[-1])) if kept else NOTHING_BEFORE
        begins = kept[-1] + A_DAY if kept else await self._first_day(region)
        ends = min(last_day(now), begins + (DAYS_AT_ONCE - 1) * A_DAY) if begins else None
        for day in days_between(begins, ends):
            async with self.database.reading() as connection:
                anchor = signed(self.key, await reckon(connection, region, day, previous, now))
            yield anchor
            previous = digest_of(encode(anchor))

    async def verify(
        self, regions: Sequence[Region], now: datetime, between: tuple[date, date] = EVER
    ) -> Verified:
        """Reckon anew the days that lie between two, both included, as far as their rows are kept."""
        each = [await self._verify_region(region, now, between) for region in regions]
        return Verified(
            sum(found.days for found in each),
            [difference for found in each for difference in found.differences],
            [day for found in each for day in found.late],
        )

    async def _verify_region(self, region: Region, now: datetime, between: tuple[date, date]) -> Verified:
        compared = 0
        late: list[LateDay] = []
        kept = set(await self.store.days(region.slug))
        days = await self._expected(region, kept, now)
        previous = None if first_kept(now) in days else NOTHING_BEFORE
        for day in days:
            content = await self.store.read(region.slug, day) if day in kept else None
            if between[0] <= day <= between[1]:
                compared += 1
                said = await self._compare(region, day, content, previous)
                if not isinstance(said, Anchor):
                    return Verified(compared, [AnchorDifference(region.slug, day, said)], late)
                late += [LateDay(region.slug, day)] if said.is_late else []
            previous = digest_of(content) if content else None
        return Verified(compared, [], late)

    async def _expected(self, region: Region, kept: Collection[date], now: datetime) -> Sequence[date]:
        """The days that have an anchor, or should: all but the last that is over, which may still get one.

        They begin where rows or anchors do: who deletes the first of the one leaves the other.
        """
        first = await self._first_day(region)
        begins = min([*kept, *([first] if first else [])], default=None)
        if begins is None:
            return []
        return days_between(max(begins, first_kept(now)), max([last_day(now) - A_DAY, *kept]))

    async def _first_day(self, region: Region) -> date | None:
        async with self.database.reading() as connection:
            return await first_day(connection, region.id)

    async def _compare(
        self, region: Region, day: date, content: bytes | None, previous: str | None
    ) -> Anchor | Why:
        """What was said of a day, when it is so; else what of it is not.

        `previous` is the digest of the anchor before, NOTHING_BEFORE of the first day of a region; None where
        that one is unknown: it was kept too long ago, or there is none.
        """
        if content is None:
            return "missing"
        said = read_anchor(content)
        if said is None:
            return "unreadable"
        if not is_genuine(self.key, said) or (said.region, said.day) != (region.slug, day):
            return "signature"
        if previous is not None and said.previous != previous:
            return "chain"
        async with self.database.reading() as connection:
            told = await reckon(connection, region, day, said.previous, said.written_at)
        return said if told == unsigned(said) else "ledger" if told.trail == said.trail else "trail"


def days_between(first: date | None, last: date | None) -> Sequence[date]:
    """All days from the first to the last, both included; none without both."""
    if first is None or last is None:
        return []
    return [first + ahead * A_DAY for ahead in range((last - first).days + 1)]


def read_anchor(content: bytes) -> Anchor | None:
    try:
        return msgspec.json.decode(content, type=Anchor)
    except msgspec.MsgspecError:
        return None
