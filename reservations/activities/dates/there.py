"""Which of the dates that are planned are there already: they are not made twice."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from reservations.activities.dates.pattern import Slot
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class DateThere(Struct, frozen=True):
    """A date of an activity. `session_id` is None while it is that of a draft."""

    starts_at: datetime
    ends_at: datetime
    session_id: UUID | None
    status: str


class Compared(Struct, frozen=True):
    """Planned dates: those that are new, those of a draft that get another end, and those that stay."""

    new: tuple[Slot, ...]
    changed: tuple[Slot, ...]
    there: tuple[DateThere, ...]

    @property
    def made(self) -> list[Slot]:
        """What is written, in order."""
        return sorted((*self.new, *self.changed))


find_there = SQL.many("find_there", DateThere)


async def compare(tx: Executor, region_id: int, event_id: UUID, slots: Sequence[Slot]) -> Compared:
    """What making these dates of an activity comes to. One that is on sale keeps its end."""
    found = await find_there(tx, region_id, event_id, [each.starts_at for each in slots])
    known = {each.starts_at: each for each in found}
    new = tuple(each for each in slots if each.starts_at not in known)
    changed = tuple(each for each in slots if is_another_end(each, known.get(each.starts_at)))
    starts = {each.starts_at for each in changed}
    return Compared(new, changed, tuple(each for each in found if each.starts_at not in starts))


def is_another_end(slot: Slot, there: DateThere | None) -> bool:
    return there is not None and there.session_id is None and there.ends_at != slot.ends_at
