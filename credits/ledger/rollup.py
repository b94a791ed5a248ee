"""Accounts that many bookings add to at once are appended to, and added up here, outside the booking."""

from uit.database.statements import Statements
from uit.services.services import Services

SQL = Statements(__name__)
MOST_AT_ONCE = 10_000

roll_up_entries = SQL.value("roll_up_entries", int)


async def roll_up(services: Services) -> int:
    """Add waiting entries to the balances of their accounts, a transaction per batch; returns how many."""
    rolled_up = 0
    while True:
        async with services.database.transaction() as tx:
            done = await roll_up_entries(tx, services.clock.now(), MOST_AT_ONCE)
        if not done:
            return rolled_up
        rolled_up += done
