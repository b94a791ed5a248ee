"""The seat plans of an organiser. One never changes: what is saved is another plan of the same hall."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from reservations.seats.plan import PlanLine, SeatPlan
from uit.database.statements import Executor, Statements, as_json
from uit.services.audit import Author

SQL = Statements(__name__)


class HallPlan(Struct, frozen=True):
    """The plan of a hall that was saved last, and on how many dates to come plans of it hang."""

    id: UUID
    hall_id: UUID
    name: str
    venue: str | None
    seats: int
    made_at: datetime
    dates: int


class StoredHallPlan(Struct, frozen=True):
    """A plan of an organiser; `lines` are JSON."""

    id: UUID
    hall_id: UUID
    venue_id: UUID | None
    name: str
    best_row: str | None
    lines: str

    @property
    def plan_lines(self) -> list[PlanLine]:
        return msgspec.json.decode(self.lines, type=list[PlanLine])


class NewPlan(Struct, frozen=True):
    """A plan to save. Without `hall_id` it is of a new hall."""

    id: UUID
    hall_id: UUID | None
    name: str
    venue_id: UUID | None
    best_row: str | None
    lines: Sequence[PlanLine]

    @property
    def seat_plan(self) -> SeatPlan:
        return SeatPlan(self.id, self.lines, self.best_row)


class VenueChoice(Struct, frozen=True):
    id: UUID
    name: str


list_plans = SQL.many("list_plans", HallPlan)
read_plan = SQL.maybe("read_plan", StoredHallPlan)
list_venues = SQL.many("list_venues", VenueChoice)
insert_plan = SQL.command("insert_plan")
organiser_of = SQL.value("organiser_of", UUID)


async def save_plan(tx: Executor, author: Author, organiser_id: UUID, plan: NewPlan) -> None:
    """Keep a plan under its id; a repeat changes nothing."""
    seats = len(plan.seat_plan.seats)
    made = await insert_plan(
        tx,
        author.region_id,
        plan.id,
        plan.hall_id or plan.id,
        organiser_id,
        plan.venue_id,
        plan.name,
        plan.best_row,
        as_json(plan.lines),
        seats,
        author.now,
    )
    if made:
        await author.note(tx, "seat_plan.save", "seat_plan", plan.id, seats=seats)
