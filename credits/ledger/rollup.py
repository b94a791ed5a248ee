"""Adds the entries that bookings appended to payable accounts to the balances of these accounts."""

from msgspec import Struct

from uit.database.statements import Statements
from uit.services.services import Services

SQL = Statements(__name__)
MOST_AT_ONCE = 10_000


class RegionWithEntries(Struct, frozen=True):
    region_id: int


regions_with_entries = SQL.many("regions_with_entries", RegionWithEntries)
roll_up_entries = SQL.value("roll_up_entries", int)


async def roll_up(services: Services) -> int:
    """Add all waiting entries to the balances, region by region; returns the number of entries."""
    async with services.database.reading() as connection:
        regions = await regions_with_entries(connection)
    return sum([await roll_up_region(services, each.region_id) for each in regions])


async def roll_up_region(services: Services, region_id: int) -> int:
    """Add all waiting entries of a region, one transaction per batch."""
    rolled_up = 0
    while True:
        async with services.database.transaction() as tx:
            done = await roll_up_entries(tx, region_id, services.clock.now(), MOST_AT_ONCE)
        if not done:
            return rolled_up
        rolled_up += done
