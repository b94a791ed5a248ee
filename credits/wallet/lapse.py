"""Lapsing: available credit returns to its fund when its time has passed. Held credit does not lapse."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from uit.core.ids import Ids
from uit.database.statements import Executor, Statements
from uit.services.services import Services

SQL = Statements(__name__)
MOST_AT_ONCE = 500


class DuePurse(Struct, frozen=True):
    region_id: int
    id: UUID
    fund_id: UUID


class LockedPurse(Struct, frozen=True):
    id: UUID


find_due = SQL.many("find_due", DuePurse)
lock_funds = SQL.command("lock_funds")
lock_purses = SQL.many("lock_purses", LockedPurse)
write_lapses = SQL.command("write_lapses")
finish = SQL.command("finish")


async def lapse_due(services: Services, now: datetime) -> int:
    """Lapse all due purses, a transaction per batch; returns their number. Several processes may run it."""
    lapsed = 0
    while done := await lapse_some(services, now):
        lapsed += done
    return lapsed


async def lapse_some(services: Services, now: datetime) -> int:
    """One batch of what is due; returns how many purses, 0 when none is due."""
    async with services.database.transaction() as tx:
        return await lapse_batch(tx, services.ids, now)


async def lapse_batch(tx: Executor, ids: Ids, now: datetime, at_once: int = MOST_AT_ONCE) -> int:
    """Look at up to so many purses of one region, the longest due first; returns how many.

    The fund is locked before the wallets, as for a grant. What a booking has locked is for a next time.
    """
    due = await find_due(tx, now, at_once)
    if not due:
        return 0
    region_id = due[0].region_id
    ours = [each for each in due if each.region_id == region_id]
    await lock_funds(tx, region_id, list({each.fund_id for each in ours}))
    purses = [each.id for each in await lock_purses(tx, region_id, [each.id for each in ours], now)]
    await write_lapses(tx, region_id, purses, [ids.new() for _ in purses], now)
    return await finish(tx, region_id, purses, now)
