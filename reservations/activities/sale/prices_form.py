"""The prices of an activity, as the form of its desk has them: a row each, the base price first."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from organisers.uitdatabank.tariff_name import MOST_LEAST
from reservations.importing.plan import BASE, LONGEST_CODE, SOCIAL
from reservations.importing.said import EventTariff
from reservations.tariffs.form import MOST_WEIGHT
from uit.core.formats import euro, typed_euro
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.web.age_band import TypedAges
from uit.web.amount import cash_error, read_cash
from uit.web.form import Errors, Labels, number_error, only_errors, read_number, text_error, typed_number

MOST_ROWS: Final = 40
LEAST_ROWS: Final = 3
MOST_NAME: Final = 60
MOST_CENTS: Final = 10_000_000
CODE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}", re.ASCII)
WHOM: Final = ("anyone", "member", "social")
FIELDS: Final = ("code", "name", "price", "whom", "least", "weight", "age_from", "age_to")


def labels(rows: int) -> Labels:
    of_row = {
        "name": _("Naam"),
        "price": _("Prijs in euro"),
        "whom": _("Voor wie?"),
        "least": _("Te koop vanaf hoeveel tickets?"),
        "weight": _("Hoeveel plaatsen neemt één ticket?"),
        "age_from": _("Vanaf welke leeftijd?"),
        "age_to": _("Tot en met welke leeftijd?"),
    }
    return {
        f"{name}_{number}": _("%(label)s bij prijs %(number)s", label=label.rstrip("?"), number=number + 1)
        for number in range(rows)
        for name, label in of_row.items()
    }


def whom_choices() -> list[tuple[str, str]]:
    return [
        ("anyone", _("Iedereen")),
        ("member", _("Leden met een pas")),
        ("social", _("Wie kansentarief heeft")),
    ]


class PriceRow(Struct, frozen=True):
    """What was typed for one price."""

    code: str = ""
    name: str = ""
    price: str = ""
    whom: str = "anyone"
    least: str = "1"
    weight: str = "1"
    age_from: str = ""
    age_to: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.name.strip() and not self.price.strip()

    def errors(self) -> Errors:
        cents = read_cash(self.price)
        is_too_much = (cents or 0) > MOST_CENTS
        too_much = _("Kies een bedrag tot %(most)s.", most=euro(MOST_CENTS)) if is_too_much else ""
        return {
            "name": text_error(self.name, _("Geef de prijs een naam."), MOST_NAME),
            "price": cash_error(self.price) or too_much,
            "whom": "" if self.whom in WHOM else _("Kies voor wie de prijs is."),
            "least": number_error(self.least, 1, MOST_LEAST),
            "weight": number_error(self.weight, 1, MOST_WEIGHT),
            **self.ages.errors(),
        }

    @property
    def ages(self) -> TypedAges:
        return TypedAges(self.age_from, self.age_to)

    def tariff(self, code: str, rank: int) -> EventTariff:
        return EventTariff(
            code,
            one_line(self.name),
            read_cash(self.price) or 0,
            self.whom,
            rank,
            read_number(self.weight, MOST_WEIGHT) or 1,
            read_number(self.least, MOST_LEAST) or 1,
            self.ages.lowest,
            self.ages.highest,
        )


class PricesForm(Struct, frozen=True):
    """What was typed, a row each; those that stay empty are no prices."""

    rows: tuple[PriceRow, ...]

    def read(self) -> list[EventTariff] | Errors:
        errors = self.errors()
        if errors:
            return errors
        found: list[EventTariff] = []
        for number, row in enumerate(self.rows):
            if not row.is_empty:
                code = code_of(row, number, [each.code for each in found])
                found.append(row.tariff(code, len(found)))
        return found

    def errors(self) -> Errors:
        found: Errors = {}
        for number, row in enumerate(self.rows):
            if number == 0 or not row.is_empty:
                found |= {f"{name}_{number}": text for name, text in row.errors().items()}
        base = self.rows[0]
        if base.whom != "anyone":
            found["whom_0"] = _("De eerste prijs is voor iedereen.")
        return only_errors(found | self.same_social())

    def same_social(self) -> Errors:
        """One price alone is the social tariff."""
        social = [n for n, row in enumerate(self.rows) if row.whom == "social" and not row.is_empty]
        return {f"whom_{n}": _("Er is al een kansentarief.") for n in social[1:]}


def code_of(row: PriceRow, number: int, taken: Sequence[str]) -> str:
    """The code that a price has for good: what is booked names it, so a changed name keeps it."""
    if number == 0:
        return BASE
    if row.whom == "social":
        return SOCIAL
    wanted = row.code if CODE.fullmatch(row.code) and row.code not in {BASE, SOCIAL} else slug_of(row.name)
    codes = [wanted, *(f"{wanted[: LONGEST_CODE - 3]}-{n}" for n in range(2, MOST_ROWS + 2))]
    return next(code for code in codes if code not in {BASE, SOCIAL, *taken})


def slug_of(name: str) -> str:
    words = re.findall(r"[a-z0-9]+", name.lower())
    return "-".join(words)[:LONGEST_CODE].rstrip("-") or "prijs"


def typed_prices(fields: Mapping[str, str]) -> PricesForm:
    """The form as it was sent: as many rows as it has."""
    count = min(max(read_number(fields.get("rows", ""), MOST_ROWS) or 0, LEAST_ROWS), MOST_ROWS)
    return PricesForm(tuple(typed_row(fields, number) for number in range(count)))


def typed_row(fields: Mapping[str, str], number: int) -> PriceRow:
    sent = {name: fields[f"{name}_{number}"] for name in FIELDS if f"{name}_{number}" in fields}
    return PriceRow(**sent)


def prices_of(tariffs: Sequence[EventTariff]) -> PricesForm:
    """The form with the prices that there are, and room for more."""
    rows = [row_of(each) for each in tariffs] or [PriceRow(BASE, _("Gewone prijs"))]
    spare = max(LEAST_ROWS - len(rows), min(1, MOST_ROWS - len(rows)))
    return PricesForm((*rows, *[PriceRow()] * spare))


def row_of(tariff: EventTariff) -> PriceRow:
    return PriceRow(
        tariff.code,
        tariff.name,
        typed_euro(tariff.price_cents),
        tariff.eligibility,
        str(tariff.least),
        str(tariff.weight),
        typed_number(tariff.age_from),
        typed_number(tariff.age_to),
    )
