"""What an agent owes organisers for what it sold in its own name, and what it remitted to them."""

from datetime import date
from typing import Final
from uuid import UUID

from msgspec import Struct

from credits.errors import RemittanceNoted, RemittanceTooMuch
from uit.core.errors import NotFound
from uit.database.statements import Executor, Statements
from uit.services.audit import Author

SQL = Statements(__name__)
AT_ONCE: Final = 50


class Debt(Struct, frozen=True):
    """What one legal entity owes one organiser; `id` is that of the account.

    `sold_cents` came in for the organiser, `back_cents` of it went back or was lost to a bank. Of what is
    still owed, `contested_cents` is held since its payer contests it, `returning_cents` since it goes back.
    """

    id: UUID
    organiser_id: UUID
    organiser: str
    agent: str
    sold_cents: int
    back_cents: int
    remitted_cents: int
    owed_cents: int
    contested_cents: int
    returning_cents: int

    @property
    def earlier_cents(self) -> int:
        """What years that were erased left of it."""
        return self.owed_cents - (self.sold_cents - self.back_cents - self.remitted_cents)

    @property
    def held_cents(self) -> int:
        return self.contested_cents + self.returning_cents

    @property
    def open_cents(self) -> int:
        """What is neither remitted nor held; below zero the organiser got more than is its own now."""
        return self.owed_cents - self.held_cents

    @property
    def most_cents(self) -> int:
        """What may be remitted now."""
        return max(0, self.open_cents)


class Remittance(Struct, frozen=True):
    """Money that the bank moved to an organiser. `id` is the form's: sent twice, it is noted once."""

    id: UUID
    amount_cents: int
    reference: str
    paid_on: date


read_debts = SQL.many("read_debts", Debt)
lock_debt = SQL.command("lock_debt")
read_remittances = SQL.many("read_remittances", Remittance)
find_remittance = SQL.maybe("find_remittance", Remittance)
is_taken = SQL.value("is_taken", bool)
write_remittance = SQL.command("write_remittance")


async def read_debt(tx: Executor, region_id: int, debt_id: UUID) -> Debt | None:
    found = await read_debts(tx, region_id, debt_id, None)
    return found[0] if found else None


async def note_remittance(
    tx: Executor, author: Author, debt_id: UUID, wanted: Remittance
) -> RemittanceTooMuch | RemittanceNoted | NotFound | None:
    """Note what was paid to an organiser, once: what is contested or goes back is not paid out.

    A repeat under the same id changes nothing.
    """
    region_id = author.region_id
    await lock_debt(tx, debt_id)
    debt = await read_debt(tx, region_id, debt_id)
    if debt is None:
        return NotFound()
    known = await find_remittance(tx, region_id, debt_id, wanted.id, wanted.reference, wanted.paid_on)
    if known == wanted:
        return None
    if known or await is_taken(tx, region_id, wanted.id):
        return RemittanceNoted(known.reference if known else wanted.reference)
    if wanted.amount_cents > debt.most_cents:
        return RemittanceTooMuch(wanted.amount_cents, debt.most_cents)
    cents, reference, paid_on = wanted.amount_cents, wanted.reference, wanted.paid_on
    await write_remittance(tx, region_id, debt_id, wanted.id, cents, reference, paid_on, author.now)
    await author.note(
        tx, "remittance.note", "remittance", wanted.id, organiser_id=str(debt.organiser_id), cents=cents
    )
    return None
