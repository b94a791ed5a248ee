"""What an organiser earned leaves the purse for good. Who earned what, reservations say."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from credits.ledger import ledger
from credits.ledger.ledger import AccountRow, ResolutionRow
from uit.core.ids import Ids
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

Key = tuple[int, UUID]


class Earned(Struct, frozen=True):
    """How much of a hold its payee earned; the rest goes back to the purse. 0: all of it goes back."""

    region_id: int
    hold_id: UUID
    settled_cents: int


class OpenHold(Struct, frozen=True):
    region_id: int
    id: UUID
    amount_cents: int
    payee_id: UUID
    legal_entity_id: UUID


class PayableRow(Struct, frozen=True):
    region_id: int
    organiser_id: UUID
    id: UUID


lock_wallets_of = SQL.command("lock_wallets_of")
read_open_holds = SQL.many("read_open_holds", OpenHold)
read_payables = SQL.many("read_payables", PayableRow)
earned_by_coming = SQL.value("earned_by_coming", bool)


async def settle_holds(tx: Executor, earned: Sequence[Earned], ids: Ids, now: datetime) -> int:
    """Resolve these holds, a whole set at once; returns how many.

    A hold that was resolved before stays as it is, so a repeat has no effect. Earning more than was held is
    a bug. Whoever locks bookings locks them before calling this.
    """
    cents = {(each.region_id, each.hold_id): each.settled_cents for each in earned}
    columns = [region_id for region_id, _ in cents], [hold_id for _, hold_id in cents]
    await lock_wallets_of(tx, *columns)
    holds = await read_open_holds(tx, *columns)
    payables = await open_payables(tx, [each for each in holds if cents[each.region_id, each.id]], ids)
    await ledger.resolve(
        tx, [resolution(each, cents[each.region_id, each.id], payables, ids) for each in holds], now
    )
    return len(holds)


async def was_earned_by_coming(tx: Executor, region_id: int, booking_id: UUID, line_no: int) -> bool:
    """Whether credit of this line was settled by who came: then it is too late to say that they did not.

    Whoever asks holds the lock of the booking, under which settling happens too.
    """
    return await earned_by_coming(tx, region_id, booking_id, line_no)


async def open_payables(tx: Executor, holds: Sequence[OpenHold], ids: Ids) -> dict[Key, UUID]:
    """The account of each payee, opened where they earn for the first time."""
    payees = {(each.region_id, each.payee_id): each.legal_entity_id for each in holds}
    columns = [region_id for region_id, _ in payees], [payee_id for _, payee_id in payees]
    known = await read_payables(tx, *columns)
    missing = payees.keys() - {(row.region_id, row.organiser_id) for row in known}
    if missing:
        rows = [AccountRow(key[0], ids.new(), "payable", key[1], payees[key]) for key in missing]
        await ledger.open_accounts(tx, rows)
        known = await read_payables(tx, *columns)
    return {(row.region_id, row.organiser_id): row.id for row in known}


def resolution(hold: OpenHold, cents: int, payables: dict[Key, UUID], ids: Ids) -> ResolutionRow:
    rest = hold.amount_cents - cents
    return ResolutionRow(
        hold.region_id,
        hold.id,
        cents,
        rest,
        settle_id=ids.new() if cents else None,
        release_id=ids.new() if rest else None,
        payable_id=payables[hold.region_id, hold.payee_id] if cents else None,
    )
