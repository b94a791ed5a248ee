"""Where the provider's books and ours do not agree: a list that somebody closes, each once, with why."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from credits.errors import DifferenceClosed
from uit.database.statements import Executor, Statements
from uit.services.audit import Author

SQL = Statements(__name__)
AT_ONCE: Final = 50


class Difference(Struct, frozen=True):
    """`expected_cents` is in our books, `found_cents` in the provider's.

    `closed_by` and `reason` are empty for one that went by itself.
    """

    id: UUID
    organiser: str
    kind: str
    external_id: str
    day: date
    expected_cents: int
    found_cents: int
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    reason: str | None


read_open = SQL.many("read_open", Difference)
read_one = SQL.maybe("read_one", Difference)
read_closed = SQL.many("read_closed", Difference)
count_open = SQL.value("count_open", int)
write_closed = SQL.value("write_closed", bool)


async def close_difference(
    tx: Executor, author: Author, difference_id: UUID, reason: str
) -> DifferenceClosed | None:
    """Close it, with who did and why; one that is closed already stays as it is."""
    staff_id = UUID(author.actor_id)
    if not await write_closed(tx, author.region_id, difference_id, staff_id, reason, author.now):
        return DifferenceClosed(difference_id)
    await author.note(tx, "difference.close", "difference", difference_id)
    return None
