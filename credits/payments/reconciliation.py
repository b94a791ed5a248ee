"""Every night, the provider's own books of each account beside ours: what differs is listed by name."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final
from uuid import UUID, uuid5

import structlog
from msgspec import Struct

from credits.payments.dispute import ChargedPayment, payments_of_references
from credits.payments.provider import BalanceEntry, PaymentProvider, ProviderAway, ProviderRefused
from uit.core.clock import Clock, day_in_flanders, start_of_day
from uit.database.pool import Database
from uit.database.statements import Statements, as_json

SQL = Statements(__name__)
AT_ONCE: Final = 500
LENT: Final = timedelta(hours=1)
"""For how long another worker leaves an account alone, also one of which the provider did not answer."""
CANDIDATES: Final = 16
"""How many accounts are looked at to find one that no other worker has."""
AFTER_MIDNIGHT: Final = timedelta(hours=3)
"""A day is compared from then on: what was paid before midnight is read back by that time."""
DAY: Final = timedelta(days=1)
PAYOUT_LOOKS_BACK: Final = timedelta(days=7)
KINDS: Final = {
    "charge": "charge",
    "payment": "charge",
    "refund": "refund",
    "payment_refund": "refund",
    "refund_failure": "refund",
    "payment_failure_refund": "refund",
    "payout": "payout",
    "payout_failure": "payout",
    "payout_cancel": "payout",
}
DISPUTE: Final = "dp_"

log = structlog.get_logger()


class AccountSeller(Struct, frozen=True):
    """A seller whose cards are paid to an account of the provider."""

    region_id: int
    seller_id: UUID


class KnownAccount(Struct, frozen=True):
    """An account to compare, '' for our own; `reconciled_on` is the last day of which that was done."""

    account: str
    reconciled_on: date | None


class DueAccount(Struct, frozen=True):
    """The same, with the first of its sellers: who has that one has the account."""

    region_id: int
    seller_id: UUID
    account: str
    reconciled_on: date | None


class EntryRow(Struct, frozen=True):
    """A line of the provider's books as `credits.store_provider_entries` takes it.

    `fee_id` and `transfer_id`: under which ids our books take over what it keeps, and what it pays out.
    """

    id: str
    seller_id: UUID
    kind: str
    amount_cents: int
    fee_cents: int
    reference: str
    booking_id: UUID | None
    payment_id: UUID | None
    transfer_id: UUID | None
    fee_id: UUID | None
    made_at: datetime


accounts_due = SQL.many("accounts_due", DueAccount)
claim_account = SQL.command("claim_account")
put_off_account = SQL.command("put_off_account")
accounts_with_cards = SQL.many("accounts_with_cards", KnownAccount)
sellers_of_account = SQL.many("sellers_of_account", AccountSeller)
store_provider_entries = SQL.command("store_provider_entries")
compare_provider = SQL.value("compare_provider", int)


class Reconciler(Struct, frozen=True):
    """Reads the provider's books of an account and compares them with ours."""

    database: Database
    provider: PaymentProvider
    clock: Clock

    async def reconcile_next(self) -> int:
        """Compare a day of an account that is due; 0 when none is.

        While the provider is away it waits an hour. One that the provider refuses waits until the next night:
        its owner may have taken our access away.
        """
        now = self.clock.now()
        claimed = await claim_next(self.database, now)
        if claimed is None:
            return 0
        last = last_day(now)
        day = claimed.reconciled_on + DAY if claimed.reconciled_on else last
        try:
            if day <= last:
                await self.reconcile(claimed.account, day)
        except ProviderAway as away:
            log.warning("reconciliation_waits", account=claimed.account, reason=away.why)
            return 1
        except ProviderRefused as refused:
            log.warning("reconciliation_refused", account=claimed.account, code=refused.code)
            day = last
        async with self.database.transaction() as tx:
            await put_off_account(
                tx, claimed.region_id, claimed.seller_id, now if day < last else next_night(now)
            )
        return 1

    async def reconcile(self, account: str, day: date) -> int:
        """Compare one day of an account, again as often as wanted; returns how many differences are open."""
        since, until = start_of_day(day), start_of_day(day + DAY)
        still_open = 0
        for each in await self.take_over(account, since, until):
            async with self.database.transaction() as tx:
                key = each.region_id, each.seller_id
                still_open += await compare_provider(tx, *key, since, until, day, self.clock.now())
        return still_open

    async def take_over_payouts(self, account: str) -> bool:
        """A payout is reported: take over what was paid out and kept of late. False for no account here."""
        until = self.clock.now() + timedelta(minutes=5)
        return bool(await self.take_over(account, until - PAYOUT_LOOKS_BACK, until))

    async def take_over(self, account: str, since: datetime, until: datetime) -> list[AccountSeller]:
        """Read the lines of an account and write what our books take over; returns whose account it is."""
        async with self.database.reading() as connection:
            sellers = await sellers_of_account(connection, account)
        entries = await self.provider.balance_entries(account or None, since, until) if sellers else []
        for at in range(0, len(entries), AT_ONCE):
            await self._store(entries[at : at + AT_ONCE], sellers, account)
        return sellers

    async def _store(
        self, entries: Sequence[BalanceEntry], sellers: Sequence[AccountSeller], account: str
    ) -> None:
        wanted = [each.intent_id for each in entries if each.intent_id]
        async with self.database.transaction() as tx:
            payments = await payments_of_references(tx, wanted)
            for region_id, rows in rows_by_region(entries, sellers, payments, account):
                await store_provider_entries(tx, region_id, as_json(rows), self.clock.now())


