"""The invariants of invoices: what each keeps, and what of them is open."""

from typing import Final

from credits.invariant import BookFault, Invariant
from uit.database.statements import Statements

SQL = Statements(__name__)

INVARIANTS: Final = (
    Invariant(
        SQL.many("invoices_unlike_transfers", BookFault),
        "Invoice {id} in region {region} keeps {found} cents where its transfers make {expected}.",
    ),
    Invariant(
        SQL.many("invoice_accounts_unlike_invoices", BookFault),
        "Invoice account {id} in region {region} says {found} cents where {expected} is open.",
    ),
)
