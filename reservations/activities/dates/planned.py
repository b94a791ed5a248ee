"""The dates of an activity: those of a draft, which wait, and those that are sessions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from reservations.activities.dates.pattern import Slot
from uit.database.statements import Executor, Statements, as_json

SQL = Statements(__name__)


class ShownDate(Struct, frozen=True):
    """A date of an activity. `session_id` is None while it is that of a draft.

    `at_source`: its source names it; one that was added here it does not.
    """

    starts_at: datetime
    ends_at: datetime
    session_id: UUID | None
    status: str
    taken: int
    capacity: int
    at_source: bool


read_dates = SQL.many("read_dates", ShownDate)
"""The dates to come, those of a draft too."""

read_waiting = SQL.many("read_waiting", Slot)
count_dates = SQL.value("count_dates", int)
insert_dates = SQL.command("insert_dates")
delete_date = SQL.command("delete_date")
delete_dates = SQL.command("delete_dates")


async def plan_dates(
    tx: Executor, region_id: int, event_id: UUID, slots: Sequence[Slot], series_id: UUID | None = None
) -> None:
    """Keep dates for when the activity is published. What starts then already gets this end.

    Of several that start at one moment the last is kept.
    """
    by_start = {each.starts_at: each for each in slots}
    await insert_dates(tx, region_id, event_id, as_json(list(by_start.values())), series_id)
