"""The groups of a partner as its workers see them: what each has left in a year, and of its credit."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct

from credits.groups.granting import GroupCredit, read_group_credit
from reservations.groups.bookings import read_year_use
from uit.database.statements import Executor
from uit.passes.group.group import GroupPass


class GroupState(Struct, frozen=True):
    """A group, and what is left of its number in a year and of its credit."""

    group: GroupPass
    year: int
    taken: int
    credit: GroupCredit

    @property
    def left(self) -> int:
        return max(0, self.group.tickets_a_year - self.taken)


async def read_states(
    tx: Executor, region_id: int, groups: Sequence[GroupPass], today: date, year: int | None = None
) -> list[GroupState]:
    """How groups stand in a year, the present one unless another is meant."""
    ids, of_year = [each.id for each in groups], year or today.year
    taken = {
        each.group_id: each.people for each in await read_year_use(tx, region_id, ids) if each.year == of_year
    }
    credit = {each.group_id: each for each in await read_group_credit(tx, region_id, ids)}
    return [
        GroupState(each, of_year, taken.get(each.id, 0), credit.get(each.id, no_credit(each.id)))
        for each in groups
    ]


def no_credit(group_id: UUID) -> GroupCredit:
    return GroupCredit(group_id, 0, 0)
