"""Adds the entries that bookings appended to payable accounts to the balances of these accounts."""

from uit.database.statements import Statements
from uit.services.services import Services

SQL = Statements(__name__)
MOST_AT_ONCE = 10_000

roll_up_entries = SQL.value("roll_up_entries", int)


async def roll_up(services: Services) -> int:
    """Add all waiting entries to the balances, one transaction per batch; returns the number of entries."""
    rolled_up = 0
    while True:
        async with services.database.transaction() as tx:
            done = await roll_up_entries(tx, services.clock.now(), MOST_AT_ONCE)
        if not done:
            return rolled_up
        rolled_up += done
