"""From when somebody wants to be erased, as they asked themselves; what it takes is known above."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements
from uit.passes.membership.ending import MembershipKey

SQL = Statements(__name__)


class AskedErasing(Struct, frozen=True):
    day: date


read_asked = SQL.maybe("read_asked", AskedErasing)
write_asked_for = SQL.command("write_asked_for")
find_asked = SQL.many("find_asked", MembershipKey)


async def read_asked_for(tx: Executor, region_id: int, membership_id: UUID) -> date | None:
    """The day from which it is done; None when it is not asked."""
    asked = await read_asked(tx, region_id, membership_id)
    return asked.day if asked else None
