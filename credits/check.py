"""The invariants of the ledger. Each statement finds the rows for which one of them does not hold."""

from typing import Final

from credits.invariant import BookFault, BrokenInvariant, Invariant
from credits.invoice.check import INVARIANTS as OF_INVOICES
from credits.payments.check import INVARIANTS as OF_PAYMENTS
from credits.payments.check import differences_open
from credits.till.check import INVARIANTS as OF_TILLS
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

MOST: Final = 20
"""How many rows are named for each invariant, unless all are asked for."""

allow_long_reading = SQL.command("allow_long_reading")

INVARIANTS = (
    Invariant(
        SQL.many("accounts_missing", BookFault),
        "Account {id} in region {region} does not exist, and a transfer names it.",
    ),
    Invariant(
        SQL.many("transfers_between_wrong_accounts", BookFault),
        "Transfer {id} in region {region} moves {found} cents between accounts that do not fit its kind.",
    ),
    Invariant(
        SQL.many("purses_unlike_transfers", BookFault),
        "Purse {id} in region {region} keeps a figure of {found} cents where its transfers make {expected}.",
    ),
    Invariant(
        SQL.many("purses_below_zero", BookFault),
        "Purse {id} in region {region} stands at {found} cents.",
    ),
    Invariant(
        SQL.many("funds_unlike_transfers", BookFault),
        "Fund {id} in region {region} keeps {found} cents where its transfers leave {expected}.",
    ),
    Invariant(
        SQL.many("holds_resolved_wrongly", BookFault),
        "Hold {id} in region {region} of {expected} cents was resolved for {found}, or more than once.",
    ),
    Invariant(
        SQL.many("programmes_unbalanced", BookFault),
        "Programme {id} in region {region} gave {expected} cents and can point to {found}.",
    ),
    Invariant(
        SQL.many("payables_unlike_transfers", BookFault),
        "Payable account {id} in region {region} says {found} cents where its transfers make {expected}.",
    ),
    Invariant(
        SQL.many("reversals_unlike_original", BookFault),
        "Reversal {id} in region {region} of {found} cents is not the mirror of what it reverses.",
    ),
    Invariant(
        SQL.many("closing_balances_unlike_transfers", BookFault),
        "Account {id} in region {region} was closed at {found} cents where its transfers make {expected}.",
    ),
)

payables_below_zero = SQL.many("payables_below_zero", BookFault)


async def list_debts(connection: Executor) -> list[str]:
    """What is allowed and a person should know: organisers that owe something, differences nobody closed."""
    owed = [
        f"Payable account {each.subject_id} in region {each.region_id} stands at {each.found_cents} cents."
        for each in await payables_below_zero(connection, MOST)
    ]
    return owed + [
        f"Difference {each.subject_id} in region {each.region_id} is open: {each.expected_cents} cents in "
        f"our books, {each.found_cents} in the provider's."
        for each in await differences_open(connection, MOST)
    ]


async def check_ledger(connection: Executor, most: int | None = MOST) -> list[BrokenInvariant]:
    """All broken invariants of the ledger, at most so many rows for each, None for all; empty when all hold.

    Reads one snapshot, so it can run while the system is in use. `connection` must not be in a transaction.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        await allow_long_reading(connection)
        return [
            BrokenInvariant(invariant.violations.name, found, invariant.sentence(found))
            for invariant in (*INVARIANTS, *OF_TILLS, *OF_INVOICES, *OF_PAYMENTS)
            for found in await invariant.violations(connection, most)
        ]
