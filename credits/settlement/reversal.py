"""What was wrong is reversed, not changed: the same money the other way, once, with a reason."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from credits.errors import AlreadyReversed, CannotReverse
from credits.ledger import ledger
from credits.ledger.ledger import TransferKind
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class Reversal(Struct, frozen=True):
    """Under `release_id` the credit of a reversed settlement goes on to its purse."""

    region_id: int
    id: UUID
    transfer_id: UUID
    reason: str
    release_id: UUID


class Reversed(Struct, frozen=True):
    """`new`: this call did it; otherwise it had been done under the same id."""

    amount_cents: int
    new: bool


class Subject(Struct, frozen=True):
    """The transfer to reverse, and what is there of its money now."""

    kind: TransferKind
    amount_cents: int
    wallet_id: UUID | None
    fund_id: UUID | None
    reversal_id: UUID | None
    available_cents: int | None
    fund_available_cents: int | None
    earned_cents: int | None


lock_fund = SQL.command("lock_fund")
read_wallet_id = SQL.value("read_wallet_id", UUID)
read_subject = SQL.maybe("read_subject", Subject)
reverse_grant = SQL.command("reverse_grant")
reverse_settlement = SQL.command("reverse_settlement")
reverse_lapse = SQL.command("reverse_lapse")


async def reverse(
    tx: Executor, wanted: Reversal, now: datetime
) -> Reversed | AlreadyReversed | CannotReverse:
    """Undo a grant, a settlement or a lapse, whole, while its money is still there.

    A grant can be undone while nothing of it was used; a settlement while it was not paid out (the credit is
    then available again); a lapse while the fund did not give it to others.
    """
    await lock_fund(tx, wanted.region_id, wanted.transfer_id)
    wallet_id = await read_wallet_id(tx, wanted.region_id, wanted.transfer_id)
    await ledger.lock_wallets(tx, wanted.region_id, [wallet_id])
    subject = await read_subject(tx, wanted.region_id, wanted.transfer_id)
    if subject is None:
        return CannotReverse()
    if subject.reversal_id is not None:
        return (
            Reversed(subject.amount_cents, new=False)
            if subject.reversal_id == wanted.id
            else AlreadyReversed()
        )
    if not money_is_there(subject):
        return CannotReverse()
    await write(tx, wanted, subject, now)
    return Reversed(subject.amount_cents, new=True)


def money_is_there(subject: Subject) -> bool:
    match subject.kind:
        case "grant":
            there = subject.available_cents
        case "settle":
            there = subject.earned_cents
        case "lapse":
            there = subject.fund_available_cents
        case _:
            there = None
    return there is not None and there >= subject.amount_cents


async def write(tx: Executor, wanted: Reversal, subject: Subject, now: datetime) -> None:
    names = (wanted.region_id, wanted.id, wanted.transfer_id, wanted.reason, now)
    match subject.kind:
        case "grant":
            await reverse_grant(tx, *names)
        case "settle":
            await reverse_settlement(tx, *names, wanted.release_id)
        case _:
            await reverse_lapse(tx, *names)
