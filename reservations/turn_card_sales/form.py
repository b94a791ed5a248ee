"""The form of a card of turns; what is wrong comes back per field."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.turn_card_sales.making import CoverableActivity, NewTurnCard
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.web.amount import cash_error, read_cash
from uit.web.form import Errors, Labels, only_errors, read_day, read_number, text_error

MOST_LETTERS: Final = 100
MOST_TURNS: Final = 100
MOST_MONTHS: Final = 36
MOST_DAYS: Final = 90
MOST_CENTS: Final = 10_000_000
ALONE, SHARED = "houder", "samen"
TICK: Final = "ook-"


class TurnCardForm(Struct, frozen=True):
    """What was typed for a card of an activity; `others` are what it may be for as well."""

    id: UUID
    typed: Mapping[str, str]
    others: Sequence[CoverableActivity]

    def get(self, name: str, default: str = "") -> str:
        return self.typed.get(name, default)

    def has(self, other: CoverableActivity) -> bool:
        return bool(self.get(field_of(other)))

    def read(self, today: date) -> NewTurnCard | Errors:
        """The card; else what is wrong with the form."""
        if errors := self._errors(today):
            return errors
        sold_until, price_cents = read_day(self.get("tot")), read_cash(self.get("prijs"))
        assert sold_until is not None
        assert price_cents is not None
        return NewTurnCard(
            self.id,
            one_line(self.get("naam")),
            self._number("beurten", MOST_TURNS),
            self._number("maanden", MOST_MONTHS),
            price_cents,
            sold_until,
            self.get("wie") == SHARED,
            self._number("terug", MOST_DAYS),
            [each.id for each in self.others if self.has(each)],
        )

    def _number(self, name: str, most: int) -> int:
        return read_number(self.get(name), most) or 0

    def _errors(self, today: date) -> Errors:
        until, back = read_day(self.get("tot")), read_number(self.get("terug"), MOST_DAYS)
        return only_errors(
            {
                "naam": text_error(self.get("naam"), _("Geef de kaart een naam."), MOST_LETTERS),
                "beurten": "" if self._number("beurten", MOST_TURNS) > 1 else between(2, MOST_TURNS),
                "prijs": price_error(self.get("prijs")),
                "maanden": "" if self._number("maanden", MOST_MONTHS) else between(1, MOST_MONTHS),
                "tot": ""
                if until and today <= until <= two_years_after(today)
                else _("Kies een dag in de komende twee jaar."),
                "wie": "" if self.get("wie") in {ALONE, SHARED} else _("Kies een van deze."),
                "terug": between(0, MOST_DAYS) if back is None else "",
            }
        )


def between(least: int, most: int) -> str:
    return _("Vul een getal in van %(least)s tot %(most)s.", least=least, most=most)


def price_error(text: str) -> str:
    cents = read_cash(text)
    if cents is None:
        return cash_error(text)
    return (
        "" if 0 < cents <= MOST_CENTS else _("Een beurtenkaart kost iets: schrijf een bedrag, zoals 45,00.")
    )


def two_years_after(today: date) -> date:
    return date(today.year + 2, today.month, min(today.day, 28))


def field_of(other: CoverableActivity) -> str:
    """The name of the box of another activity."""
    return TICK + other.id.hex


def first_form(card_id: UUID, name: str, today: date, others: Sequence[CoverableActivity]) -> TurnCardForm:
    """What most cards are: ten turns in a year, sold for a year."""
    typed = {
        "naam": _("Tienbeurtenkaart %(name)s", name=name)[:MOST_LETTERS],
        "beurten": "10",
        "maanden": "12",
        "tot": date(today.year + 1, today.month, min(today.day, 28)).isoformat(),
        "wie": ALONE,
        "terug": "14",
    }
    return TurnCardForm(card_id, typed, others)


def labels() -> Labels:
    return {
        "naam": _("Naam van de kaart"),
        "beurten": _("Hoeveel beurten?"),
        "prijs": _("Prijs van de kaart"),
        "maanden": _("Hoeveel maanden geldig, na de aankoop?"),
        "tot": _("Te koop tot en met"),
        "wie": _("Wie mag ermee komen?"),
        "terug": _("Hoeveel dagen kan je een ongebruikte kaart teruggeven?"),
    }
