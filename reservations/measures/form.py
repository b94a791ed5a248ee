"""The form of a measure; what is wrong comes back per field."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.measures.measure import MeasureScope, NewMeasure
from reservations.places.pool import MOST_PLACES
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, only_errors, read_day, read_number, required_id, text_error

MOST_LETTERS: Final = 200


def labels() -> Labels:
    return {
        "scope": _("Waar geldt het?"),
        "way": _("Wat mag er nog?"),
        "number": _("Hoeveel?"),
        "from_on": _("Vanaf"),
        "to_on": _("Tot en met"),
        "reason": _("Waarom?"),
    }


class MeasureForm(Struct, frozen=True):
    """What was typed. `measure_id` is of the form: sent twice, it is one. `seen`: what it touches was shown.

    `scope` is a kind, and after a colon what of that kind.
    """

    measure_id: str = ""
    scope: str = ""
    way: str = "percent"
    number: str = ""
    from_on: str = ""
    to_on: str = ""
    reason: str = ""
    seen: str = ""

    def read(
        self, scopes: Sequence[tuple[str, str]], organiser_id: UUID | None, today: date
    ) -> NewMeasure | Errors:
        """The measure, for one of these scopes, or what is wrong with it."""
        from_on, to_on = read_day(self.from_on), read_day(self.to_on)
        number = read_number(self.number, 100 if self.way == "percent" else MOST_PLACES)
        known = self.scope in {key for key, _name in scopes}
        errors = only_errors(
            {
                "scope": "" if known else _("Kies waar het geldt."),
                "way": "" if self.way in {"percent", "places"} else _("Kies een van de twee."),
                "number": "" if number is not None else self.number_error(),
                "from_on": "" if from_on else _("Vul een dag in, zoals 1/9/2026."),
                "to_on": last_day_error(from_on, to_on, today),
                "reason": text_error(self.reason, _("Schrijf waarom. Iedereen mag het lezen."), MOST_LETTERS),
            }
        )
        if errors or number is None or from_on is None or to_on is None:
            return errors
        kind, _colon, key = self.scope.partition(":")
        places, percent = (None, number) if self.way == "percent" else (number, None)
        measure_id = required_id({"measure_id": self.measure_id}, "measure_id")
        scope = MeasureScope(kind, key, organiser_id)
        return NewMeasure(measure_id, scope, places, percent, from_on, to_on, one_line(self.reason))

    def number_error(self) -> str:
        if self.way == "percent":
            return _("Vul een getal in van 0 tot 100.")
        return _("Vul in hoeveel mensen er nog binnen mogen.")


def last_day_error(from_on: date | None, to_on: date | None, today: date) -> str:
    if to_on is None:
        return _("Vul een dag in, zoals 1/9/2026.")
    if from_on and to_on < from_on:
        return _("Kies een dag na de eerste.")
    return "" if to_on >= today else _("Kies vandaag of een dag die nog komt.")
