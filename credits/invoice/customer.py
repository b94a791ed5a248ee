"""Organisations that book on an invoice: what a seller agreed with each, and the code with which it books."""

import base64
import secrets
from collections.abc import Callable
from datetime import date
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from credits.invoice.invoice import SellerBooks
from credits.invoice.terms import CustomerTerms
from credits.payments.seller import open_books, read_seller
from uit.core.ids import Ids
from uit.core.secret import digest
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
CODE_BYTES: Final = 10
CODE_LETTERS: Final = 16
GROUP: Final = 4
MISREAD: Final = str.maketrans("0189", "OIBG")


class CustomerDetails(Struct, frozen=True):
    """Who it is and what was agreed. `peppol_id` is `scheme:number`; None: its enterprise number, by 0208.

    Both days belong to the agreement; without `ends_on` it goes on. Amounts are in cents.
    """

    name: str
    enterprise_number: str
    peppol_id: str | None
    street: str
    postal_code: str
    town: str
    email: str
    contact: str
    term_days: int
    limit_cents: int
    starts_on: date
    ends_on: date | None


class Customer(CustomerDetails, frozen=True):
    """`open_cents` of its invoices is neither paid nor credited; `overdue_cents` should have been paid."""

    id: UUID
    open_cents: int
    overdue_cents: int

    def is_over(self, today: date) -> bool:
        return self.ends_on is not None and self.ends_on < today


class NewCustomer(Struct, frozen=True):
    id: UUID
    details: CustomerDetails
    code: str


read_customers = SQL.many("read_customers", Customer)
read_customer = SQL.maybe("read_customer", Customer)
insert_customer = SQL.command("insert_customer")
update_customer = SQL.value("update_customer", bool)
write_code = SQL.value("write_code", bool)
take_invoices = SQL.command("take_invoices")
find_by_code = SQL.value("find_by_code", UUID)
read_terms = SQL.value("read_terms", str)


def new_code(random: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """Sixteen letters and figures in groups of four: 80 random bits, to be shown once."""
    letters = base64.b32encode(random(CODE_BYTES)).decode()
    return "-".join(letters[at : at + GROUP] for at in range(0, CODE_LETTERS, GROUP))


def digest_of_code(typed: str) -> bytes | None:
    """The digest of a code as people type it; None for what can be none.

    What is often misread is forgiven.
    """
    letters = "".join(each for each in typed.upper() if each.isalnum()).translate(MISREAD)
    return digest("customer", letters) if len(letters) == CODE_LETTERS and letters.isascii() else None


async def agree(tx: Executor, books: SellerBooks, ids: Ids, new: NewCustomer) -> bool:
    """Agree with an organisation that it books on an invoice; the seller takes invoices from then on.

    Returns whether it is new. A repeat changes nothing, also not the code.
    """
    await open_books(tx, *books.key, ids)
    code, details = digest_of_code(new.code), msgspec.structs.astuple(new.details)
    inserted = await insert_customer(tx, books.region_id, new.id, books.seller_id, *details, code, books.now)
    if inserted:
        await take_invoices(tx, *books.key)
    return inserted > 0


async def change(
    tx: Executor, region_id: int, seller_id: UUID, customer_id: UUID, details: CustomerDetails
) -> bool:
    """Agree otherwise from now on. False when there is no such customer of this seller."""
    return bool(
        await update_customer(tx, region_id, seller_id, customer_id, *msgspec.structs.astuple(details))
    )


async def replace_code(tx: Executor, region_id: int, seller_id: UUID, customer_id: UUID, code: str) -> bool:
    """From now on only this code is good. False when there is no such customer of this seller."""
    return bool(await write_code(tx, region_id, seller_id, customer_id, digest_of_code(code)))


async def customer_of_code(tx: Executor, region_id: int, code: str) -> CustomerTerms | None:
    """Who books with a code, in a region; None when nobody does. Read without a lock."""
    code_digest = digest_of_code(code)
    customer_id = await find_by_code(tx, region_id, code_digest) if code_digest else None
    if customer_id is None:
        return None
    found = msgspec.json.decode(await read_terms(tx, region_id, [customer_id]), type=list[CustomerTerms])
    return found[0] if found else None


async def may_invoice(tx: Executor, region_id: int, organiser_id: UUID, number: str | None) -> bool:
    """Whether an organiser can sell on invoices: it has an enterprise number, and sells in its own name."""
    seller = await read_seller(tx, region_id, organiser_id)
    return number is not None and (seller is None or seller.agent_id is None)
