"""The rule of an organiser for who stays away, as a form of their desk has it."""

from typing import Final

from msgspec import Struct

from reservations.absences.rule import AbsenceRule
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, number_error, only_errors, read_number

LEAST_TIMES, MOST_TIMES = 2, 20
MOST_HOURS: Final = 12


def labels() -> Labels:
    return {
        "on": _("Vraag je een bevestiging aan wie vaak niet kwam?"),
        "after_times": _("Na hoeveel keer niet komen?"),
        "hours_before": _("Tot hoeveel uur voor het begint kan men antwoorden?"),
    }


class RuleForm(Struct, frozen=True):
    """What was typed."""

    on: str = ""
    after_times: str = ""
    hours_before: str = ""

    def read(self) -> AbsenceRule | Errors:
        times, hours = read_number(self.after_times, MOST_TIMES), read_number(self.hours_before, MOST_HOURS)
        errors = only_errors(
            {
                "on": "" if self.on in {"ja", "nee"} else _("Kies ja of nee."),
                "after_times": number_error(self.after_times, LEAST_TIMES, MOST_TIMES),
                "hours_before": number_error(self.hours_before, 1, MOST_HOURS),
            }
        )
        return errors or AbsenceRule(self.on == "ja", times or LEAST_TIMES, hours or 1)


def typed_of(rule: AbsenceRule | None) -> RuleForm:
    """The form with the rule of now, or with what is usual."""
    usual = rule or AbsenceRule()
    return RuleForm("ja" if usual.is_on else "nee", str(usual.after_times), str(usual.hours_before))
