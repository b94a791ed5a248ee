"""Receipts that were written on paper while the network was away, and are entered later: each number once."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from credits.errors import NotYourTill, PaperEntered, TillClosed, TillCounted, TillIdTaken, TillUnknown
from credits.till.books.receipt import receipt_number
from credits.till.sale import Paid, Sale, SaleLine, SaleOrigin, compose_sale, record_sale
from credits.till.till import TillDone, TillSession, TillWorker, lock_open_session
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class PaperReceipt(Struct, frozen=True):
    """What stands on a paper receipt. `reference`: of the terminal; without one it was paid in cash."""

    id: UUID
    till_session_id: UUID
    paper_no: str
    sold_on: date
    words: str
    vat_code: str
    amount_cents: int
    reference: str | None


class VatCode(Struct, frozen=True):
    code: str
    name: str


class EnteredPaper(Struct, frozen=True):
    id: UUID
    year: int
    no: int
    total_cents: int
    made_at: datetime


lock_paper = SQL.command("lock_paper")
read_entered = SQL.maybe("read_entered", EnteredPaper)
has_receipt = SQL.value("has_receipt", bool)
read_vat_codes = SQL.many("read_vat_codes", VatCode)


async def enter_paper(
    tx: Executor, worker: TillWorker, wanted: PaperReceipt
) -> TillDone | TillUnknown | NotYourTill | TillCounted | TillClosed | PaperEntered | TillIdTaken:
    """Write a paper receipt as one of this session, in which its money is counted. A number is entered once.

    The same receipt again, under the same id, changes nothing; another under that id is refused.
    """
    session = await lock_open_session(tx, worker, wanted.till_session_id)
    if not isinstance(session, TillSession):
        return session
    await lock_paper(tx, session.seller_id, wanted.paper_no)
    before = await read_entered(tx, worker.region_id, session.seller_id, wanted.paper_no)
    if before is None:
        if await has_receipt(tx, worker.region_id, wanted.id):
            return TillIdTaken(wanted.id)
        sale = paper_sale(wanted, session.seller_id, worker)
        await record_sale(tx, worker.region_id, sale, worker.now)
        return TillDone(session, new=True)
    if (before.id, before.total_cents) == (wanted.id, wanted.amount_cents):
        return TillDone(session, new=False)
    return PaperEntered(wanted.paper_no, receipt_number(before.year, before.no), before.made_at)


def paper_sale(wanted: PaperReceipt, seller_id: UUID, worker: TillWorker) -> Sale:
    origin = SaleOrigin(
        seller_id=seller_id,
        till_session_id=wanted.till_session_id,
        sold_by=worker.staff_id,
        sold_on=wanted.sold_on,
        paper_no=wanted.paper_no,
    )
    paid = (
        Paid(terminal_cents=wanted.amount_cents, reference=wanted.reference) if wanted.reference else Paid()
    )
    line = SaleLine(1, wanted.words, wanted.vat_code, wanted.amount_cents)
    return compose_sale(wanted.id, origin, [line], paid, worker.ids)
