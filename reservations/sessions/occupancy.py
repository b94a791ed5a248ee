"""How full it is, as an organiser sees it and a door counts it: never who comes, only how many."""

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


class Filling(Struct, frozen=True):
    """A session with the places of its outermost pools; `held` are set apart for channels."""

    id: UUID
    event: str
    venue: str
    starts_at: datetime
    ends_at: datetime
    status: str
    taken: int
    held: int
    capacity: int


class PoolFilling(Struct, frozen=True):
    id: UUID
    name: str
    taken: int
    held: int
    capacity: int
    licensed_capacity: int


class TariffFilling(Struct, frozen=True):
    """How many people come at a tariff. Counted together: at one ticket it would tell who has little."""

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
    """What one booking brings to a session."""

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
    """A session, and how many people went in of those who have a ticket."""

    event: str
    venue: str
    starts_at: datetime
    ends_at: datetime
    status: str
    inside: int
    expected: int


read_organiser = SQL.value("read_organiser", str)
list_fillings = SQL.many("list_fillings", Filling)
read_attendance = SQL.maybe("read_attendance", Attendance)
read_pools = SQL.many("read_pools", PoolFilling)
read_tariffs = SQL.many("read_tariffs", TariffFilling)
read_touched = SQL.one("read_touched", Touched)
read_party = SQL.many("read_party", PartyTicket)
read_parties = SQL.many("read_parties", Party)


async def coming_sessions(
    tx: Executor, region_id: int, organiser_id: UUID, since: datetime, after: Cursor | None
) -> tuple[Sequence[Filling], Cursor | None]:
    """An organiser's sessions that end after `since`, soonest first, and where the next page begins."""
    start = after or Cursor(datetime.min.replace(tzinfo=since.tzinfo), FIRST)
    found = await list_fillings(tx, region_id, organiser_id, since, start.starts_at, start.id, PAGE + 1)
    shown = found[:PAGE]
    return shown, Cursor(shown[-1].starts_at, shown[-1].id) if len(found) > PAGE else None


async def parties_of(
    tx: Executor, region_id: int, session_id: UUID, after: UUID
) -> tuple[Sequence[Party], UUID | None]:
    """Who comes, as bookings, and after which the next page begins."""
    found = await read_parties(tx, region_id, session_id, after, PARTIES_SHOWN + 1)
    shown = found[:PARTIES_SHOWN]
    return shown, shown[-1].booking_id if len(found) > PARTIES_SHOWN else None
