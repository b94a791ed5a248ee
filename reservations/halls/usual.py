"""The hall whose plan new dates get: those of an activity, or of all that an organiser has at a place."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from msgspec import Struct

from reservations.halls.dates.sitting import hang, take_down
from reservations.seats.plan import SeatPlan
from reservations.sessions.changing import lock_sessions
from uit.core.errors import Refusal
from uit.database.statements import Executor, Statements
from uit.services.audit import Author

SQL = Statements(__name__)
Kind = Literal["event", "venue"]


class UsualHall(Struct, frozen=True):
    """Of an activity or a place, by its name; `hall` is None where its dates have no plan."""

    of_kind: Kind
    of_name: str
    hall: str | None


class ActivityAndPlace(Struct, frozen=True):
    """The activity of a date, and the place where that is, if any."""

    event_id: UUID
    event: str
    venue_id: UUID | None
    venue: str | None

    def id_of(self, kind: Kind) -> UUID | None:
        return self.event_id if kind == "event" else self.venue_id


class PlanOfHall(Struct, frozen=True):
    """A plan with the hall that it is of."""

    hall_id: UUID
    plan: SeatPlan


class DateToCome(Struct, frozen=True):
    id: UUID
    has_plan: bool


class ForDates(Struct, frozen=True):
    """All dates of an activity of an organiser, or all at a place, also those that come later."""

    organiser_id: UUID
    kind: Kind
    of_id: UUID


read_activity_and_place = SQL.one("read_activity_and_place", ActivityAndPlace)
read_usual = SQL.many("read_usual", UsualHall)
coming_dates = SQL.many("coming_dates", DateToCome)
write_usual = SQL.command("write_usual")
copy_usual = SQL.command("copy_usual")


async def hang_for(
    tx: Executor, author: Author, session_id: UUID, hall: PlanOfHall, others: ForDates | None
) -> Refusal | None:
    """Hang a plan at a date, and at the other dates that are meant where these have none yet."""
    dates = await coming(tx, author, others) if others else []
    await lock_sessions(tx, author.region_id, [session_id, *(each.id for each in dates)])
    refusal = await hang(tx, author, session_id, hall.plan)
    if refusal or others is None:
        return refusal
    for each in dates:
        if not each.has_plan and each.id != session_id:
            await hang(tx, author, each.id, hall.plan)
    await make_usual(tx, author, others, hall.hall_id)
    return None


async def take_down_for(
    tx: Executor, author: Author, session_id: UUID, others: ForDates | None
) -> Refusal | None:
    """Let a date have no plan, and the dates that are made later; those that have one keep it."""
    refusal = await take_down(tx, author, session_id)
    if others and not refusal:
        await make_usual(tx, author, others, None)
    return refusal


async def coming(tx: Executor, author: Author, dates: ForDates) -> Sequence[DateToCome]:
    return await coming_dates(tx, author.region_id, dates.organiser_id, dates.kind, dates.of_id, author.now)


async def make_usual(tx: Executor, author: Author, dates: ForDates, hall_id: UUID | None) -> None:
    """From now on new dates get the plan of this hall that was saved last; without one they get none."""
    await write_usual(tx, author.region_id, dates.organiser_id, dates.kind, dates.of_id, hall_id, author.now)
    await author.note(tx, "seat_plan.make_usual", dates.kind, dates.of_id, hall=str(hall_id or ""))
