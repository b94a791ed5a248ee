"""The report of a day: what sessions sold, how it was paid, and how their drawers come out.

Every figure is a sum of rows that are transfers of the ledger too, so the report ties to it.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from credits.till.books.receipt import VatPart, receipt_number
from credits.till.movement import MovementKind
from credits.till.sale import Means
from credits.till.till import TillSession
from credits.vat import contained_vat
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class VatRow(Struct, frozen=True):
    """What one receipt has of one code; VAT is reckoned receipt by receipt."""

    code: str
    name: str
    rate_bp: int
    gross_cents: int


class SumOfTender(Struct, frozen=True):
    means: Means
    cents: int


class SumOfMovement(Struct, frozen=True):
    kind: MovementKind
    cents: int


class MovementLine(Struct, frozen=True):
    """One movement of a session, in the order of time. Above zero, it went in the drawer."""

    kind: MovementKind
    amount_cents: int
    reference: str | None
    reason: str | None
    made_at: datetime
    made_by_name: str | None


class ReceiptRange(Struct, frozen=True):
    """The receipts of a year: how many, and the first and last number. Others may have sold in between."""

    year: int
    count: int
    first_no: int
    last_no: int
    rounding_cents: int
    duplicates: int

    @property
    def first(self) -> str:
        return receipt_number(self.year, self.first_no)

    @property
    def last(self) -> str:
        return receipt_number(self.year, self.last_no)


class TillReport(Struct, frozen=True):
    """The figures of sessions together, in cents. A movement above zero went in the drawer."""

    sessions: Sequence[TillSession]
    vat: list[VatPart]
    tenders: dict[Means, int]
    movements: dict[MovementKind, int]
    ranges: list[ReceiptRange]

    @property
    def sold_cents(self) -> int:
        return sum(part.gross_cents for part in self.vat)

    @property
    def rounding_cents(self) -> int:
        """What rounding did to the drawers, of sales and of what was given back."""
        return sum(each.rounding_cents for each in self.ranges) + self.movement("rounding")

    @property
    def carried_cents(self) -> int:
        """What lay in the drawers at first: of more sessions at one till, the first begins."""
        firsts: dict[UUID, TillSession] = {}
        for session in sorted(self.sessions, key=lambda each: each.no):
            firsts.setdefault(session.till_id, session)
        return sum(session.carried_cents for session in firsts.values())

    @property
    def drawer_cents(self) -> int:
        """What the drawers hold in the end, by the books; sessions at one till follow on each other."""
        moved = sum(self.movement(kind) for kind in ("float", "drop", "refund", "difference"))
        return self.carried_cents + self.tender("cash") + self.rounding_cents + moved

    def tender(self, means: Means) -> int:
        return self.tenders.get(means, 0)

    def movement(self, kind: MovementKind) -> int:
        return self.movements.get(kind, 0)


read_vat_rows = SQL.many("read_vat_rows", VatRow)
sum_tenders = SQL.many("sum_tenders", SumOfTender)
sum_movements = SQL.many("sum_movements", SumOfMovement)
read_movements = SQL.many("read_movements", MovementLine)
read_ranges = SQL.many("read_ranges", ReceiptRange)


async def read_report(tx: Executor, region_id: int, sessions: Sequence[TillSession]) -> TillReport:
    """The report of sessions of one seller. It says what a drawer should hold: show it after the count."""
    ids: list[UUID] = [session.id for session in sessions]
    tenders = await sum_tenders(tx, region_id, ids)
    movements = await sum_movements(tx, region_id, ids)
    return TillReport(
        sessions=sessions,
        vat=add_up(await read_vat_rows(tx, region_id, ids)),
        tenders={each.means: each.cents for each in tenders},
        movements={each.kind: each.cents for each in movements},
        ranges=await read_ranges(tx, region_id, ids),
    )


def add_up(rows: Sequence[VatRow]) -> list[VatPart]:
    """The sum of each code, the highest rate first as the rows come."""
    parts: dict[tuple[str, str], VatPart] = {}
    for row in rows:
        key = row.code, row.name
        before = parts.get(key, VatPart(row.code, row.name, 0, 0))
        vat_cents = before.vat_cents + contained_vat(row.gross_cents, row.rate_bp)
        parts[key] = VatPart(row.code, row.name, before.gross_cents + row.gross_cents, vat_cents)
    return list(parts.values())
