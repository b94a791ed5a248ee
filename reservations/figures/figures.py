"""What an evening sold by tariff: figures without names, and no amount before all of it is settled."""

from collections.abc import Sequence

from msgspec import Struct

from credits.vat import contained_vat
from reservations.sessions.small_cells import shown_cells
from uit.database.statements import Statements

SQL = Statements(__name__)


class Figure(Struct, frozen=True):
    """What was sold of one tariff under one VAT code. `gross_cents` has VAT and credit in it."""

    tariff: str
    name: str
    price_cents: int
    vat: str
    rate_bp: int
    expected: int
    inside: int
    gross_cents: int
    credit_cents: int


class TariffOfEvening(Struct, frozen=True):
    """A tariff of the sheet; None is a figure that would tell who paid it, or an amount that may change."""

    name: str
    price_cents: int
    expected: int | None
    inside: int | None
    money_cents: int | None
    credit_cents: int | None


class VatOfEvening(Struct, frozen=True):
    """What was sold under one VAT code, with the VAT in it."""

    name: str
    gross_cents: int
    vat_cents: int


class EveningSheet(Struct, frozen=True):
    """An evening by tariff. `is_settled`: all of it is, so that every figure is there."""

    is_settled: bool
    tariffs: list[TariffOfEvening]
    vat: list[VatOfEvening]
    money_cents: int
    credit_cents: int

    @property
    def hides(self) -> bool:
        """Whether figures stay away because few people paid a tariff."""
        return any(each.expected is None for each in self.tariffs)


read_figures = SQL.many("read_figures", Figure)


def sheet_of(figures: Sequence[Figure], *, is_settled: bool) -> EveningSheet:
    """The sheet. Before all is settled it says how many expect each tariff, where enough of them do.

    Until then a tariff stands on it that nobody has too: without, one that stands there names who has it.
    How many of a tariff are inside is not told before: at a door, a figure that goes up names who came in.
    """
    if is_settled:
        figures = [each for each in figures if each.expected or each.gross_cents]
    tariffs = [added([each for each in figures if each.tariff == code]) for code in codes_of(figures)]
    counts = [each.expected for each in tariffs]
    expected: Sequence[int | None] = counts if is_settled else shown_cells(counts)
    shown = [
        TariffOfEvening(
            each.name,
            each.price_cents,
            people,
            each.inside if is_settled else None,
            each.gross_cents - each.credit_cents if is_settled else None,
            each.credit_cents if is_settled else None,
        )
        for each, people in zip(tariffs, expected, strict=True)
    ]
    credit_cents = sum(each.credit_cents for each in figures) if is_settled else 0
    money_cents = sum(each.gross_cents for each in figures) - credit_cents if is_settled else 0
    return EveningSheet(is_settled, shown, vat_of(figures) if is_settled else [], money_cents, credit_cents)


def codes_of(figures: Sequence[Figure]) -> list[str]:
    return list(dict.fromkeys(each.tariff for each in figures))


def added(figures: Sequence[Figure]) -> Figure:
    """The figures of one tariff, whatever their VAT code."""
    first = figures[0]
    return Figure(
        first.tariff,
        first.name,
        first.price_cents,
        "",
        0,
        sum(each.expected for each in figures),
        sum(each.inside for each in figures),
        sum(each.gross_cents for each in figures),
        sum(each.credit_cents for each in figures),
    )


def vat_of(figures: Sequence[Figure]) -> list[VatOfEvening]:
    """By VAT code, of the sum: rounded once."""
    gross: dict[tuple[str, int], int] = {}
    for each in figures:
        key = each.vat, each.rate_bp
        gross[key] = gross.get(key, 0) + each.gross_cents
    return [
        VatOfEvening(name, cents, contained_vat(cents, rate))
        for (name, rate), cents in gross.items()
        if cents
    ]
