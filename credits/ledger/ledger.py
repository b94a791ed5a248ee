"""The ledger, in double entry: a transfer moves an amount in cents from one account to another.

    fund → purse → hold → payable        and back:  hold → purse (release), purse → fund (lapse)

Purses and funds store their balance. Many bookings add to the account of an organiser at once, so its entries
are appended and rolled up later. A transfer is never changed: a correction is a reversal with a reason.

Ids come from the caller, and a function that is repeated under the same id has its effect once. A change of a
purse locks its wallet first; a change that also moves a fund locks the fund before the wallet.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from credits.errors import AlreadyGranted, BudgetSpent, GrantIdTaken
from uit.database.statements import Executor, Statements, as_json

SQL = Statements(__name__)

TransferKind = Literal[
    "pledge", "grant", "hold", "settle", "release", "lapse", "payout", "reversal", "return",
    "capture", "refund", "fee", "card_payout", "dispute", "dispute_won", "dispute_lost",
    "receipt", "rounding", "float", "drop", "difference", "invoice", "invoice_paid", "credit_note",
    "carried", "sold_for", "remittance",
]  # fmt: skip


AccountKind = Literal[
    "claim", "fund", "purse", "held", "payable", "clearing",
    "sale", "card", "till", "terminal", "invoice", "bank", "safe",
    "fee", "rounding", "difference", "disputed", "owed", "sold_for",
]  # fmt: skip


class HoldRow(Struct, frozen=True):
    """Credit put aside for one line, in the shape of `credits.write_holds`."""

    id: UUID
    purse_id: UUID
    held_account_id: UUID
    amount_cents: int
    booking_id: UUID
    line_no: int
    payee_id: UUID


class ResolutionRow(Struct, frozen=True):
    """The end of a hold: `settled_cents` go to the account of the payee, `released_cents` to the purse."""

    hold_id: UUID
    settled_cents: int
    released_cents: int
    settle_id: UUID | None
    release_id: UUID | None
    payable_id: UUID | None

    @classmethod
    def release(cls, hold_id: UUID, cents: int, transfer_id: UUID) -> "ResolutionRow":
        return cls(hold_id, 0, cents, None, transfer_id, None)


class ReversalRow(Struct, frozen=True):
    """A settlement that is undone whole: what was earned goes back, and on to its purse as `release_id`."""

    settle_id: UUID
    reversal_id: UUID
    release_id: UUID
    reason: str


class ExtensionRow(Struct, frozen=True):
    """A purse that can be spent until a later moment, since something came back to it."""

    purse_id: UUID
    lapses_at: datetime


class AccountRow(Struct, frozen=True):
    """`owner_id`: a purse for purse and held, a fund for fund and claim, or else an organiser."""

    id: UUID
    kind: AccountKind
    owner_id: UUID
    legal_entity_id: UUID


class Pledge(Struct, frozen=True):
    """The money of a funder for a programme: a transfer from claim to fund, with the id of the fund."""

    region_id: int
    fund_id: UUID
    claim_id: UUID
    programme_id: UUID
    legal_entity_id: UUID
    budget_cents: int


class Grant(Struct, frozen=True):
    """Credit for one wallet. The purse, its account and the transfer that fills the purse have this `id`."""

    region_id: int
    id: UUID
    held_account_id: UUID
    wallet_id: UUID
    programme_id: UUID
    programme: str
    version: int
    period: str
    amount_cents: int
    lapses_at: datetime


class Granted(Struct, frozen=True):
    """The purse of a grant. `new` is False when the same id was granted before."""

    purse_id: UUID
    amount_cents: int
    lapses_at: datetime
    new: bool


class FundRow(Struct, frozen=True):
    id: UUID
    available_cents: int
    legal_entity_id: UUID


class PurseRow(Struct, frozen=True):
    id: UUID
    wallet_id: UUID
    programme_id: UUID
    granted_cents: int
    lapses_at: datetime


insert_accounts = SQL.command("insert_accounts")
insert_pledge = SQL.command("insert_pledge")
lock_funds = SQL.many("lock_funds", FundRow)
insert_wallet = SQL.command("insert_wallet")
lock_wallets = SQL.command("lock_wallets")
lock_grant = SQL.command("lock_grant")
read_grant = SQL.maybe("read_grant", PurseRow)
was_granted = SQL.value("was_granted", bool)
insert_grant = SQL.command("insert_grant")
write_resolutions = SQL.command("write_resolutions")


async def open_accounts(tx: Executor, region_id: int, rows: Sequence[AccountRow]) -> None:
    """Open the accounts that do not exist yet; an owner has one account of a kind."""
    await insert_accounts(tx, region_id, as_json(rows))


async def pledge(tx: Executor, wanted: Pledge, now: datetime) -> None:
    """Open a fund with the money of a funder."""
    accounts = [
        AccountRow(wanted.claim_id, "claim", wanted.fund_id, wanted.legal_entity_id),
        AccountRow(wanted.fund_id, "fund", wanted.fund_id, wanted.legal_entity_id),
    ]
    await open_accounts(tx, wanted.region_id, accounts)
    await insert_pledge(
        tx, wanted.region_id, wanted.fund_id, wanted.claim_id, wanted.programme_id, wanted.budget_cents, now
    )


async def repeated_grant(
    tx: Executor, region_id: int, grant_id: UUID, wallet_id: UUID, programme_id: UUID
) -> Granted | GrantIdTaken | None:
    """What was done before under this id, which until the end of the transaction is this caller's alone.

    None when nothing was; the id of another grant is a conflict.
    """
    await lock_grant(tx, grant_id)
    before = await read_grant(tx, region_id, grant_id)
    if before is None:
        return None
    if (before.wallet_id, before.programme_id) != (wallet_id, programme_id):
        return GrantIdTaken(grant_id)
    return Granted(before.id, before.granted_cents, before.lapses_at, new=False)


async def grant(tx: Executor, wanted: Grant, now: datetime) -> Granted | BudgetSpent | AlreadyGranted:
    """Give a wallet credit from the first fund of the programme that has enough left, once per period.

    Whoever calls this asked `repeated_grant` first.
    """
    funds = await lock_funds(tx, wanted.region_id, wanted.programme_id)
    await insert_wallet(tx, wanted.region_id, wanted.wallet_id)
    await lock_wallets(tx, wanted.region_id, [wanted.wallet_id])
    if await was_granted(tx, wanted.region_id, wanted.wallet_id, wanted.programme_id, wanted.period):
        return AlreadyGranted(wanted.programme, wanted.period)
    fund = next((each for each in funds if each.available_cents >= wanted.amount_cents), None)
    if fund is None:
        return BudgetSpent(wanted.programme)
    await write_grant(tx, wanted, fund, now)
    return Granted(wanted.id, wanted.amount_cents, wanted.lapses_at, new=True)


async def write_grant(tx: Executor, wanted: Grant, fund: FundRow, now: datetime) -> None:
    accounts = [
        AccountRow(wanted.id, "purse", wanted.id, fund.legal_entity_id),
        AccountRow(wanted.held_account_id, "held", wanted.id, fund.legal_entity_id),
    ]
    await open_accounts(tx, wanted.region_id, accounts)
    await insert_grant(
        tx,
        wanted.region_id,
        wanted.id,
        wanted.held_account_id,
        wanted.wallet_id,
        wanted.programme_id,
        wanted.version,
        fund.id,
        wanted.period,
        wanted.amount_cents,
        wanted.lapses_at,
        now,
    )


async def resolve(tx: Executor, region_id: int, rows: Sequence[ResolutionRow], now: datetime) -> None:
    """End holds of a region. The wallets are locked and the holds were read open under that lock."""
    if rows:
        await write_resolutions(tx, region_id, as_json(rows), now)
