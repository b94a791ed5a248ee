"""Erasing somebody who asks for it, sooner than the rules do, once nothing of theirs is open.

What goes is who they are: name, birth date, number, addresses, passes, sign-ins. Bookings, credit and the
audit trail stay for as long as they have to, by ids that then name nobody.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.errors import StillOpen
from uit.core.errors import NotFound
from uit.database.statements import Executor, Statements
from uit.passes.counter import Counter
from uit.passes.membership.ending import EndedMembership, erase_sooner
from uit.passes.membership.membership import lock_membership

SQL = Statements(__name__)
REFLECTION: Final = timedelta(days=14)
"""So long a mistake can be taken back; nothing can afterwards."""


class Open(Struct, frozen=True):
    """Bookings that are still to come or to be paid, credit that is put aside, and money to give back."""

    bookings: int
    credit_cents: int
    refunds: int

    @property
    def is_nothing(self) -> bool:
        return not (self.bookings or self.credit_cents or self.refunds)


read_open = SQL.one("read_open", Open)


async def erase_who_asks(
    tx: Executor, counter: Counter, membership_id: UUID, reflection: timedelta = REFLECTION
) -> EndedMembership | NotFound | StillOpen:
    """End a membership now, and have it erased once `reflection` is over. Refused: StillOpen."""
    membership = await lock_membership(tx, counter.region_id, membership_id)
    if membership is None:
        return NotFound()
    found = await read_open(tx, counter.region_id, membership_id, counter.now)
    if not found.is_nothing:
        return StillOpen(found.bookings, found.credit_cents, found.refunds)
    return await erase_sooner(tx, counter, membership_id, counter.today + reflection)
