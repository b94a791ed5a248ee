"""The evenings of an organiser: those of today and what they need, those to come, and those that were."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.cursor import Cursor
from reservations.sessions.occupancy import SessionOccupancy
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
SOON: Final = timedelta(days=7)
"""What is not in order then still can be."""
AHEAD: Final = timedelta(days=30)
MOST_SESSIONS: Final = 100
MOST_UNDECIDED: Final = 20
PAGE: Final = 30
LAST: Final = UUID(int=2**128 - 1)
BEYOND: Final = timedelta(days=36_500)


class Evening(SessionOccupancy, frozen=True):
    """A session soon, with who is in. `unpaid` bookings wait; `missed` of them a message did not reach.

    So many stand on its list `waiting`, and so many have an offer that they did not answer yet.
    """

    inside: int
    expected: int
    unpaid: int
    missed: int
    waiting: int
    offered: int


class UndecidedDate(Struct, frozen=True):
    """A date that is called off or postponed, and how many `bookings` of it still stand."""

    id: UUID
    event: str
    starts_at: datetime
    ends_at: datetime
    status: str
    choose_until: datetime | None
    bookings: int


class FillingSession(Struct, frozen=True):
    """A session to come. On each of its `days` so many `people` booked who still come."""

    id: UUID
    event: str
    starts_at: datetime
    ends_at: datetime
    status: str
    taken: int
    held: int
    capacity: int
    days: list[date]
    people: list[int]


class PastEvening(Struct, frozen=True):
    """An evening that is over. `gross_cents` has credit in it; None until all of it is settled."""

    id: UUID
    event: str
    starts_at: datetime
    ends_at: datetime
    status: str
    inside: int
    expected: int
    gross_cents: int | None
    credit_cents: int | None


read_soon = SQL.many("read_soon", Evening)
read_undecided = SQL.many("read_undecided", UndecidedDate)
count_to_pay_back = SQL.value("count_to_pay_back", int)
read_filling = SQL.many("read_filling", FillingSession)
read_past = SQL.many("read_past", PastEvening)


async def soon(tx: Executor, region_id: int, organiser_id: UUID, now: datetime) -> Sequence[Evening]:
    return await read_soon(tx, region_id, organiser_id, now, now + SOON, MOST_SESSIONS)


async def undecided(
    tx: Executor, region_id: int, organiser_id: UUID, now: datetime
) -> Sequence[UndecidedDate]:
    return await read_undecided(tx, region_id, organiser_id, now, MOST_UNDECIDED)


async def ahead(tx: Executor, region_id: int, organiser_id: UUID, now: datetime) -> Sequence[FillingSession]:
    return await read_filling(tx, region_id, organiser_id, now, now + AHEAD, MOST_SESSIONS)


async def past(
    tx: Executor, region_id: int, organiser_id: UUID, now: datetime, before: Cursor | None
) -> tuple[Sequence[PastEvening], Cursor | None]:
    """A page of what was, the last first, and where the next one begins."""
    start = before or Cursor(now + BEYOND, LAST)
    found = await read_past(tx, region_id, organiser_id, now, start.starts_at, start.id, PAGE + 1)
    shown = found[:PAGE]
    return shown, Cursor(shown[-1].starts_at, shown[-1].id) if len(found) > PAGE else None
