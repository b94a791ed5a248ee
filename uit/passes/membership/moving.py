"""Somebody moves: to another town of the region, where they stay a member, or out of it from a day on.

What becomes of their credit is a rule of its programme, above; it is told by a message of the outbox.
"""

from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from uit.core.errors import NotFound
from uit.database.outbox import write_outbox
from uit.database.statements import Executor, Statements
from uit.passes.counter import Counter
from uit.passes.errors import MembershipEnded
from uit.passes.membership.membership import Membership, lock_membership

SQL = Statements(__name__)
MOVED, LEAVES = "membership.moved", "membership.leaves"
"""Topics: somebody lives in another town of the region, or leaves it. The key is a membership."""
TOPICS: Final = (MOVED, LEAVES)

write_move = SQL.command("write_move")
move_members = SQL.command("move_members")
write_leaving = SQL.command("write_leaving")


async def move(tx: Executor, counter: Counter, membership: Membership, refnis: str) -> None:
    """Be a member in another town of the region from today: which counters see them follows."""
    if await write_move(tx, counter.region_id, membership.id, refnis, counter.today):
        await tell(tx, counter, MOVED, membership.id)


async def leave(
    tx: Executor, counter: Counter, membership_id: UUID, last_day: date
) -> Membership | NotFound | MembershipEnded:
    """Leave the region on a day: until then they are a member, book with what they have and get no more.

    Another region may make them a member at once. Refused: MembershipEnded.
    """
    membership = await lock_membership(tx, counter.region_id, membership_id)
    if membership is None:
        return NotFound()
    if membership.status == "ended":
        return MembershipEnded()
    if await write_leaving(tx, counter.region_id, membership_id, last_day):
        day = last_day.isoformat()
        await counter.note(tx, "membership.leave", "person", membership.person_id, ends_on=day)
        await tell(tx, counter, LEAVES, membership_id)
    return membership


async def tell(tx: Executor, counter: Counter, topic: str, membership_id: UUID) -> None:
    rows = [{"topic": topic, "key": str(membership_id)}]
    await write_outbox(tx, counter.region_id, msgspec.json.encode(rows).decode(), counter.now)
