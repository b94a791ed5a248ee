"""An activity of an organiser as its desk reads it, whether it was made here or a source has it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from organisers.uitdatabank.field import Words
from reservations.cursor import Cursor
from uit.core.errors import NotFound, RefusalError
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

IN_A_LIST: Final = 30


class Activity(Struct, frozen=True):
    """An event with what its desk shows of it.

    `words`, `descriptions` and `alts` are JSON by language; `said` is JSON of what was said here of what
    a source has. `made_here`: no source has it. `has_record`: what its source said last was kept.
    `sells_here` and `priced_here`: its places and its prices are said here.
    """

    id: UUID
    name: str
    words: str
    description: str
    descriptions: str
    domain: str
    type_label: str
    facilities: list[str]
    age_from: int | None
    age_to: int | None
    attendance: str
    online_url: str | None
    venue_id: UUID | None
    venue: str
    street: str
    postal_code: str
    locality: str
    made_here: bool
    published: bool
    picture: str
    alt: str
    alts: str
    credit: str
    said: str
    at_source: str
    has_record: bool
    sells_here: bool
    priced_here: bool

    @property
    def names(self) -> Words:
        return {"nl": self.name} | msgspec.json.decode(self.words, type=Words)

    @property
    def texts(self) -> Words:
        return {"nl": self.description} | msgspec.json.decode(self.descriptions, type=Words)

    @property
    def alt_words(self) -> Words:
        """What its picture shows, in other languages than Dutch."""
        return msgspec.json.decode(self.alts, type=Words)

    @property
    def has_place(self) -> bool:
        return bool(self.venue_id if self.attendance == "offline" else self.online_url)


class ActivityLine(Struct, frozen=True):
    """An activity in a list. `next_at` is None when nothing of it is to come; `dates` are those to come."""

    id: UUID
    name: str
    domain: str
    made_here: bool
    published: bool
    changed_at: datetime
    next_at: datetime | None
    dates: int


find_activity = SQL.maybe("find_activity", Activity)
list_activities = SQL.many("list_activities", ActivityLine)


async def read_activity(tx: Executor, region_id: int, organiser_id: UUID, event_id: UUID) -> Activity:
    """Raises NotFound, also for an activity of another organiser."""
    found = await find_activity(tx, region_id, organiser_id, event_id)
    if found is None:
        raise RefusalError(NotFound())
    return found


async def activities_of(
    tx: Executor, region_id: int, organiser_id: UUID, now: datetime, after: Cursor | None
) -> tuple[Sequence[ActivityLine], Cursor | None]:
    """The activities that changed last, first; and where the next ones begin, when there are more."""
    at, event_id = (after.starts_at, after.id) if after else (None, None)
    found = await list_activities(tx, region_id, organiser_id, now, at, event_id, IN_A_LIST + 1)
    shown = found[:IN_A_LIST]
    more = len(found) > IN_A_LIST
    return shown, Cursor(shown[-1].changed_at, shown[-1].id) if more else None
