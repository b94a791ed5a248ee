"""Lapsing: available credit returns to its fund when its time has passed. Held credit does not lapse."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from uit.core.ids import Ids
from uit.database.statements import Executor, Statements
from uit.services.services import Services

SQL = Statements(__name__)
MOST_AT_ONCE = 500


class Key(Struct, frozen=True):
    region_id: int
    id: UUID


lock_due_funds = SQL.many("lock_due_funds", Key)
lock_due_purses = SQL.many("lock_due_purses", Key)
write_lapses = SQL.command("write_lapses")


async def lapse_due(services: Services, now: datetime) -> int:
    """Lapse all due purses, a transaction per batch; returns their number. Several processes may run it."""
    lapsed = 0
    while True:
        async with services.database.transaction() as tx:
            done = await lapse_batch(tx, services.ids, now)
        if not done:
            return lapsed
        lapsed += done


async def lapse_batch(tx: Executor, ids: Ids, now: datetime) -> int:
    """Lapse up to MOST_AT_ONCE purses. Purses that are locked by others are skipped until a next run."""
    funds = await lock_due_funds(tx, now)
    purses = await lock_due_purses(
        tx, now, [fund.region_id for fund in funds], [fund.id for fund in funds], MOST_AT_ONCE
    )
    regions, keys = [purse.region_id for purse in purses], [purse.id for purse in purses]
    return await write_lapses(tx, regions, keys, [ids.new() for _ in purses], now) if purses else 0
