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

Payables = dict[tuple[UUID, UUID], UUID]
"""The account of each payee in the books of each legal entity."""


class Earned(Struct, frozen=True):
    """How much of a hold its payee earned; the rest goes back to the purse. 0: all of it goes back."""

    hold_id: UUID
    settled_cents: int


class OpenHold(Struct, frozen=True):
    """`legal_entity_id`: in whose books the credit is, and so who will owe it to the payee."""

    id: UUID
    amount_cents: int
    payee_id: UUID
    legal_entity_id: UUID


class PayableRow(Struct, frozen=True):
    organiser_id: UUID
    legal_entity_id: UUID
    id: UUID


lock_wallets_of = SQL.command("lock_wallets_of")
read_open_holds = SQL.many("read_open_holds", OpenHold)
read_payables = SQL.many("read_payables", PayableRow)
earned_by_coming = SQL.value("earned_by_coming", bool)


async def settle_holds(
    tx: Executor, region_id: int, earned: Sequence[Earned], ids: Ids, now: datetime
) -> int:
    """Resolve these holds of a region, a whole set at once; returns how many.

    A hold that was resolved before stays as it is, so a repeat has no effect. Earning more than was held is
    a bug. Whoever locks bookings locks them before calling this.
    """
    cents = {each.hold_id: each.settled_cents for each in earned}
    await lock_wallets_of(tx, region_id, list(cents))
    holds = await read_open_holds(tx, region_id, list(cents))
    payables = await open_payables(tx, region_id, [each for each in holds if cents[each.id]], ids)
    rows = [resolution(each, cents[each.id], payables, ids) for each in holds]
    await ledger.resolve(tx, region_id, rows, now)
    return len(holds)


async def was_earned_by_coming(tx: Executor, region_id: int, lines: Sequence[tuple[UUID, int]]) -> bool:
    """Whether credit of these lines was settled by who came: then it is too late to say that they did not.

    A line is its booking and number. Whoever asks holds the locks of the bookings, under which settling
    happens too.
    """
    booking_ids, line_nos = [booking_id for booking_id, _ in lines], [line_no for _, line_no in lines]
    return await earned_by_coming(tx, region_id, booking_ids, line_nos)


async def open_payables(tx: Executor, region_id: int, holds: Sequence[OpenHold], ids: Ids) -> Payables:
    """The account of each payee in the books of each entity, opened where they earn for the first time."""
    payees = list(dict.fromkeys((each.payee_id, each.legal_entity_id) for each in holds))
    known = await find_payables(tx, region_id, payees)
    missing = [each for each in payees if each not in known]
    if missing:
        rows = [AccountRow(ids.new(), "payable", payee, entity) for payee, entity in missing]
        await ledger.open_accounts(tx, region_id, rows)
        known = await find_payables(tx, region_id, payees)
    return known


async def find_payables(tx: Executor, region_id: int, payees: Sequence[tuple[UUID, UUID]]) -> Payables:
    found = await read_payables(
        tx, region_id, [payee for payee, _ in payees], [entity for _, entity in payees]
    )
    return {(row.organiser_id, row.legal_entity_id): row.id for row in found}


def resolution(hold: OpenHold, cents: int, payables: Payables, ids: Ids) -> ResolutionRow:
    rest = hold.amount_cents - cents
    return ResolutionRow(
        hold.id,
        cents,
        rest,
        settle_id=ids.new() if cents else None,
        release_id=ids.new() if rest else None,
        payable_id=payables[hold.payee_id, hold.legal_entity_id] if cents else None,
    )
