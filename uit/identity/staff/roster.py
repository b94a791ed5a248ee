"""Who works where: the members of staff with their roles, of one region or of all."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Statements

SQL = Statements(__name__)


class RosterRow(Struct, frozen=True):
    """A role that somebody has now. `has_joined`: they accepted an invitation, and can sign in."""

    staff_id: UUID
    name: str
    email: str
    has_joined: bool
    region_id: int
    role: str
    organiser_id: UUID | None
    refnis: str | None
    partner_id: UUID | None


class RosterMember(Struct, frozen=True):
    """Somebody with the roles that they have now."""

    staff_id: UUID
    name: str
    email: str
    has_joined: bool
    roles: list[RosterRow]


read_roster = SQL.many("read_roster", RosterRow)
"""In the order of their names; of one region, or of all where it is None."""


def by_member(rows: Sequence[RosterRow]) -> list[RosterMember]:
    members: dict[UUID, RosterMember] = {}
    for row in rows:
        new = RosterMember(row.staff_id, row.name, row.email, row.has_joined, [])
        members.setdefault(row.staff_id, new).roles.append(row)
    return list(members.values())