async def claim_next(database: Database, now: datetime) -> DueAccount | None:
    """The account that is due for longest and that no other worker has, claimed until LENT from now."""
    async with database.reading() as connection:
        due = await accounts_due(connection, now, CANDIDATES)
    for each in due:
        async with database.transaction() as tx:
            if await claim_account(tx, each.region_id, each.seller_id, each.account, now, now + LENT):
                return each
    return None


def last_day(now: datetime) -> date:
    """The last day that is over and can be compared."""
    return day_in_flanders(now - AFTER_MIDNIGHT) - DAY


def next_night(now: datetime) -> datetime:
    """When the day that is under way can be compared."""
    return start_of_day(day_in_flanders(now - AFTER_MIDNIGHT) + DAY) + AFTER_MIDNIGHT


def rows_by_region(
    entries: Iterable[BalanceEntry],
    sellers: Sequence[AccountSeller],
    payments: Iterable[ChargedPayment],
    account: str,
) -> list[tuple[int, list[EntryRow]]]:
    """The lines by region of their seller. One that is of no payment of ours is listed with the first.

    A payout of an account that several share cannot be told apart, so no books take it over.
    """
    known = {each.reference: each for each in payments if (each.account or "") == account}
    placed = []
    for entry in entries:
        payment = known.get(entry.intent_id or "")
        region_id = payment.region_id if payment else sellers[0].region_id
        seller_id = payment.seller_id if payment else sellers[0].seller_id
        placed.append((region_id, row_of(entry, seller_id, payment, alone=len(sellers) == 1)))
    placed.sort(key=lambda each: each[0])
    return [
        (region_id, [row for _, row in rows]) for region_id, rows in groupby(placed, key=lambda each: each[0])
    ]


def row_of(entry: BalanceEntry, seller_id: UUID, payment: ChargedPayment | None, *, alone: bool) -> EntryRow:
    kind = kind_of(entry)
    # What is kept beside any payment is no movement of its own: all of it is a fee.
    is_fee = entry.type == "stripe_fee"
    amount_cents, fee_cents = (0, -entry.net_cents) if is_fee else (entry.amount_cents, entry.fee_cents)
    takes_over = kind == "payout" and alone
    return EntryRow(
        id=entry.id,
        seller_id=seller_id,
        kind=kind,
        amount_cents=amount_cents,
        fee_cents=fee_cents,
        reference=reference_of(entry, kind),
        booking_id=payment.booking_id if payment else None,
        payment_id=payment.id if payment else None,
        transfer_id=uuid5(seller_id, entry.id) if takes_over else None,
        fee_id=fee_id_of(entry, kind, seller_id, payment) if payment or is_fee else None,
        made_at=entry.created,
    )


def kind_of(entry: BalanceEntry) -> str:
    is_dispute = entry.type == "adjustment" and (entry.source_id or "").startswith(DISPUTE)
    return "dispute" if is_dispute else KINDS.get(entry.type, "other")


def reference_of(entry: BalanceEntry, kind: str) -> str:
    """What our transfers call it: a payment by its intent, all else by its own id."""
    return (entry.intent_id if kind == "charge" else None) or entry.source_id or entry.id


def fee_id_of(entry: BalanceEntry, kind: str, seller_id: UUID, payment: ChargedPayment | None) -> UUID:
    """The fee of a charge may be known already, under the same id: see `checkout.record_fee`."""
    if payment and kind == "charge":
        return uuid5(payment.id, "fee")
    return uuid5(seller_id, f"fee/{entry.id}")
