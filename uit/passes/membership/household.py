"""Households: members of a region who live together, from a day until a day. A child may belong to two.

To be in one gives no right over another adult: it is how a counter goes from one to the other.
"""

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Statements

SQL = Statements(__name__)

Role = Literal["parent", "adult", "child"]


class HouseholdMember(Struct, frozen=True):
    household_id: UUID
    membership_id: UUID
    person_id: UUID
    name: str
    born_on: date | None
    role: str | None
    is_protected: bool

    @property
    def is_child(self) -> bool:
        return self.role == "child"


read_household = SQL.many("read_household", HouseholdMember)
read_households_of = SQL.many("read_households_of", HouseholdMember)


def seen_at(members: Sequence[HouseholdMember]) -> list[HouseholdMember]:
    """Whom the page of a household shows: a protected person only where no other adult is in it."""
    has_other_adult = any(not each.is_protected and not each.is_child for each in members)
    return [each for each in members if not (has_other_adult and each.is_protected)]


def seen_by(membership_id: UUID, members: Sequence[HouseholdMember]) -> list[HouseholdMember]:
    """Whom the page of one member shows of their households: the protected only when they are so too."""
    is_protected = any(each.membership_id == membership_id and each.is_protected for each in members)
    others = [each for each in members if each.membership_id != membership_id]
    return [each for each in others if is_protected or not each.is_protected]
