"""The regions of this installation. They are few and rarely change, and every request needs one."""

from msgspec import Struct

from uit.core.clock import Clock
from uit.database.pool import Database
from uit.database.statements import Statements

SQL = Statements(__name__)
SECONDS_KEPT = 60


class Region(Struct, frozen=True):
    """A kaartsysteem: one or more municipalities with one scheme. `slug` is the first part of its URLs."""

    id: int
    slug: str
    name: str
    help_phone: str | None
    help_text: str | None


read_regions = SQL.many("read_regions", Region)
add_region = SQL.command("add_region")
add_municipalities = SQL.command("add_municipalities")


class Regions:
    """All regions, read from the database again after SECONDS_KEPT."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._known: dict[str, Region] = {}
        self._read_again_at = 0.0

    async def every(self) -> list[Region]:
        if self._clock.now().timestamp() >= self._read_again_at:
            async with self._database.reading() as connection:
                self._known = {region.slug: region for region in await read_regions(connection)}
            self._read_again_at = self._clock.now().timestamp() + SECONDS_KEPT
        return list(self._known.values())

    async def by_slug(self, slug: str) -> Region | None:
        await self.every()
        return self._known.get(slug)

    async def by_id(self, region_id: int) -> Region | None:
        return next((region for region in await self.every() if region.id == region_id), None)
