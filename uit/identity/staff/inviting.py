"""Inviting a colleague into a region, by somebody who runs it and nothing else."""

from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements
from uit.identity.errors import StaffUnknown, WorksElsewhere
from uit.identity.staff.staff import Colleague, KnownColleague, find_colleague, hire, make_invitation
from uit.services.audit import Author

SQL = Statements(__name__)


class Invited(Struct, frozen=True):
    """What somebody was told. `path` is that of an invitation; None for who signs in as before.

    `may_show`: whoever invites may hand it over as well. Otherwise only the mailbox of its owner may get it,
    since it opens more than the region of who invites.
    """

    name: str
    email: str
    path: str | None
    may_show: bool


lock_address = SQL.command("lock_address")
lock_member = SQL.command("lock_member")
works_elsewhere = SQL.value("works_elsewhere", bool)
read_colleague = SQL.maybe("read_colleague", KnownColleague)


async def invite_here(tx: Executor, author: Author, colleague: Colleague) -> Invited | WorksElsewhere:
    """Give somebody roles in the region of the author.

    Who can sign in keeps name, password and phone. Others get an invitation. Refused: WorksElsewhere, for who
    works in other regions only. Those who run these may have accepted the invitation in their place.
    """
    assert all(role.region_id == author.region_id for role in colleague.roles), "a role of another region"
    await lock_address(tx, author.ids.new(), colleague.name, colleague.email, author.now)
    known, here = await find_colleague(tx, colleague.email), (author.region_id, author.now)
    is_elsewhere = known is not None and await works_elsewhere(tx, known.id, *here)
    if known and is_elsewhere and await read_colleague(tx, known.id, *here) is None:
        return WorksElsewhere()
    name = known.name if known else colleague.name
    staff_id = await hire(tx, author, Colleague(name, colleague.email, colleague.roles))
    if known and known.has_joined:
        return Invited(name, colleague.email, None, may_show=False)
    path = await make_invitation(tx, staff_id, author.now)
    return Invited(name, colleague.email, path, may_show=not is_elsewhere)


async def invite_again(tx: Executor, author: Author, staff_id: UUID) -> Invited | StaffUnknown:
    """Another invitation for a colleague of the region, whose first one lapsed, or who lost a phone."""
    await lock_member(tx, staff_id)
    known = await read_colleague(tx, staff_id, author.region_id, author.now)
    if known is None:
        return StaffUnknown()
    path = await make_invitation(tx, staff_id, author.now)
    await author.note(tx, "staff.invite_again", "staff", staff_id)
    is_elsewhere = await works_elsewhere(tx, staff_id, author.region_id, author.now)
    return Invited(known.name, known.email, path, may_show=not known.has_joined and not is_elsewhere)
