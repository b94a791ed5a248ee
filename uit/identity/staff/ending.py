"""Ending what a member of staff may do, in one region or everywhere; without a role left they are gone."""

from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements
from uit.identity.errors import LastOfficer, StaffUnknown
from uit.identity.sign_in import link, session
from uit.services.audit import Author

SQL = Statements(__name__)


class Ending(Struct, frozen=True):
    """Which roles of somebody end. `role` and `region_id` are None for all of them."""

    staff_id: UUID
    role: str | None = None
    region_id: int | None = None


class EndedRoles(Struct, frozen=True):
    """What ended. `digests` are of their sessions: the authenticator must forget these."""

    staff_id: UUID
    roles: int
    is_gone: bool
    digests: list[bytes]


class EndedBefore(Struct, frozen=True):
    """Somebody who had a role that ended. `is_gone`: they have no other."""

    staff_id: UUID
    is_gone: bool


class LiveRole(Struct, frozen=True):
    region_id: int
    id: UUID
    role: str


class Leaver(Struct, frozen=True):
    """`has_joined`: they accepted an invitation, and can sign in."""

    id: UUID
    has_joined: bool


lock_leaver = SQL.maybe("lock_leaver", Leaver)
read_live_roles = SQL.many("read_live_roles", LiveRole)
find_ended = SQL.maybe("find_ended", EndedBefore)
"""By their address in lower case, with the role and the region that ended, or None for any."""
lock_officers = SQL.command("lock_officers")
has_other_officer = SQL.value("has_other_officer", bool)
end_role = SQL.command("end_role")
end_member = SQL.command("end_member")


async def end_roles(
    tx: Executor, author: Author, wanted: Ending, *, dry_run: bool = False
) -> EndedRoles | StaffUnknown | LastOfficer:
    """End roles, and all sessions of who had them; who has no role left is gone, with what invites them.

    Refused, with nothing written: StaffUnknown for who has no such role, LastOfficer for the only one who
    runs a region and can sign in.
    """
    member = await lock_leaver(tx, wanted.staff_id)
    if member is None:
        return StaffUnknown()
    every = await read_live_roles(tx, member.id, author.now)
    ending = [each for each in every if is_wanted(each, wanted)]
    if not ending:
        return StaffUnknown()
    for region_id in sorted({each.region_id for each in ending if each.role == "region_officer"}):
        await lock_officers(tx, region_id)
        if member.has_joined and not await has_other_officer(tx, region_id, member.id, author.now):
            return LastOfficer()
    is_gone = len(ending) == len(every)
    if dry_run:
        return EndedRoles(member.id, len(ending), is_gone, [])
    await end_role(tx, [each.region_id for each in ending], [each.id for each in ending], author.now)
    if is_gone:
        await end_member(tx, member.id, author.now)
        await link.end_invitations(tx, member.id, author.now)
    digests = await session.end_all_of_staff(tx, member.id, author.now)
    await author.note(tx, "staff.end", "staff", member.id, roles=len(ending), gone=is_gone)
    return EndedRoles(member.id, len(ending), is_gone, digests)


def is_wanted(role: LiveRole, wanted: Ending) -> bool:
    return wanted.role in {None, role.role} and wanted.region_id in {None, role.region_id}
