"""The two ages of a form between which somebody has to be; each may be left empty."""

from msgspec import Struct

from uit.core.age import OLDEST
from uit.core.translation import gettext as _
from uit.web.form import Errors, read_number


class TypedAges(Struct, frozen=True):
    """As they were typed; `lowest` and `highest` are None where nothing was, or nothing that is an age."""

    age_from: str
    age_to: str

    @property
    def lowest(self) -> int | None:
        return read_number(self.age_from, OLDEST)

    @property
    def highest(self) -> int | None:
        return read_number(self.age_to, OLDEST)

    def errors(self) -> Errors:
        """What is wrong with each, by the names of their fields; empty texts where nothing is."""
        return {
            "age_from": age_error(self.age_from),
            "age_to": age_error(self.age_to) or self._band_error(),
        }

    def _band_error(self) -> str:
        is_below = self.lowest is not None and self.highest is not None and self.highest < self.lowest
        return _("De hoogste leeftijd is niet lager dan de laagste.") if is_below else ""


def age_error(text: str) -> str:
    good = not text.strip() or read_number(text, OLDEST) is not None
    return "" if good else _("Vul een leeftijd in, of laat dit leeg.")
