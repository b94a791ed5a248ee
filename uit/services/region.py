"""The regions of this installation. They are few and rarely change, and every request needs one."""

import asyncio
import re
from typing import Final

from msgspec import Struct

from uit.core.clock import Clock
from uit.database.pool import Database
from uit.database.statements import Executor, Statements
from uit.services.audit import Author

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
        "code",
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
        "taal",
        "team",
        "toegankelijkheid",
        "voorbeeld",
    }
)
"""How addresses begin, or will in other languages, that are of no region; and what commands call Flanders."""


YOUNGEST_OWN: Final = 12
OLDEST_OWN: Final = 18
"""Between these a region says from which age parents do not see where a young person goes."""


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
set_own_outings = SQL.command("set_own_outings")
lock_platform = SQL.command("lock_platform")
insert_region = SQL.value("insert_region", int)
read_towns_of_regions = SQL.many("read_towns_of_regions", TownOfRegion)


async def change_own_outings(tx: Executor, author: Author, age: int) -> None:
    """From which age parents do not see where a young person goes; what is so already writes nothing."""
    if await set_own_outings(tx, author.region_id, age):
        await author.note(tx, "region.settings", "region", author.region_id, own_outings_from=age)


class Regions:
    """All regions, read from the database again after SECONDS_KEPT: once for all who ask at that moment."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._known: dict[str, Region] = {}
        self._read_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None

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

    def forget(self) -> None:
        """Read them again at the next question, since one of them changed."""
        self._read_at, self._reading = float("-inf"), None

    async def _read(self, seconds_kept: float) -> None:
        """Read the regions, unless what is known is younger than this."""
        while self._clock.now().timestamp() - self._read_at >= seconds_kept:
            if self._reading is None:
                self._reading = asyncio.create_task(self._read_all())
            await asyncio.shield(self._reading)

    async def _read_all(self) -> None:
        """What was read before `forget` is not kept: one of them may have changed since."""
        own, now = asyncio.current_task(), self._clock.now().timestamp()
        try:
            async with self._database.reading() as connection:
                found = {region.slug: region for region in await read_regions(connection)}
            if self._reading is own:
                self._known, self._read_at = found, now
        finally:
            if self._reading is own:
                self._reading = None
