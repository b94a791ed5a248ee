"""The occupancy of sessions, for organisers and doors: numbers of people, never who they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.cursor import Cursor
from reservations.sessions.small_cells import shown_cells
from uit.core.translation import gettext as _
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

PAGE: Final = 50
FIRST: Final = UUID(int=0)


class SessionOccupancy(Struct, frozen=True):
    """A session with the places of its outermost pools; `held` places are reserved for other channels.

    `capacity` is under the measures of now. Where seats are numbered no more of it is free than seats are.

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
    """`in_force`: how many places there are under the measures of now, where `capacity` is what was set.

    `bookable`: how many of those are taken or can be booked, where seats are numbered; None of a part, and of
    what is shared.
    """

    id: UUID
    name: str
    kind: str
    taken: int
    held: int
    licensed_capacity: int
    capacity: int
    in_force: int
    bookable: int | None = None

    @property
    def without_seat(self) -> int:
        """How many places cannot be booked since no seat is left for them."""
        return 0 if self.bookable is None else max(0, self.in_force - self.bookable)


class TariffOccupancy(Struct, frozen=True):
    """The number of people by tariff. Only totals are shown: the tariff of one ticket shows low income."""

    name: str
    price_cents: int
    expected: int
    inside: int


class ShownTariff(Struct, frozen=True):
    """A tariff as a page may show it: None is a figure that would tell who paid it."""

    name: str
    price_cents: int
    expected: int | None
    inside: int | None


class Touched(Struct, frozen=True):
    """Whom a change of a date concerns: bookings with a ticket for it, and their people."""

    bookings: int
    people: int


class PartyTicket(Struct, frozen=True):
    """A ticket of a party: whether it was used, when, and by which check-in.

    `label`: what a door says of its price; empty for the price for everybody and one that tells a status.
    """

    line_no: int
    no: int
    status: str
    people: int
    seat: str | None
    attended_at: datetime | None
    checkin_id: UUID | None
    label: str


class Attendance(Struct, frozen=True):
    """A session, and the people who are inside of those who are expected.

    `is_another`: it was called off, postponed or moved since it was booked. `choose_until`: until when who
    booked what was called off chooses; None where all of it goes back at once. `is_turn_card`: it is sold as
    cards of turns, and has no moment or door.
    """

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
    is_another: bool
    choose_until: datetime | None
    is_turn_card: bool

    @property
    def has_door(self) -> bool:
        """Whether people come in by a ticket at the time that it has."""
        return self.takes_place and not self.is_turn_card

    @property
    def takes_place(self) -> bool:
        """Whether people come at the time that it has."""
        return self.status not in {"cancelled", "postponed"}

    @property
    def off_words(self) -> str:
        """How the bookings stand that it has, where it does not take place; else nothing."""
        if self.status == "postponed":
            return _("wacht op een nieuwe datum")
        if self.status != "cancelled":
            return ""
        return _("kiest nog") if self.choose_until else _("krijgt alles terug")


read_organiser = SQL.value("read_organiser", str)
list_occupancy = SQL.many("list_occupancy", SessionOccupancy)
read_attendance = SQL.maybe("read_attendance", Attendance)
read_pools = SQL.many("read_pools", PoolOccupancy)
read_tariffs = SQL.many("read_tariffs", TariffOccupancy)
is_settled = SQL.value("is_settled", bool)
read_touched = SQL.one("read_touched", Touched)
read_party = SQL.many("read_party", PartyTicket)


async def shown_tariffs(
    tx: Executor, region_id: int, organiser_id: UUID, session_id: UUID, now: datetime
) -> list[ShownTariff]:
    """The people by tariff, where that tells of nobody in particular: all of it once it is settled."""
    tariffs = await read_tariffs(tx, region_id, session_id)
    if await is_settled(tx, region_id, organiser_id, session_id, now):
        return [ShownTariff(each.name, each.price_cents, each.expected, each.inside) for each in tariffs]
    expected = shown_cells([each.expected for each in tariffs])
    return [
        ShownTariff(each.name, each.price_cents, people, None)
        for each, people in zip(tariffs, expected, strict=True)
    ]


async def coming_sessions(
    tx: Executor, region_id: int, organiser_id: UUID, since: datetime, after: Cursor | None
) -> tuple[Sequence[SessionOccupancy], Cursor | None]:
    """The sessions of an organiser that end after `since`, soonest first, and the cursor of the next page."""
    start = after or Cursor(datetime.min.replace(tzinfo=since.tzinfo), FIRST)
    found = await list_occupancy(tx, region_id, organiser_id, since, start.starts_at, start.id, PAGE + 1)
    shown = found[:PAGE]
    return shown, Cursor(shown[-1].starts_at, shown[-1].id) if len(found) > PAGE else None
