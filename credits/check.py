"""The books checked against themselves: each statement finds the rows for which a promise does not hold."""

from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Many, Statements

SQL = Statements(__name__)

take_room = SQL.value("take_room", str)


class BookFault(Struct, frozen=True):
    """`subject_id` is the transfer, purse, fund, hold, programme or account; the amounts are in cents."""

    region_id: int
    subject_id: UUID
    expected_cents: int | None
    found_cents: int | None


class Broken(Struct, frozen=True):
    """A promise that does not hold, and for what. `sentence` is for whoever runs the check."""

    promise: str
    found: BookFault
    sentence: str

    def __str__(self) -> str:
        return self.sentence


class Promise(Struct, frozen=True):
    broken: Many[BookFault]
    words: str

    def sentence(self, found: BookFault) -> str:
        return self.words.format(
            id=found.subject_id,
            region=found.region_id,
            expected=found.expected_cents,
            found=found.found_cents,
        )


PROMISES = (
    Promise(
        SQL.many("accounts_missing", BookFault),
        "Account {id} in region {region} does not exist, and a transfer names it.",
    ),
    Promise(
        SQL.many("transfers_astray", BookFault),
        "Transfer {id} in region {region} moves {found} cents between accounts that do not fit its kind.",
    ),
    Promise(
        SQL.many("purses_adrift", BookFault),
        "Purse {id} in region {region} keeps a figure of {found} cents where its transfers make {expected}.",
    ),
    Promise(
        SQL.many("purses_below_zero", BookFault),
        "Purse {id} in region {region} stands at {found} cents.",
    ),
    Promise(
        SQL.many("funds_adrift", BookFault),
        "Fund {id} in region {region} keeps {found} cents where its transfers leave {expected}.",
    ),
    Promise(
        SQL.many("holds_resolved_wrong", BookFault),
        "Hold {id} in region {region} of {expected} cents was resolved for {found}, or more than once.",
    ),
    Promise(
        SQL.many("programmes_unbalanced", BookFault),
        "Programme {id} in region {region} gave {expected} cents and can point to {found}.",
    ),
    Promise(
        SQL.many("payables_adrift", BookFault),
        "Payable account {id} in region {region} says {found} cents where its transfers make {expected}.",
    ),
    Promise(
        SQL.many("reversals_askew", BookFault),
        "Reversal {id} in region {region} of {found} cents is not the mirror of what it reverses.",
    ),
)

payables_below_zero = SQL.many("payables_below_zero", BookFault)


async def list_debts(connection: Executor) -> list[str]:
    """Organisers that owe something back, which is allowed: a sentence for each, for a person to know."""
    return [
        f"Payable account {each.subject_id} in region {each.region_id} stands at {each.found_cents} cents."
        for each in await payables_below_zero(connection)
    ]


async def check_ledger(connection: Executor) -> list[Broken]:
    """All that is wrong in the books, at most twenty a promise; empty when they are right.

    Reads one moment, so it can run on a living system. `connection` is not in a transaction yet.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        await take_room(connection)
        return [
            Broken(promise.broken.name, found, promise.sentence(found))
            for promise in PROMISES
            for found in await promise.broken(connection)
        ]
