"""Where an activity is, as the form of its desk has it: a venue that is known, a new one, or a link."""

import re
from typing import Final, cast
from uuid import UUID

from msgspec import Struct

from organisers.activity import NewVenue, Whereabouts
from organisers.uitdatabank.event import Attendance
from reservations.activities.activity import Activity
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, only_errors, read_id, text_error

MOST_NAME: Final = 120
MOST_LINK: Final = 500
NEW: Final = "nieuw"
ATTENDANCES: Final = ("offline", "online", "mixed")
POSTAL_CODE: Final = re.compile(r"[1-9]\d{3}", re.ASCII)
LINK: Final = re.compile(r"https://[^\s/]+\.[^\s]+", re.ASCII)


def labels() -> Labels:
    return {
        "attendance": _("Hoe kan men erbij zijn?"),
        "venue": _("Welke plaats?"),
        "name": _("Naam van de plaats"),
        "street": _("Straat en nummer"),
        "postal_code": _("Postcode"),
        "locality": _("Gemeente"),
        "url": _("Link om te volgen"),
    }


class PlaceForm(Struct, frozen=True):
    """What was typed. `venue` is an id, or `nieuw` for a place that nobody made yet, with its `venue_id`."""

    attendance: str = "offline"
    venue: str = ""
    venue_id: str = ""
    zoek: str = ""
    name: str = ""
    street: str = ""
    postal_code: str = ""
    locality: str = ""
    url: str = ""

    @property
    def has_venue(self) -> bool:
        return self.attendance != "online"

    @property
    def new_venue(self) -> NewVenue | None:
        if not self.has_venue or self.venue != NEW:
            return None
        texts = (self.name, self.street, self.postal_code, self.locality)
        return NewVenue(*(one_line(text) for text in texts))

    def whereabouts(self, new_id: UUID) -> Whereabouts:
        venue_id = new_id if self.new_venue else read_id(self.venue)
        return Whereabouts(
            cast("Attendance", self.attendance),
            venue_id if self.has_venue else None,
            self.url.strip() if self.attendance != "offline" else None,
        )

    def errors(self) -> Errors:
        if self.attendance not in ATTENDANCES:
            return {"attendance": _("Kies hoe men erbij kan zijn.")}
        found: Errors = {}
        if self.has_venue:
            found |= self.new_venue_errors() if self.venue == NEW else {"venue": self.venue_error()}
        if self.attendance != "offline":
            found["url"] = self.link_error()
        return only_errors(found)

    def venue_error(self) -> str:
        return "" if read_id(self.venue) else _("Kies een plaats, of voeg er een toe.")

    def new_venue_errors(self) -> Errors:
        code = self.postal_code.strip()
        return {
            "name": text_error(self.name, _("Hoe heet de plaats?"), MOST_NAME),
            "street": text_error(self.street, _("Schrijf straat en nummer."), MOST_NAME),
            "postal_code": "" if POSTAL_CODE.fullmatch(code) else _("Schrijf de vier cijfers."),
            "locality": text_error(self.locality, _("Schrijf de gemeente."), MOST_NAME),
        }

    def link_error(self) -> str:
        link = self.url.strip()
        good = bool(LINK.fullmatch(link)) and len(link) <= MOST_LINK
        return "" if good else _("Schrijf een volledig adres, dat begint met https://")


def place_of(activity: Activity, venue_id: UUID) -> PlaceForm:
    """The form with where an activity is now."""
    return PlaceForm(
        activity.attendance,
        str(activity.venue_id or ""),
        str(venue_id),
        url=activity.online_url or "",
    )
