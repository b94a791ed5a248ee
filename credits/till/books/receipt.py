"""Receipts as they are read and printed. A number is the year and a count without gaps: 2026-000123."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from credits.till.sale import Means
from credits.till.till import TillWorker
from credits.vat import contained_vat
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class ReceiptHead(Struct, frozen=True):
    """A receipt without what is on it: its number, its seller, and how often it was printed (`prints`).

    `set_against_cents` went back in the same moment for tickets that were swapped.
    """

    id: UUID
    year: int
    no: int
    till_session_id: UUID
    till: str
    seller: str
    enterprise_number: str | None
    total_cents: int
    rounding_cents: int
    set_against_cents: int
    paper_no: str | None
    sold_on: date
    made_at: datetime
    prints: int

    @property
    def number(self) -> str:
        return receipt_number(self.year, self.no)


class ReceiptLine(Struct, frozen=True):
    words: str
    places: int
    vat_code: str
    vat_name: str
    vat_rate_bp: int
    amount_cents: int


class ReceiptTender(Struct, frozen=True):
    means: Means
    amount_cents: int
    reference: str | None


class VatPart(Struct, frozen=True):
    """What of a receipt has one VAT code: the gross cents, and the VAT in them."""

    code: str
    name: str
    gross_cents: int
    vat_cents: int


class Receipt(Struct, frozen=True):
    head: ReceiptHead
    lines: list[ReceiptLine]
    tenders: list[ReceiptTender]

    @property
    def cash_cents(self) -> int:
        """What was paid in cash, rounded and less what went back for it; below zero it was given."""
        cash = sum(each.amount_cents for each in self.tenders if each.means == "cash")
        return cash + self.head.rounding_cents - self.head.set_against_cents

    @property
    def terminal_cents(self) -> int:
        return sum(each.amount_cents for each in self.tenders if each.means == "terminal")

    @property
    def vat(self) -> list[VatPart]:
        return vat_parts(self.lines)


read_receipts = SQL.many("read_receipts", ReceiptHead)
read_receipt_lines = SQL.many("read_receipt_lines", ReceiptLine)
read_tenders = SQL.many("read_tenders", ReceiptTender)
insert_print = SQL.command("insert_print")


def receipt_number(year: int, no: int) -> str:
    return f"{year}-{no:06}"


def vat_parts(lines: list[ReceiptLine]) -> list[VatPart]:
    """The lines of a receipt by VAT code, in the order in which the codes come."""
    codes = {line.vat_code: line for line in reversed(lines)}
    gross = {code: sum(line.amount_cents for line in lines if line.vat_code == code) for code in codes}
    return [
        VatPart(code, line.vat_name, gross[code], contained_vat(gross[code], line.vat_rate_bp))
        for code, line in reversed(codes.items())
    ]


booking_of_receipt = SQL.value("booking_of_receipt", UUID)
receipt_of_booking = SQL.value("receipt_of_booking", UUID)


async def read_receipt(tx: Executor, region_id: int, organiser_id: UUID, receipt_id: UUID) -> Receipt | None:
    """A receipt of an organiser; None when there is none, or it is of another."""
    found = await read_receipts(tx, region_id, organiser_id, None, receipt_id, 1)
    if not found:
        return None
    lines = await read_receipt_lines(tx, region_id, receipt_id)
    return Receipt(found[0], lines, await read_tenders(tx, region_id, receipt_id))


async def receipts_of_session(
    tx: Executor, region_id: int, organiser_id: UUID, session_id: UUID, most: int | None = None
) -> list[ReceiptHead]:
    """The receipts of a session, the last one first."""
    return await read_receipts(tx, region_id, organiser_id, session_id, None, most)


async def note_print(tx: Executor, worker: TillWorker, receipt_id: UUID, no: int) -> bool:
    """Keep that a receipt is printed for the `no`th time; False when that was kept already."""
    return bool(await insert_print(tx, worker.region_id, receipt_id, no, worker.staff_id, worker.now))
