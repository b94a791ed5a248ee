"""How many places an activity has, and until when one books or cancels, as the form of its desk has it."""

from datetime import datetime
from typing import Final

from msgspec import Struct

from reservations.importing.said import EventSale
from reservations.sessions.change_form import at, read_hour
from uit.core.clock import BRUSSELS
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, only_errors, read_day, read_number

MOST_PLACES: Final = 999_999
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
        return at(day, read_hour(self.opens_hour) or datetime.min.time()) if day else None

    def errors(self) -> Errors:
        places, licensed = (read_number(text, MOST_PLACES) for text in (self.places, self.licensed))
        wrong_day = bool(self.opens_day.strip()) and read_day(self.opens_day) is None
        wrong_hour = bool(self.opens_hour.strip()) and read_hour(self.opens_hour) is None
        too_few = places is not None and licensed is not None and licensed < places
        bad_licensed = bool(self.licensed.strip()) and not licensed
        return {
            "places": "" if places else number_wanted(1, MOST_PLACES),
            "licensed": number_wanted(1, MOST_PLACES)
            if bad_licensed
            else _("Je verkoopt niet meer plaatsen dan er mensen in de zaal mogen. Zet dit hoger.")
            if too_few
            else "",
            "opens_day": _("Kies een dag, of laat dit leeg.") if wrong_day else "",
            "opens_hour": _("Vul een uur in, zoals 20:00.") if wrong_hour else self.hour_without_day(),
            "closes": hours_error(self.closes),
            "cancel": hours_error(self.cancel),
        }

    def hour_without_day(self) -> str:
        alone = bool(self.opens_hour.strip()) and not self.opens_day.strip()
        return _("Kies ook een dag.") if alone else ""


def hours_error(text: str) -> str:
    return "" if read_number(text, MOST_HOURS) is not None else number_wanted(0, MOST_HOURS)


def number_wanted(least: int, most: int) -> str:
    return _("Vul een getal in van %(least)s tot %(most)s.", least=least, most=most)


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
