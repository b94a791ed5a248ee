"""How many booked and how many are in, said to every desk page of an organiser that is open."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from reservations.booking.facts import Holder
from reservations.live.live import Live
from uit.core.clock import Clock
from uit.database.pool import Database
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class LiveEvening(Struct, frozen=True):
    """A session with the places of its rooms, and the people who are in of those who are expected.

    `capacity` is as lists say it: see `SessionOccupancy`.
    """

    id: UUID
    organiser_id: UUID
    taken: int
    held: int
    capacity: int
    inside: int
    expected: int

    def free_for(self, _member: Holder | None) -> "LiveEvening":
        """All of a desk are told the same."""
        return self


read_evenings = SQL.many("read_evenings", LiveEvening)


class LiveEvenings(Live[LiveEvening]):
    def __init__(self, database: Database, clock: Clock, is_stopping: Callable[[], bool]) -> None:
        super().__init__(database, clock, is_stopping, read_by_id)


async def read_by_id(
    tx: Executor, region_id: int, session_ids: list[UUID], _now: datetime
) -> Iterable[tuple[UUID, LiveEvening]]:
    return [(each.id, each) for each in await read_evenings(tx, region_id, session_ids)]
