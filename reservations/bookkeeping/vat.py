"""The VAT of what a seller sold, by month and code.

What counts, and on which day, says decision 0017: money on the day that it came in, an invoice on the day
that it was asked for, credit on the day that it was earned; what went back counts as less on the day that it
did. The adviser of the organiser confirms it. The price is what was booked, with the credit in it that paid a
part; of the organiser's own share in a social tariff there is none yet, so nothing goes off.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from credits.bookkeeping.journal import Period
from credits.bookkeeping.spreadsheet import BYTE_ORDER_MARK, amount, harmless, lines
from credits.vat import contained_vat
from uit.core.translation import gettext as _
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
OWN_SHARE_CENTS: Final = 0
"""What the organiser itself bears of a price. No line has shares yet: `line.share_version` is empty."""


class VatMonth(Struct, frozen=True):
    """What was sold in a month of one code, with VAT in it; below zero when more went back than came in.

    `code` is empty where the booking that said it was erased.
    """

    year: int
    month: int
    code: str
    name: str
    rate_bp: int
    gross_cents: int


class VatSum(Struct, frozen=True):
    """One code in a period: the cents with VAT in them, and the VAT."""

    code: str
    name: str
    rate_bp: int
    gross_cents: int

    @property
    def vat_cents(self) -> int:
        vat = contained_vat(abs(self.gross_cents), self.rate_bp)
        return -vat if self.gross_cents < 0 else vat

    @property
    def base_cents(self) -> int:
        return self.gross_cents - self.vat_cents


read_months = SQL.many("read_months", VatMonth)
kept_months = SQL.many("kept_months", VatMonth)


async def read_vat(tx: Executor, period: Period) -> list[VatMonth]:
    """What was sold in a period, by month and code, the highest rate first."""
    return await read_months(
        tx, period.region_id, period.entity_id, period.since, period.until, period.owner_id
    )


def add_months(months: Iterable[VatMonth]) -> list[VatSum]:
    """The sum of each code; VAT is reckoned on the sum."""
    sums: dict[tuple[str, int], VatSum] = {}
    for each in months:
        before = sums.get((each.code, each.rate_bp))
        gross = each.gross_cents + (before.gross_cents if before else 0)
        sums[each.code, each.rate_bp] = VatSum(each.code, each.name, each.rate_bp, gross)
    return sorted(sums.values(), key=lambda each: (-each.rate_bp, each.code))


def vat_file(months: Sequence[VatMonth]) -> str:
    """Every month and code as a file, and then the sum of each code."""
    heads = [
        _("Jaar"), _("Maand"), _("Btw-code"), _("Btw"), _("Tarief in procent"), _("Verkocht, btw erin"),
        _("Eigen deel van de organisator"), _("Maatstaf van heffing"), _("Btw erin"),
    ]  # fmt: skip
    by_month = [
        vat_cells(str(each.year), f"{each.month:02}", part) for each in months for part in add_months([each])
    ]
    sums = [vat_cells(_("Samen"), "", part) for part in add_months(months)]
    return BYTE_ORDER_MARK + lines([heads, *by_month, *sums])


def vat_cells(year: str, month: str, part: VatSum) -> list[str]:
    return [
        year,
        month,
        harmless(part.code),
        harmless(part.name),
        amount(part.rate_bp),
        amount(part.gross_cents),
        amount(OWN_SHARE_CENTS),
        amount(part.base_cents),
        amount(part.vat_cents),
    ]
