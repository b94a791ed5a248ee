"""The invariants of the ledger. Each statement finds the rows for which one of them does not hold."""

from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Many, Statements

SQL = Statements(__name__)

raise_work_mem = SQL.value("raise_work_mem", str)


class BookFault(Struct, frozen=True):
    """`subject_id` is what the invariant is about: a transfer, a purse, a till. Amounts in cents."""

    region_id: int
    subject_id: UUID
    expected_cents: int | None
    found_cents: int | None


class BrokenInvariant(Struct, frozen=True):
    """An invariant that does not hold for a row. `sentence` describes it for the operator."""

    invariant: str
    found: BookFault
    sentence: str

    def __str__(self) -> str:
        return self.sentence


class Invariant(Struct, frozen=True):
    violations: Many[BookFault]
    template: str

    def sentence(self, found: BookFault) -> str:
        return self.template.format(
            id=found.subject_id,
            region=found.region_id,
            expected=found.expected_cents,
            found=found.found_cents,
        )


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
        SQL.many("till_sessions_unlike_movements", BookFault),
        "Session {id} at a till in region {region} says {found} cents where its movements make {expected}.",
    ),
    Invariant(
        SQL.many("tills_unlike_transfers", BookFault),
        "Till account {id} in region {region} stands at {expected} cents where its drawers hold {found}.",
    ),
    Invariant(
        SQL.many("receipts_numbered_with_gaps", BookFault),
        "Seller {id} in region {region} gave receipt number {expected} as the last and has {found} receipts.",
    ),
    Invariant(
        SQL.many("till_rows_unlike_transfers", BookFault),
        "At a till in region {region}, {id} is {expected} cents and its transfer {found}.",
    ),
    Invariant(
        SQL.many("receipts_not_paid", BookFault),
        "Receipt {id} in region {region} of {found} cents has lines or payments of {expected}.",
    ),
    Invariant(
        SQL.many("closing_balances_unlike_transfers", BookFault),
        "Account {id} in region {region} was closed at {found} cents where its transfers make {expected}.",
    ),
)

payables_below_zero = SQL.many("payables_below_zero", BookFault)


async def list_debts(connection: Executor) -> list[str]:
    """Organisers that owe something back, which is allowed: a sentence for each, for a person to know."""
    return [
        f"Payable account {each.subject_id} in region {each.region_id} stands at {each.found_cents} cents."
        for each in await payables_below_zero(connection)
    ]


async def check_ledger(connection: Executor) -> list[BrokenInvariant]:
    """All broken invariants of the ledger, at most twenty rows for each; empty when all hold.

    Reads one snapshot, so it can run while the system is in use. `connection` must not be in a transaction.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        await raise_work_mem(connection)
        return [
            BrokenInvariant(invariant.violations.name, found, invariant.sentence(found))
            for invariant in INVARIANTS
            for found in await invariant.violations(connection)
        ]
