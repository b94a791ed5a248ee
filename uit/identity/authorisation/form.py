"""The form by which a region enters its authorisation for the number of the national register."""

from datetime import date
from typing import Final

from msgspec import Struct

from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.identity.authorisation.authorisation import Authorisation
from uit.web.form import Errors, Labels, only_errors, read_day, required_id, text_error

MOST_LETTERS: Final = 100
MOST_IN_TEXT: Final = 1000


def authorisation_labels() -> Labels:
    return {
        "number": _("Nummer van de machtiging"),
        "purposes": _("Waarvoor mag het nummer gebruikt worden?"),
        "categories": _("Van wie?"),
        "starts_on": _("Vanaf"),
        "ends_on": _("Tot en met"),
    }


class AuthorisationForm(Struct, frozen=True):
    """The fields as sent. `ends_on` is empty for one without an end."""

    authorisation_id: str = ""
    number: str = ""
    purposes: str = ""
    categories: str = ""
    starts_on: str = ""
    ends_on: str = ""

    def read(self) -> Authorisation | Errors:
        starts_on, ends_on = read_day(self.starts_on), read_day(self.ends_on)
        errors = {
            "number": text_error(self.number, _("Vul het nummer in, zoals 18/2024."), MOST_LETTERS),
            "purposes": text_error(self.purposes, _("Schrijf waarvoor."), MOST_IN_TEXT),
            "categories": text_error(self.categories, _("Schrijf van wie."), MOST_IN_TEXT),
            "starts_on": "" if starts_on else _("Vul een dag in, zoals 1/9/2026."),
            "ends_on": self._end_error(starts_on, ends_on),
        }
        if starts_on is None or any(errors.values()):
            return only_errors(errors)
        return Authorisation(
            required_id({"authorisation_id": self.authorisation_id}, "authorisation_id"),
            one_line(self.number),
            one_line(self.purposes),
            one_line(self.categories),
            starts_on,
            ends_on,
        )

    def _end_error(self, starts_on: date | None, ends_on: date | None) -> str:
        if not self.ends_on.strip():
            return ""
        if ends_on is None:
            return _("Vul een dag in, zoals 31/8/2027. Of laat leeg.")
        return _("Deze dag ligt vóór de eerste dag.") if starts_on and ends_on < starts_on else ""
