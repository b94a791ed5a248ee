"""Cards of turns that nobody could use any more once dates are sold in a course alone."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from reservations.courses.making import NewCourse
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class StrandedCard(Struct, frozen=True):
    """`held`: how many of them somebody has that are still good."""

    session_id: UUID
    name: str
    held: int


find_stranded = SQL.many("find_stranded", StrandedCard)


async def stranded_by(
    tx: Executor, region_id: int, event_id: UUID, wanted: NewCourse, now: datetime
) -> Sequence[StrandedCard]:
    """The cards that could pay for no date, as long as a course is so; none where single dates are sold."""
    if wanted.rules.choice_least == 1:
        return []
    return await find_stranded(tx, region_id, event_id, wanted.rules.id, wanted.session_ids, now)
