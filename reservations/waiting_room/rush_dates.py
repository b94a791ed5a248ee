"""Where an officer may make a waiting room: the sale begins later, or there is a room already."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
AHEAD: Final = timedelta(days=400)
MOST: Final = 100


class RushDate(Struct, frozen=True):
    """A date with its organiser. `has_room`: people can wait for it."""

    session_id: UUID
    organiser_id: UUID
    organiser: str
    name: str
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime | None
    has_room: bool


read_rush_dates = SQL.many("read_rush_dates", RushDate)


async def rush_dates(tx: Executor, region_id: int, now: datetime) -> list[RushDate]:
    """Those whose sale begins soonest come first."""
    return await read_rush_dates(tx, region_id, now, now + AHEAD, MOST)
