"""The occupancy of sessions, for organisers and doors: numbers of people, never who they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.cursor import Cursor
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

PAGE: Final = 50
PARTIES_SHOWN: Final = 200
FIRST: Final = UUID(int=0)


class SessionOccupancy(Struct, frozen=True):
    """A session with the places of its outermost pools; `held` places are reserved for other channels.

    Its event is shown to the public from `visible_from` until `visible_to`; None is no limit.
    """

    id: UUID
    event: str
    venue: str
    starts_at: datetime
    ends_at: datetime
    status: str
    visible_from: datetime | None
    visible_to: datetime | None
    taken: int
    held: int
    capacity: int


class PoolOccupancy(Struct, frozen=True):
    id: UUID
    name: str
    taken: int
    held: int
    capacity: int
    licensed_capacity: int


class TariffOccupancy(Struct, frozen=True):
    """The number of people by tariff. Only totals are shown: the tariff of one ticket shows low income."""

    name: str
    price_cents: int
    expected: int
    inside: int


class Touched(Struct, frozen=True):
    """Whom a change of a date concerns: bookings with a ticket for it, their people, and who gets a mail."""

    bookings: int
    people: int
    told: int


class Party(Struct, frozen=True):
    """The people of one booking at a session."""

    booking_id: UUID
    expected: int
    inside: int


class PartyTicket(Struct, frozen=True):
    """A ticket of a party: whether it was used, when, and by which check-in."""

    line_no: int
    no: int
    status: str
    people: int
    seat: str | None
    attended_at: datetime | None
    checkin_id: UUID | None


class Attendance(Struct, frozen=True):
    """A session, and the people who are inside of those who are expected."""

    event: str
    venue: str
    starts_at: datetime
    ends_at: datetime
    status: str
    status_reason: str | None
    visible_from: datetime | None
    visible_to: datetime | None
    inside: int
    expected: int


read_organiser = SQL.value("read_organiser", str)
list_occupancy = SQL.many("list_occupancy", SessionOccupancy)
read_attendance = SQL.maybe("read_attendance", Attendance)
read_pools = SQL.many("read_pools", PoolOccupancy)
read_tariffs = SQL.many("read_tariffs", TariffOccupancy)
read_touched = SQL.one("read_touched", Touched)
read_party = SQL.many("read_party", PartyTicket)
read_parties = SQL.many("read_parties", Party)


async def coming_sessions(
    tx: Executor, region_id: int, organiser_id: UUID, since: datetime, after: Cursor | None
) -> tuple[Sequence[SessionOccupancy], Cursor | None]:
    """The sessions of an organiser that end after `since`, soonest first, and the cursor of the next page."""
    start = after or Cursor(datetime.min.replace(tzinfo=since.tzinfo), FIRST)
    found = await list_occupancy(tx, region_id, organiser_id, since, start.starts_at, start.id, PAGE + 1)
    shown = found[:PAGE]
    return shown, Cursor(shown[-1].starts_at, shown[-1].id) if len(found) > PAGE else None


async def parties_of(
    tx: Executor, region_id: int, session_id: UUID, after: UUID
) -> tuple[Sequence[Party], UUID | None]:
    """The bookings of a session, and the booking after which the next page begins."""
    found = await read_parties(tx, region_id, session_id, after, PARTIES_SHOWN + 1)
    shown = found[:PARTIES_SHOWN]
    return shown, shown[-1].booking_id if len(found) > PARTIES_SHOWN else None
