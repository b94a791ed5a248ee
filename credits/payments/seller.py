"""Who sells for money: an organiser with books of its own, and the ways by which it takes money."""

from datetime import datetime
from typing import Final, get_args
from uuid import UUID

from msgspec import Struct

from credits.ledger.ledger import AccountKind, AccountRow, open_accounts
from credits.programme.programme import lock_legal_entity
from uit.core.ids import Ids
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

KINDS: Final[tuple[AccountKind, ...]] = (
    "sale", "card", "till", "terminal", "invoice", "bank", "safe",
    "fee", "rounding", "difference", "disputed",
)  # fmt: skip
"""The accounts of a seller, in the order of their columns."""
assert set(KINDS) < set(get_args(AccountKind))


class Seller(Struct, frozen=True):
    """A seller as its desk sees it. `number` is its enterprise number, which an association may not have.

    `card_account` is its account at the payment provider, '' for that of the installation; None: no card.
    `card_left_at`: since when we have no access to it.
    """

    organiser_id: UUID
    name: str
    number: str | None
    agent_id: UUID | None
    mandate_id: UUID | None
    card_account: str | None
    card_open: bool
    card_missing: list[str]
    desk_hours: int | None
    desk_before_minutes: int
    invoices: bool
    cancel_fee_cents: int
    signatories: list[str]
    card_left_at: datetime | None = None


class Ways(Struct, frozen=True):
    """What a seller decides itself: paying at the desk, on an invoice, and what giving up costs a ticket.

    `invoices` is None where it stays as it is: agreeing with a first customer says it.
    """

    desk_hours: int | None
    desk_before_minutes: int = 30
    invoices: bool | None = None
    cancel_fee_cents: int = 0


read_seller = SQL.maybe("read_seller", Seller)
find_entity = SQL.value("find_entity", UUID)
insert_entity = SQL.command("insert_entity")
insert_seller = SQL.command("insert_seller")
write_ways = SQL.command("write_ways")
leave_card = SQL.command("leave_card")
write_card = SQL.command("write_card")
write_signatories = SQL.command("write_signatories")


async def open_books(tx: Executor, region_id: int, organiser_id: UUID, ids: Ids) -> None:
    """Open the books of an organiser, with every account that a seller needs. A repeat changes nothing.

    They are kept under its enterprise number, together with what else that legal entity does in the region.
    """
    if await read_seller(tx, region_id, organiser_id):
        return
    await lock_legal_entity(tx, region_id)
    if await read_seller(tx, region_id, organiser_id):
        return  # somebody opened them meanwhile
    known: UUID | None = await find_entity(tx, region_id, organiser_id)
    entity_id = known or ids.new()
    if known is None:
        await insert_entity(tx, region_id, entity_id, organiser_id)
    await open_seller_accounts(tx, region_id, organiser_id, entity_id, ids)
    await insert_seller(tx, region_id, organiser_id, entity_id)


async def open_seller_accounts(
    tx: Executor, region_id: int, organiser_id: UUID, entity_id: UUID, ids: Ids
) -> None:
    """Open every account that a seller needs in the books of a legal entity, where they are not there yet."""
    accounts = [AccountRow(ids.new(), kind, organiser_id, entity_id) for kind in KINDS]
    await open_accounts(tx, region_id, accounts)


async def set_ways(tx: Executor, region_id: int, organiser_id: UUID, ways: Ways) -> None:
    """Say how a seller is paid, and what giving up costs a ticket."""
    await write_ways(
        tx,
        region_id,
        organiser_id,
        ways.desk_hours,
        ways.desk_before_minutes,
        ways.invoices,
        ways.cancel_fee_cents,
    )
