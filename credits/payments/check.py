"""The invariants of real money: payments, refunds, disputes, and the accounts of who sells."""

from typing import Final

from credits.invariant import BookFault, Invariant
from uit.database.statements import Statements

SQL = Statements(__name__)

INVARIANTS: Final = (
    Invariant(
        SQL.many("payments_unlike_transfers", BookFault),
        "Payment {id} in region {region} says {expected} cents where its transfers moved {found}.",
    ),
    Invariant(
        SQL.many("refunds_above_payment", BookFault),
        "Of payment {id} in region {region} with {expected} cents, {found} go back.",
    ),
    Invariant(
        SQL.many("money_without_reference", BookFault),
        "Transfer {id} in region {region} of {found} cents is tied to nothing outside.",
    ),
    Invariant(
        SQL.many("money_between_wrong_accounts", BookFault),
        "Transfer {id} in region {region} moves {found} cents of a seller between accounts that do not fit.",
    ),
    Invariant(
        SQL.many("money_unlike_transfers", BookFault),
        "Account {id} in region {region} says {found} cents where its transfers make {expected}.",
    ),
    Invariant(
        SQL.many("cards_unexplained", BookFault),
        "Card account {id} in region {region} has {found} cents where payments and refunds leave {expected}.",
    ),
    Invariant(
        SQL.many("disputes_unlike_transfers", BookFault),
        "Disputed account {id} in region {region} has {found} cents where disputes hold {expected}.",
    ),
    Invariant(
        SQL.many("sold_for_unlike_payment", BookFault),
        "Of payment {id} in region {region} an organiser is owed {found} cents where its part is {expected}.",
    ),
)

differences_open = SQL.many("differences_open", BookFault)
