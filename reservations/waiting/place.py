"""A place in the line of an activity as its pages show it, and the link that opens it."""

from datetime import datetime
from functools import cached_property
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from reservations.booking.actor import ByClient, ByGuest, ByHolder
from reservations.booking.waits_as import InLineAs, acts_for
from reservations.waiting_line.entry import State, WantedPlaces, holders_of
from uit.core.seal import WaitingSeal, seal_waiting
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
PATH: Final = "wachtlijst"
"""The first part of the address of somebody's place in a line, below that of the region."""


class PlaceInLine(Struct, frozen=True, dict=True):
    """`before`: how many stand before them. `wanted` is JSON text. What is discreet no message names.

    `people`: how many would come, where a ticket for a family is for several. A guest has a name and an
    address and no person. `person_id` is who is told, `asked_by` who asked it for others, and `own_id` the
    pass by which they come along; `client_id` whose program asked it. `course`: the name of what they would
    enrol in, on all of the dates.
    """

    id: UUID
    event_id: UUID
    event: str
    organiser: str
    organiser_id: UUID
    is_discreet: bool
    keeps: bool
    session_ids: list[UUID]
    wanted: str
    membership_id: UUID | None
    person_id: UUID | None
    name: str
    email: str | None
    state: State
    joined_at: datetime
    state_at: datetime
    booking_id: UUID | None
    answer_by: datetime | None
    asked_by: UUID | None
    own_id: UUID | None
    client_id: str | None
    digest: str | None
    course_id: UUID | None
    course: str | None
    before: int
    people: int

    @cached_property
    def lines(self) -> list[WantedPlaces]:
        return msgspec.json.decode(self.wanted, type=list[WantedPlaces])

    @property
    def name_of_it(self) -> str:
        """The name of what they wait for: the activity, and the course of it."""
        return f"{self.event}: {self.course}" if self.course else self.event

    @property
    def places(self) -> int:
        return sum(each.places for each in self.lines)

    @property
    def wheelchairs(self) -> int:
        """How many of who comes are in a wheelchair."""
        return sum(each.wheelchairs for each in self.lines)

    @property
    def holder_ids(self) -> tuple[UUID, ...]:
        """By whose passes they would come."""
        return holders_of(self.lines, self.membership_id)

    @property
    def by(self) -> InLineAs:
        """As who they answer an offer."""
        if self.client_id:
            return ByClient(self.client_id, frozenset())
        if self.asked_by:
            return acts_for(self.asked_by, self.holder_ids, self.own_id)
        return ByHolder(self.membership_id) if self.membership_id else ByGuest(str(self.booking_id))


class WaitingDate(Struct, frozen=True):
    """A date that somebody waits for, or may; `is_open` while it is sold."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    is_open: bool


class WaitsAlong(Struct, frozen=True):
    membership_id: UUID
    person_id: UUID
    name: str


class SoughtLine(Struct, frozen=True):
    """The line in which one waits for a date; `keeps` is its rule."""

    session_id: UUID
    event_id: UUID
    keeps: bool


class LineLength(Struct, frozen=True):
    """How many wait for an activity, by which rule."""

    waiting: int
    keeps: bool


read_place = SQL.maybe("read_place", PlaceInLine)
read_names = SQL.many("read_names", WaitsAlong)
read_dates = SQL.many("read_dates", WaitingDate)
read_dates_of_event = SQL.many("read_dates_of_event", WaitingDate)
find_lines_of = SQL.many("find_lines_of", SoughtLine)
read_line = SQL.maybe("read_line", LineLength)
read_places_of_member = SQL.many("read_places_of_member", PlaceInLine)


async def read_company(tx: Executor, region_id: int, place: PlaceInLine) -> dict[UUID, str]:
    """What they are called who wait together, by their passes; nothing for who waits alone."""
    if not place.asked_by:
        return {}
    found = {each.membership_id: each.name for each in await read_names(tx, region_id, place.holder_ids)}
    return {each: found[each] for each in place.holder_ids if each in found}


def place_path(key: bytes, region_id: int, entry_id: UUID) -> str:
    """The address of somebody's place in a line, below that of its region. Who has it answers for them."""
    return f"{PATH}/{seal_waiting(key, WaitingSeal(region_id, entry_id))}"


async def dates_of(tx: Executor, region_id: int, place: PlaceInLine, now: datetime) -> list[WaitingDate]:
    return await read_dates(tx, region_id, place.session_ids, now)
