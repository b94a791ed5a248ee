"""The pools of a date as its desk sees them, and how they nest. Locked before they change.

Whoever changes what a date draws on holds the locks of all its pools, so that no booking is decided on what
was so before. What was booked keeps the pools that it drew on: nothing that is sold moves.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
MOST_PLACES: Final = 999_999
"""What a form takes at most for the places of a pool."""
PARTS: Final = ("part", "wheelchair", "companion")


class SessionPool(Struct, frozen=True):
    """A pool that a date draws on. `in_force`: its places under the measures of now."""

    session_id: UUID
    id: UUID
    parent_id: UUID | None
    kind: str
    name: str
    licensed_capacity: int
    capacity: int
    in_force: int
    taken: int
    held: int

    @property
    def is_part(self) -> bool:
        return self.kind in PARTS


class SessionTariff(Struct, frozen=True):
    """A tariff of a date, and the pools that a ticket of it draws on."""

    session_id: UUID
    code: str
    name: str
    price_cents: int
    pool_ids: list[UUID]


class ComingSession(Struct, frozen=True):
    id: UUID
    starts_at: datetime
    ends_at: datetime


lock_pools = SQL.command("lock_pools")
read_pools = SQL.many("read_pools", SessionPool)
read_tariffs = SQL.many("read_tariffs", SessionTariff)
dates_of_activity = SQL.many("dates_of_activity", ComingSession)
"""The dates to come of the activity of a date, that one among them, of its organiser."""
insert_pools = SQL.command("insert_pools")
move_pools = SQL.command("move_pools")
draw_on = SQL.command("draw_on")
let_tariffs_draw = SQL.command("let_tariffs_draw")


class Layout:
    """What one date draws on."""

    def __init__(self, pools: Iterable[SessionPool], tariffs: Iterable[SessionTariff]) -> None:
        self.pools = {each.id: each for each in pools}
        self.tariffs = list(tariffs)

    @property
    def room(self) -> SessionPool | None:
        return next(
            (each for each in self.pools.values() if each.kind == "room" and not each.parent_id), None
        )

    @property
    def parts(self) -> list[SessionPool]:
        return [each for each in self.pools.values() if each.is_part]

    def part_of(self, tariff: SessionTariff) -> SessionPool | None:
        """The innermost part in which tickets of a tariff count; None: in the room alone."""
        theirs = [self.pools[each] for each in tariff.pool_ids if each in self.pools]
        parts = [each for each in theirs if each.is_part]
        parents = {each.parent_id for each in parts}
        return next((each for each in parts if each.id not in parents), None)

    def drawn_in(self, pool: SessionPool | None) -> list[UUID]:
        """All that a ticket draws on that counts in a part: that, what it is in, and what the date shares."""
        found: list[UUID] = []
        inner = pool or self.room
        while inner and inner.id not in found:
            found.append(inner.id)
            inner = self.pools.get(inner.parent_id) if inner.parent_id else None
        return [*found, *(each.id for each in self.pools.values() if each.kind == "shared")]

    def is_used(self, pool: SessionPool) -> bool:
        """Whether a tariff counts in a part, or another part is in it."""
        drawn = any(pool.id in each.pool_ids for each in self.tariffs)
        return drawn or any(each.parent_id == pool.id for each in self.pools.values())


async def read_layouts(tx: Executor, region_id: int, session_ids: Sequence[UUID]) -> Mapping[UUID, Layout]:
    """Of each of these dates what it draws on."""
    pools = await read_pools(tx, region_id, session_ids)
    tariffs = await read_tariffs(tx, region_id, session_ids)
    return {
        session_id: Layout(
            [each for each in pools if each.session_id == session_id],
            [each for each in tariffs if each.session_id == session_id],
        )
        for session_id in session_ids
    }


async def lock_layouts(
    tx: Executor, region_id: int, session_ids: Sequence[UUID], others: Sequence[UUID] = ()
) -> Mapping[UUID, Layout]:
    """The same under the locks of all these pools and of `others`, in the order in which bookings lock."""
    await lock_pools(tx, region_id, session_ids, others)
    return await read_layouts(tx, region_id, session_ids)
