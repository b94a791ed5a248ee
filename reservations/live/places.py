"""What is free of a session, and what of it is told to who looks."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cached_property
from itertools import groupby
from uuid import UUID

from msgspec import Struct

from reservations.booking.facts import Holder
from reservations.catalogue.agenda import (
    Availability,
    TariffOnSale,
    TariffRow,
    availability_of,
    most_places_left,
    still_free,
)
from reservations.live.live import Live
from uit.core.clock import Clock, day_in_flanders
from uit.database.pool import Database
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class WatchedTariff(TariffOnSale, frozen=True, kw_only=True):
    """A tariff with what its session says of its sale."""

    status: str
    starts_at: datetime
    sale_opens_at: datetime | None
    sale_closes_at: datetime


class WatchedRow(TariffRow, frozen=True):
    """The same as it is read."""

    status: str
    starts_at: datetime
    sale_opens_at: datetime | None
    sale_closes_at: datetime


class WatchedSession(Struct, frozen=True, dict=True):
    """A session as it was a second ago. `phase`: whether it could be booked then, if there were places."""

    phase: Availability
    tariffs: tuple[WatchedTariff, ...]

    def free_for(self, member: Holder | None) -> "Free":
        """What a card says of it to a member, or to anybody."""
        return self._free_for(member) if member else self._for_anybody

    @cached_property
    def _for_anybody(self) -> "Free":
        """Reckoned once for all strangers, who are most of those who look."""
        return self._free_for(None)

    def _free_for(self, member: Holder | None) -> "Free":
        session = self.tariffs[0]
        left = most_places_left(still_free(self.tariffs, member, day_in_flanders(session.starts_at)))
        is_full = self.phase is Availability.OPEN and left == 0
        return Free(Availability.FULL if is_full else self.phase, left, OpensAt(session.sale_opens_at))


class OpensAt(Struct, frozen=True):
    sale_opens_at: datetime | None


class Free(Struct, frozen=True):
    """The part of a card that changes while somebody looks at it."""

    availability: Availability
    places_left: int | None
    session: OpensAt


read_watched = SQL.many("read_watched", WatchedRow)


class LivePlaces(Live[Free]):
    """What is free, for everybody."""

    def __init__(self, database: Database, clock: Clock, is_stopping: Callable[[], bool]) -> None:
        super().__init__(database, clock, is_stopping, read_sessions)


async def read_sessions(
    tx: Executor, region_id: int, session_ids: list[UUID], now: datetime
) -> Iterable[tuple[UUID, WatchedSession]]:
    return sessions_of(await read_watched(tx, region_id, session_ids, now), now)


def sessions_of(found: Iterable[WatchedRow], now: datetime) -> Iterable[tuple[UUID, WatchedSession]]:
    for session_id, rows in groupby(found, key=lambda each: each.session_id):
        tariffs = tuple(each.as_tariff(WatchedTariff) for each in rows)
        yield session_id, WatchedSession(availability_of(tariffs[0], None, now), tariffs)
