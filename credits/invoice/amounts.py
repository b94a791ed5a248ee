"""The amounts of an invoice, from prices that hold their VAT: net by line, tax by rate, the rest. Pure.

A standard invoice reckons the other way, from net to gross, and rounds the tax of each rate once. What that
differs from the prices that people saw, at most some cents, stands on a line of its own.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from credits.invoice.invoice import InvoiceLine
from credits.vat import FULL_BP, contained_vat

STANDARD, ZERO, EXEMPT = "S", "Z", "E"
"""How EN 16931 names them (UNCL 5305)."""
HALF: Final = 2


class NetLine(Struct, frozen=True):
    """`price_cents` holds the VAT, `net_cents` does not."""

    no: int
    words: str
    places: int
    category: str
    rate_bp: int
    price_cents: int
    net_cents: int


class TaxGroup(Struct, frozen=True):
    """All lines of one rate. `reason` says why what is exempt is."""

    category: str
    rate_bp: int
    taxable_cents: int
    tax_cents: int
    reason: str | None


class Amounts(Struct, frozen=True):
    """`prepaid_cents` was paid with credit; `payable_cents` is left, with the rounding in it."""

    lines: list[NetLine]
    groups: list[TaxGroup]
    prepaid_cents: int
    payable_cents: int

    @property
    def net_cents(self) -> int:
        return sum(line.net_cents for line in self.lines)

    @property
    def tax_cents(self) -> int:
        return sum(group.tax_cents for group in self.groups)

    @property
    def gross_cents(self) -> int:
        return self.net_cents + self.tax_cents

    @property
    def rounding_cents(self) -> int:
        """What the prices are above the sum of net and tax, or below it."""
        return self.payable_cents + self.prepaid_cents - self.gross_cents


def amounts_of(lines: Sequence[InvoiceLine]) -> Amounts | None:
    """The amounts of an invoice; None when the rate of one of its codes is not known."""
    if any(line.rate_bp is None for line in lines):
        return None
    net = [net_line(line) for line in lines]
    price_cents = sum(line.price_cents for line in lines)
    prepaid_cents = sum(line.credit_cents for line in lines)
    return Amounts(net, tax_groups(lines, net), prepaid_cents, price_cents - prepaid_cents)


def net_line(line: InvoiceLine) -> NetLine:
    rate_bp = line.rate_bp or 0
    net_cents = line.price_cents - contained_vat(line.price_cents, rate_bp)
    return NetLine(line.no, line.words, line.places, category_of(line), rate_bp, line.price_cents, net_cents)


def category_of(line: InvoiceLine) -> str:
    if line.rate_bp:
        return STANDARD
    return EXEMPT if line.exempt_reason else ZERO


def tax_groups(lines: Sequence[InvoiceLine], net: Sequence[NetLine]) -> list[TaxGroup]:
    """One for each category and rate, the highest rate first."""
    groups: dict[tuple[str, int], list[tuple[InvoiceLine, NetLine]]] = {}
    for line, reckoned in zip(lines, net, strict=True):
        groups.setdefault((reckoned.category, reckoned.rate_bp), []).append((line, reckoned))
    return [
        tax_group(category, rate_bp, of_group)
        for (category, rate_bp), of_group in sorted(groups.items(), key=lambda each: (-each[0][1], each[0]))
    ]


def tax_group(category: str, rate_bp: int, of_group: Sequence[tuple[InvoiceLine, NetLine]]) -> TaxGroup:
    taxable_cents = sum(reckoned.net_cents for _, reckoned in of_group)
    reasons = dict.fromkeys(line.exempt_reason for line, _ in of_group if line.exempt_reason)
    return TaxGroup(
        category,
        rate_bp,
        taxable_cents,
        (HALF * taxable_cents * rate_bp + FULL_BP) // (HALF * FULL_BP),
        "; ".join(reasons) or None,
    )


def part_of_line(line: InvoiceLine, cents: int) -> InvoiceLine:
    """The part of a line that goes with so much of its money, and its share of the credit: to be credited."""
    money_cents = line.price_cents - line.credit_cents
    credit_cents = (HALF * line.credit_cents * cents + money_cents) // (HALF * money_cents)
    return InvoiceLine(
        line.no,
        line.words,
        1,
        line.vat_code,
        cents + credit_cents,
        credit_cents,
        line.vat_name,
        line.rate_bp,
        line.exempt_reason,
    )
