"""Dates of an activity that were made by one pattern: they are added to, and changed, together."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from reservations.activities.dates.pattern import Slot
from uit.core.errors import NotFound, RefusalError
from uit.database.statements import Executor, Statements
from uit.services.audit import Author

SQL = Statements(__name__)

OF_DATES_ALONE: Final = ("first", "last", "except", "stap", "reeks", "_csrf_token")
"""What is typed for some dates of a series, and not for all that it will ever have."""

Pattern = Mapping[str, str]
"""What was typed of a series: its days, its hours, how often."""


class Series(Struct, frozen=True):
    """`pattern` is JSON of a `Pattern`; `dates`: how many it has, past ones too."""

    id: UUID
    pattern: str
    dates: int

    @property
    def fields(self) -> dict[str, str]:
        return msgspec.json.decode(self.pattern, type=dict[str, str])


class SeriesDate(Struct, frozen=True):
    """A date to come of a series."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    status: str
    taken: int
    capacity: int
    licensed_capacity: int


class NewSeries(Struct, frozen=True):
    """A series to make or to add to, by the id that its form has."""

    id: UUID
    pattern: dict[str, str]


series_of = SQL.many("read_series", Series)
"""The series of an activity, in the order in which they were made."""

read_series_dates = SQL.many("read_series_dates", SeriesDate)
count_bookings = SQL.value("count_bookings", int)
read_slots_of = SQL.many("read_slots_of", Slot)
"""When the dates of a series are, those of a draft too."""

keep_series = SQL.command("keep_series")
set_hours = SQL.command("set_hours")
"""Say of a series at what hour it is by now: what is added to it begins with that."""

put_in_series = SQL.command("put_in_series")
follow_draft = SQL.command("follow_draft")
set_sale_period = SQL.command("set_sale_period")


async def read_one(tx: Executor, region_id: int, event_id: UUID, series_id: UUID) -> Series:
    """Raises NotFound, also for a series of another activity."""
    for each in await series_of(tx, region_id, event_id):
        if each.id == series_id:
            return each
    raise RefusalError(NotFound())


async def begin(tx: Executor, author: Author, event_id: UUID, new: NewSeries) -> None:
    """Keep a series; one that is there stays as it is. Raises NotFound for that of another activity."""
    pattern = msgspec.json.encode(new.pattern).decode()
    await keep_series(tx, author.region_id, new.id, event_id, pattern, author.now)
    await read_one(tx, author.region_id, event_id, new.id)


def pattern_of(kind: str, fields: Mapping[str, str]) -> dict[str, str]:
    """What of a form says all of a series, and nothing of single dates."""
    kept = {
        name: value.strip()
        for name, value in fields.items()
        if name not in OF_DATES_ALONE and not name.startswith("op_") and value.strip()
    }
    return kept | {"kind": kind}


def from_date(dates: Sequence[SeriesDate], scope: str, chosen: UUID | None) -> list[SeriesDate]:
    """The dates that a change is for: `alle`, one (`een`), or one and all after it (`vanaf`)."""
    if scope == "alle":
        return list(dates)
    starts_at = next((each.starts_at for each in dates if each.id == chosen), None)
    if starts_at is None:
        return []
    return [each for each in dates if each.id == chosen or (scope == "vanaf" and each.starts_at > starts_at)]
