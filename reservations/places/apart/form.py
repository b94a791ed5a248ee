"""The form that sets places apart; what is wrong comes back per field."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from reservations.places.apart.set_apart import KnownClient, NewSetApart
from reservations.places.pool import MOST_PLACES
from uit.core.clock import start_of_day
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, only_errors, read_day, read_number, required_id

CLIENT: Final = "client:"


def labels() -> Labels:
    return {
        "whom": _("Voor wie?"),
        "places": _("Hoeveel plaatsen?"),
        "until": _("Vanaf welke dag mag iedereen ze boeken?"),
    }


def channels() -> dict[str, str]:
    return {
        "box_office": _("Jullie kassa"),
        "page": _("De website"),
        "counter": _("De balies van de regio"),
    }


def options(clients: Sequence[KnownClient]) -> list[tuple[str, str]]:
    return [*channels().items(), *((f"{CLIENT}{each.id}", each.name) for each in clients)]


class SetApartForm(Struct, frozen=True):
    """What was typed. `form_id` is of the form: sent twice, it is one."""

    form_id: str = ""
    whom: str = ""
    places: str = ""
    until: str = ""

    def read(self, clients: Sequence[KnownClient], now: datetime) -> NewSetApart | Errors:
        places, day = read_number(self.places, MOST_PLACES), read_day(self.until)
        release_at = start_of_day(day) if day else None
        later = release_at is not None and release_at > now
        errors = only_errors(
            {
                "whom": "" if self.whom in dict(options(clients)) else _("Kies voor wie."),
                "places": "" if places else _("Vul een getal in van 1 of meer."),
                "until": "" if later else _("Kies een dag die nog komt."),
            }
        )
        if errors or not places or release_at is None:
            return errors
        form_id = required_id({"form_id": self.form_id}, "form_id")
        is_client = self.whom.startswith(CLIENT)
        client_id = self.whom.removeprefix(CLIENT) if is_client else None
        return NewSetApart(form_id, "api" if is_client else self.whom, client_id, places, release_at)
