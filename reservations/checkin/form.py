"""The form of a desk and of a door: a ticket or a pass, and how many people come in."""

from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.checkin.checkin import CheckinActor, Scope
from reservations.checkin.errors import LookFirst
from reservations.checkin.scan import Shown
from reservations.most_places import MOST_OF_GROUP
from uit.core.ids import Ids
from uit.core.translation import gettext as _
from uit.web.form import Errors, form_id, only_errors, read_number

OK: Final = 200
UNREADABLE: Final = 422


class TicketForm(Struct, frozen=True):
    """`places`: how many people come in, of those that the ticket or pass brings; empty for all.

    `gezien`: who lets in looked at what has to be shown.
    """

    ticket: str = ""
    checkin_id: str = ""
    places: str = ""
    gezien: str = ""

    @property
    def errors(self) -> Errors:
        readable = not self.places.strip() or read_number(self.places, MOST_OF_GROUP)
        return only_errors(
            {"places": "" if readable else _("Vul een aantal in, of laat dit leeg voor iedereen.")}
        )

    def to_confirm(self, answer: object) -> "TicketForm | None":
        """What is sent again once somebody looked; None where nothing has to be shown."""
        return self if isinstance(answer, LookFirst) else None

    def shown(self, scope: Scope, by: CheckinActor, ids: Ids) -> Shown:
        places = read_number(self.places, MOST_OF_GROUP)
        checkin_id = form_id(self.checkin_id, ids)
        return Shown(self.ticket, scope, by, checkin_id, places, looked=self.gezien == "ja")


class WholeForm(Struct, frozen=True):
    """The check-in to take back, with all that it let in."""

    checkin_id: str = ""

    def id(self, ids: Ids) -> UUID:
        return form_id(self.checkin_id, ids)
