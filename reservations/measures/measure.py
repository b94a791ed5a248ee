"""A measure: for some days, fewer people in a room than it may hold. It changes no pool and locks none.

What it leaves is reckoned where places are read (`reservations.capacity_of`), so it holds at once, and is
over by itself. Where more were booked than it leaves, nobody loses a place: the date stands in a list.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.measures.telling import ENDED, TAKEN, tell_organisers
from uit.database.statements import Executor, Statements
from uit.services.audit import Author

SQL = Statements(__name__)
SHOWN: Final = 100
"""The most dates in a list; its figures are over all of them."""


class MeasureScope(Struct, frozen=True):
    """For which sessions: of all the region, a municipality, an organiser, or in a place.

    `key` is a `refnis` of a municipality, else an id as text; empty for the region. `organiser_id`: who takes
    it for sessions of its own alone; None: the region, for those of all.
    """

    kind: str
    key: str
    organiser_id: UUID | None = None

    @property
    def id(self) -> UUID | None:
        return UUID(self.key) if self.kind in {"organiser", "venue"} else None

    @property
    def refnis(self) -> str | None:
        return self.key if self.kind == "municipality" else None


class NewMeasure(Struct, frozen=True):
    """So many people, or a percentage of what a room may hold, from one day to another, both included."""

    id: UUID
    scope: MeasureScope
    places: int | None
    percent: int | None
    from_on: date
    to_on: date
    reason: str


class Measure(Struct, frozen=True):
    """`where`: the name of the municipality, organiser or place; None for all that there is.

    `taken_by`: the organiser that took it for itself; None: the region.
    """

    id: UUID
    where: str | None
    places: int | None
    percent: int | None
    from_on: date
    to_on: date
    reason: str
    taken_by: str | None


class CappedSession(Struct, frozen=True):
    """A date with the people who have a place, and the places that it has and would have.

    `of_all`: how many such dates there are; `over_all` and `people_over`: of those, how many have more people
    than places, and how many people that are.
    """

    id: UUID
    organiser_id: UUID
    organiser: str
    event: str
    venue: str
    starts_at: datetime
    taken: int
    capacity: int
    cap: int
    of_all: int
    over_all: int
    people_over: int

    @property
    def over(self) -> int:
        return max(0, self.taken - self.cap)


class ScopeOption(Struct, frozen=True):
    """Something that a measure can be for."""

    key: str
    name: str


insert_measure = SQL.value("insert_measure", bool)
"""Whether it is new: None where its id is there already."""
find_same = SQL.value("find_same", UUID)
"""A measure that says all the same and still holds, or will."""

end_measure = SQL.value("end_measure", bool)
measures_to_come = SQL.many("measures_to_come", Measure)
read_touched = SQL.many("read_touched", CappedSession)
read_excess = SQL.many("read_excess", CappedSession)
read_venues = SQL.many("read_venues", ScopeOption)
read_organisers = SQL.many("read_organisers", ScopeOption)
read_municipalities = SQL.many("read_municipalities", ScopeOption)


async def touched_by(
    tx: Executor, region_id: int, measure: NewMeasure, now: datetime
) -> Sequence[CappedSession]:
    """The dates to come that it would be for, those with too many people first."""
    scope = measure.scope
    how = measure.places, measure.percent, measure.from_on, measure.to_on
    where = scope.kind, scope.id, scope.refnis, scope.organiser_id
    return await read_touched(tx, region_id, now, *how, *where, SHOWN)


async def take(tx: Executor, author: Author, measure: NewMeasure) -> None:
    """From now on it holds, on its days. A repeat changes nothing, also one under another id.

    The organisers of dates for which the region took it are told.
    """
    scope = measure.scope
    how = measure.places, measure.percent, measure.from_on, measure.to_on, measure.reason
    where = scope.kind, scope.id, scope.refnis, scope.organiser_id
    who = UUID(author.actor_id), author.now
    if await find_same(tx, author.region_id, *where, *how) is not None:
        return
    if await insert_measure(tx, author.region_id, measure.id, *where, *how, *who):
        named = {"places": measure.places} if measure.places is not None else {"percent": measure.percent}
        await author.note(tx, "measure.take", "measure", measure.id, scope=scope.kind, **named)
        await tell_organisers(tx, author.region_id, measure.id, TAKEN, author.now)


async def end(tx: Executor, author: Author, measure_id: UUID, organiser_id: UUID | None) -> None:
    """Let it hold no more, and tell whom it was for. A repeat changes nothing, and nobody ends another's."""
    if await end_measure(tx, author.region_id, measure_id, organiser_id, author.now):
        await author.note(tx, "measure.end", "measure", measure_id)
        await tell_organisers(tx, author.region_id, measure_id, ENDED, author.now)
