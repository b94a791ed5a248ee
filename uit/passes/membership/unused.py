"""Memberships that nobody uses: which may be so, what was told of it, and a clerk's word that one goes on.

What counts as use is known above, by what reads bookings and credit: see `reservations.own_data.unused`.
"""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from uit.core.errors import NotFound
from uit.database.statements import Executor, Statements
from uit.passes.counter import Counter
from uit.passes.errors import MembershipEnded, MembershipOver
from uit.passes.membership.ending import MembershipKey
from uit.passes.membership.membership import Membership, lock_membership

SQL = Statements(__name__)
NOTICE: Final = timedelta(days=60)
"""From the day on which somebody is told until the membership ends."""


class Use(Struct, frozen=True):
    """`used_on`: the last day on which it is known to have been used, or began."""

    used_on: date
    warned_on: date | None


class Warned(Struct, frozen=True):
    """Somebody whose membership ends unless it is used, whom no mail reaches, nor a parent of theirs.

    Without a name it is a protected person, of whom nothing else stands here either.
    """

    membership_id: UUID
    person_id: UUID
    name: str | None
    born_on: date | None
    town: str | None
    phone: str | None
    warned_on: date

    @property
    def ends_unused_on(self) -> date:
        return self.warned_on + NOTICE


last_day_unused = SQL.value("last_day_unused", date)
find_unused = SQL.many("find_unused", MembershipKey)
read_use = SQL.one("read_use", Use)
write_use = SQL.command("write_use")
write_warning = SQL.command("write_warning")
write_unreached = SQL.command("write_unreached")
write_look = SQL.command("write_look")
read_warned = SQL.many("read_warned", Warned)


async def keep(
    tx: Executor, counter: Counter, membership_id: UUID
) -> Membership | NotFound | MembershipEnded | MembershipOver:
    """Let a membership go on that would end since nobody used it: it counts as used today.

    Refused, when it ended meanwhile: MembershipOver where that was by its last day, else MembershipEnded.
    """
    membership = await lock_membership(tx, counter.region_id, membership_id)
    if membership is None:
        return NotFound()
    if membership.status == "ended":
        return MembershipOver() if membership.is_over else MembershipEnded()
    await write_use(tx, counter.region_id, membership_id, counter.today)
    await counter.note(tx, "membership.keep", "person", membership.person_id)
    return membership
