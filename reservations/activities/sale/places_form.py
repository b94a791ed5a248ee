"""How many places an activity has, and until when one books or cancels, as the form of its desk has it."""

from datetime import datetime, time
from typing import Final

from msgspec import Struct

from reservations.importing.said import EventSale
from reservations.places.pool import MOST_PLACES
from uit.core.clock import BRUSSELS, moment_in_flanders
from uit.core.translation import gettext as _
from uit.web.form import (
    Errors,
    Labels,
    hour_error,
    number_error,
    only_errors,
    read_day,
    read_hour,
    read_number,
)

MOST_HOURS: Final = 24 * 60
MINUTES_IN_HOUR: Final = 60


def labels() -> Labels:
    return {
        "places": _("Hoeveel plaatsen verkoop je hier?"),
        "licensed": _("Hoeveel mensen mogen er in de zaal?"),
        "opens_day": _("Vanaf welke dag kan men boeken?"),
        "opens_hour": _("Vanaf welk uur?"),
        "closes": _("Tot hoeveel uur voor het begint kan men boeken?"),
        "cancel": _("Tot hoeveel uur voor het begint kan men gratis annuleren?"),
    }


class SaleForm(Struct, frozen=True):
    """What was typed; hours are whole ones, before the start."""

    places: str = ""
    licensed: str = ""
    opens_day: str = ""
    opens_hour: str = ""
    closes: str = "0"
    cancel: str = "24"

    def read(self) -> EventSale | Errors:
        errors = only_errors(self.errors())
        places = read_number(self.places, MOST_PLACES)
        closes, cancel = read_number(self.closes, MOST_HOURS), read_number(self.cancel, MOST_HOURS)
        if errors or places is None or closes is None or cancel is None:
            return errors
        licensed = read_number(self.licensed, MOST_PLACES) if self.licensed.strip() else places
        assert licensed is not None
        return EventSale(licensed, places, self.opens_at, closes * MINUTES_IN_HOUR, cancel * MINUTES_IN_HOUR)

    @property
    def opens_at(self) -> datetime | None:
        day = read_day(self.opens_day)
        return moment_in_flanders(day, read_hour(self.opens_hour) or time()) if day else None

    def errors(self) -> Errors:
        wrong_day = bool(self.opens_day.strip()) and read_day(self.opens_day) is None
        return {
            "places": number_error(self.places, 1, MOST_PLACES),
            "licensed": self.licensed_error(),
            "opens_day": _("Kies een dag, of laat dit leeg.") if wrong_day else "",
            "opens_hour": self.opens_hour_error(),
            "closes": number_error(self.closes, 0, MOST_HOURS),
            "cancel": number_error(self.cancel, 0, MOST_HOURS),
        }

    def licensed_error(self) -> str:
        if not self.licensed.strip():
            return ""
        places, licensed = (read_number(text, MOST_PLACES) for text in (self.places, self.licensed))
        is_less = places is not None and licensed is not None and licensed < places
        too_few = (
            _("Je verkoopt niet meer plaatsen dan er mensen in de zaal mogen. Zet dit hoger.")
            if is_less
            else ""
        )
        return number_error(self.licensed, 1, MOST_PLACES) or too_few

    def opens_hour_error(self) -> str:
        if not self.opens_hour.strip():
            return ""
        without_day = "" if self.opens_day.strip() else _("Kies ook een dag.")
        return hour_error(self.opens_hour) or without_day


def places_of(sale: EventSale | None) -> SaleForm:
    """The form with what was said before."""
    if sale is None:
        return SaleForm()
    opens = sale.opens_at.astimezone(BRUSSELS) if sale.opens_at else None
    return SaleForm(
        str(sale.capacity),
        str(sale.licensed_capacity),
        opens.date().isoformat() if opens else "",
        f"{opens:%H:%M}" if opens else "",
        str(sale.closes_minutes // MINUTES_IN_HOUR),
        str(sale.cancel_minutes // MINUTES_IN_HOUR),
    )
