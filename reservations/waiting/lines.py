"""The lines of an organiser: the dates for which somebody waits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
MOST: Final = 200


class WaitedFor(Struct, frozen=True):
    """A date to come for which so many are `waiting`, or are `offered` places and did not answer yet."""

    id: UUID
    event: str
    starts_at: datetime
    ends_at: datetime
    waiting: int
    offered: int


read_lines = SQL.many("read_lines", WaitedFor)


async def lines_of(tx: Executor, region_id: int, organiser_id: UUID, now: datetime) -> Sequence[WaitedFor]:
    """At most MOST of them, the soonest first."""
    return await read_lines(tx, region_id, organiser_id, now, MOST)
