"""The purses of two members who are one. A purse goes whole, with all that it holds and all that it was.

Its accounts are its own, so nothing moves in the ledger. A programme gives a person once a period: of two
purses of one programme and period the second stays behind, and lapses on its day.
"""

from uuid import UUID

from msgspec import Struct

from credits.ledger.ledger import insert_wallet, lock_wallets
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class DoubleGrant(Struct, frozen=True):
    """Credit that both got from one programme in one period, and what each has left of it."""

    programme: str
    period: str
    first_cents: int
    second_cents: int


find_double_grants = SQL.many("find_double_grants", DoubleGrant)
move_purses = SQL.value("move_purses", list[UUID])
"""The purses that moved; both wallets are locked."""

move_purses_back = SQL.command("move_purses_back")
is_spent_since = SQL.value("is_spent_since", bool)
"""Whether something was booked with one of these purses after a moment."""


async def lock_both(tx: Executor, region_id: int, kept_id: UUID, gone_id: UUID) -> None:
    """Their wallets: bookings, grants and lapses of either wait from here on."""
    for each in (kept_id, gone_id):
        await insert_wallet(tx, region_id, each)
    await lock_wallets(tx, region_id, [kept_id, gone_id])
