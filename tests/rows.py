"""How many rows a question reads, whatever plan it gets: the server counts them."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.builders import World
from tests.test_sql import rows_read
from uit.database.statements import Executor


@asynccontextmanager
async def counting_rows(world: World, plan: str) -> AsyncIterator[tuple[Executor, Counter[str]]]:
    """A connection, and the rows of each table that are read on it: known when the block is left.

    `plan`: `force_generic_plan` for any values, `force_custom_plan` for those that are asked.
    """
    read: Counter[str] = Counter()
    await world.value("SELECT pg_stat_force_next_flush()")
    before = await rows_read(world)
    async with world.services.database.transaction() as tx:
        await tx.execute(f"SET LOCAL plan_cache_mode = {plan}")
        yield tx, read
        await tx.execute("SELECT pg_stat_force_next_flush()")
    read.update(await rows_read(world) - before)
