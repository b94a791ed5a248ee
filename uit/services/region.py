"""The regions of this installation. They are few and rarely change, and every request needs one."""

import re
from typing import Final

from msgspec import Struct

from uit.core.clock import Clock
from uit.database.pool import Database
from uit.database.statements import Statements

SQL = Statements(__name__)
SECONDS_KEPT = 60
SECONDS_UNKNOWN = 5
"""How long a slug counts as that of no region: one may have been added since the last reading."""
SLUG: Final = re.compile(r"[a-z][a-z0-9-]{1,30}")
RESERVED_SLUGS: Final = frozenset(
    {
        "aanmelden",
        "afmelden",
        "api",
        "assets",
        "de",
        "deur",
        "en",
        "fr",
        "health",
        "hulp",
        "labels",
        "metrics",
        "mijn",
        "nl",
        "oauth",
        "platform",
        "privacy",
        "problems",
        "schema",
        "stripe",
        "team",
        "toegankelijkheid",
        "voorbeeld",
    }
)
"""How addresses begin, or will in other languages, that are of no region; and what commands call Flanders."""


class Region(Struct, frozen=True):
    """A kaartsysteem: one or more municipalities with one scheme. `slug` is the first part of its URLs.

    `own_outings_from`: the age from which a parent does not see where a young person goes.
    """

    id: int
    slug: str
    name: str
    help_phone: str | None
    help_text: str | None
    own_outings_from: int = 16


class TownOfRegion(Struct, frozen=True):
    region_id: int
    refnis: str
    name: str


read_regions = SQL.many("read_regions", Region)
add_region = SQL.command("add_region")
add_municipalities = SQL.command("add_municipalities")
lock_platform = SQL.command("lock_platform")
insert_region = SQL.value("insert_region", int)
read_towns_of_regions = SQL.many("read_towns_of_regions", TownOfRegion)


class Regions:
    """All regions, read from the database again after SECONDS_KEPT."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._known: dict[str, Region] = {}
        self._read_at = float("-inf")

    async def every(self) -> list[Region]:
        await self._read(SECONDS_KEPT)
        return list(self._known.values())

    async def by_slug(self, slug: str) -> Region | None:
        await self._read(SECONDS_KEPT)
        if slug not in self._known:
            await self._read(SECONDS_UNKNOWN)
        return self._known.get(slug)

    async def by_id(self, region_id: int) -> Region | None:
        return next((region for region in await self.every() if region.id == region_id), None)

    async def _read(self, seconds_kept: float) -> None:
        """Read the regions, unless what is known is younger than this."""
        now = self._clock.now().timestamp()
        if now - self._read_at >= seconds_kept:
            async with self._database.reading() as connection:
                self._known = {region.slug: region for region in await read_regions(connection)}
            self._read_at = now
