"""What a date needs a person to decide: first its organiser, and after three days its region as well."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from uit.core.ids import Ids
from uit.database.statements import Executor, Statements, as_json
from uit.services.audit import Author

SQL = Statements(__name__)

ESCALATES_AFTER: Final = timedelta(days=3)
Kind = Literal["withdrawn_at_source", "vanished_at_source"]
Decision = Literal["called_off", "goes_on", "moved", "postponed", "back_at_source"]


class NewTask(Struct, frozen=True):
    """`held`: places that pools of other dates keep back for its people, by the id of the pool."""

    kind: Kind
    session_id: UUID
    organiser_id: UUID
    held: dict[str, int] = {}


class TaskRow(Struct, frozen=True):
    id: UUID
    kind: Kind
    session_id: UUID
    organiser_id: UUID
    held: dict[str, int]


class OpenTask(Struct, frozen=True):
    """`people` have a ticket for the date. `escalated`: its region may decide as well."""

    id: UUID
    kind: Kind
    session_id: UUID
    organiser_id: UUID
    organiser: str
    phone: str | None
    event: str
    starts_at: datetime
    ends_at: datetime
    people: int
    opened_at: datetime
    escalated: bool


insert_tasks = SQL.command("insert_tasks")
decide_tasks = SQL.command("decide_tasks")
release_held = SQL.command("release_held")
end_sale = SQL.command("end_sale")
was_decided_by = SQL.value("was_decided_by", bool)
tasks_of_organiser = SQL.many("tasks_of_organiser", OpenTask)
tasks_of_region = SQL.many("tasks_of_region", OpenTask)


async def open_tasks(
    tx: Executor, region_id: int, wanted: Sequence[NewTask], ids: Ids, now: datetime
) -> None:
    """Ask for a decision about these dates. A date that waits for one already keeps its task."""
    rows = [TaskRow(ids.new(), each.kind, each.session_id, each.organiser_id, each.held) for each in wanted]
    if rows:
        await insert_tasks(tx, region_id, as_json(rows), now, now + ESCALATES_AFTER)


async def decide(tx: Executor, author: Author, session_ids: Sequence[UUID], decision: Decision) -> None:
    """Close what was open about these dates.

    Places that other dates kept back for their people are on sale again. Where a person says that the date is
    at the hour of such another date, that one keeps them back, and the date itself is not sold any more: both
    are in the same room. Of what was postponed nobody knows that yet.
    """
    staff_id = UUID(author.actor_id) if author.actor_kind == "staff" else None
    if decision != "postponed":
        has_an_hour = decision in {"moved", "goes_on"}
        await release_held(tx, author.region_id, session_ids, has_an_hour)
        if has_an_hour:
            await end_sale(tx, author.region_id, session_ids, author.now)
    await decide_tasks(tx, author.region_id, session_ids, decision, staff_id, author.now)
