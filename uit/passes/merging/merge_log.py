"""The log of a merge: whom it made one, what they were before, and a row for each thing that it moved."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements, as_json
from uit.identity.person.change import PersonDetails
from uit.identity.person.merging import Moved

SQL = Statements(__name__)
UNDO_FOR: Final = timedelta(days=30)


class Merge(Struct, frozen=True):
    """`kept_id` and `gone_id` are memberships. `before`: a `Before`, as JSON."""

    region_id: int
    id: UUID
    led_by: int
    kept_id: UUID
    gone_id: UUID
    kept_person_id: UUID
    gone_person_id: UUID
    merged_at: datetime
    undo_until: datetime
    undone_at: datetime | None
    before: str

    def can_be_undone(self, now: datetime) -> bool:
        return self.undone_at is None and now < self.undo_until


class MembershipBefore(Struct, frozen=True):
    """What a merge changes of both memberships."""

    kept_social_until: date | None
    kept_refnis: str | None
    gone_status: str
    gone_ends_on: date | None
    gone_given_until: date | None
    gone_ended_why: str | None
    gone_erase_on: date | None


class PersonsBefore(Struct, frozen=True):
    """Both persons before the merge, and the one that stays after it."""

    kept: PersonDetails
    kept_after: PersonDetails
    gone_email: str | None
    gone_ended_at: datetime | None
    gone_erase_on: date | None


class Before(Struct, frozen=True):
    """`persons` stands in the row of the region that led."""

    membership: MembershipBefore
    persons: PersonsBefore | None = None


class KnownMerge(Struct, frozen=True):
    """A merge as the page of either member says it."""

    id: UUID
    kept_id: UUID
    gone_id: UUID
    name: str
    merged_at: datetime
    undo_until: datetime
    is_led_here: bool


insert_merge = SQL.command("insert_merge")
is_logged = SQL.value("is_logged", bool)
lock_merge = SQL.maybe("lock_merge", Merge)
read_regions = SQL.value("read_regions", list[int])
mark_undone = SQL.command("mark_undone")
insert_moved = SQL.command("insert_moved")
read_moved = SQL.many("read_moved", Moved)
read_merges_of = SQL.many("read_merges_of", KnownMerge)
was_merged_since = SQL.value("was_merged_since", bool)


async def log_moved(tx: Executor, region_id: int, merge_id: UUID, things: Iterable[Moved]) -> None:
    if rows := list(things):
        await insert_moved(tx, region_id, merge_id, as_json(rows))
