"""The form that makes places to share; what is wrong comes back per field."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from reservations.places.pool import MOST_PLACES
from reservations.places.shared.sharing import NewSharing, OrganiserToAsk
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, only_errors, read_number, required_id, text_error

MOST_LETTERS: Final = 60


def labels() -> Labels:
    return {
        "capacity": _("Hoeveel mensen samen?"),
        "name": _("Waarvoor?"),
        "places": _("Hoeveel mensen samen?"),
        "with": _("Met wie?"),
    }


class SharingForm(Struct, frozen=True):
    """What was typed. `pool_id` is of the form: sent twice, it is one. `others` are ids as text."""

    pool_id: str = ""
    name: str = ""
    places: str = ""
    others: frozenset[str] = frozenset()

    @classmethod
    def typed(cls, data: Mapping[str, str]) -> "SharingForm":
        others = frozenset(
            name.removeprefix("with_") for name in data if name.startswith("with_") and data[name]
        )
        return cls(data.get("pool_id", ""), data.get("name", ""), data.get("places", ""), others)

    def read(self, known: Sequence[OrganiserToAsk]) -> NewSharing | Errors:
        places = read_number(self.places, MOST_PLACES)
        others = [each.id for each in known if str(each.id) in self.others]
        missing = _("Schrijf waarvoor, zoals de naam van het festival of het gebouw.")
        errors = only_errors(
            {
                "name": text_error(self.name, missing, MOST_LETTERS),
                "places": "" if places else _("Vul een getal in van 1 of meer."),
                "with": "" if others else _("Kies met wie je deelt."),
            }
        )
        if errors or not places:
            return errors
        return NewSharing(
            required_id({"pool_id": self.pool_id}, "pool_id"), one_line(self.name), places, others
        )
