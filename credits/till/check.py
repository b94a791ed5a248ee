"""The invariants of tills: sessions, receipts, and the drawers that they make."""

from typing import Final

from credits.invariant import BookFault, Invariant
from uit.database.statements import Statements

SQL = Statements(__name__)

INVARIANTS: Final = (
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
)
