"""The search of the agenda: days, words and a kind, read from the search form."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from msgspec import Struct

from reservations.catalogue.cursor import SearchCursor, read_search_cursor
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.web import form
from uit.web.form import Errors, Labels

DOMAINS: Final = ("culture", "sport", "youth", "tourism")
FIELDS: Final = ("van", "tot", "waar", "soort", "loopt", "na")
DAYS_SHOWN: Final = 7
RUNNING: Final = "ja"
ONE_DAY: Final = timedelta(days=1)
YEARS: Final = range(2000, 2100)
LAST_DAY: Final = date(2100, 12, 31)
LONGEST_WORDS: Final = 80


def labels() -> Labels:
    return {
        "waar": _("Titel, gemeente of postcode"),
        "van": _("Vanaf"),
        "tot": _("Tot en met"),
        "soort": _("Soort"),
    }


class Search(Struct, frozen=True):
    """A search. Days are in Flanders and inclusive. Empty `words` or `domain`: no limit.

    `is_running`: only what started before `from_day` and is still there on it.
    """

    from_day: date
    to_day: date | None
    words: str = ""
    domain: str = ""
    after: SearchCursor | None = None
    is_running: bool = False

    @property
    def last_day(self) -> date:
        return self.to_day or LAST_DAY

    @property
    def typed(self) -> dict[str, str]:
        """The fields of the form."""
        to_day = self.to_day.isoformat() if self.to_day else ""
        return {
            "waar": self.words,
            "van": self.from_day.isoformat(),
            "tot": to_day,
            "soort": self.domain,
            "loopt": RUNNING if self.is_running else "",
        }


def read_search(typed: Mapping[str, str], today: date) -> Search | Errors:
    """The search of a form, or the errors by field.

    Without a first day it begins today, and without a last day it does not end.
    """
    from_day, to_day = read_day(typed["van"], today), read_day(typed["tot"], LAST_DAY)
    no_day, errors = _("Dit is geen dag die wij kennen. Kies er een, zoals 4-5-2026."), {}
    if from_day is None:
        errors["van"] = no_day
    if to_day is None:
        errors["tot"] = no_day
    elif from_day and to_day < from_day:
        errors["tot"] = _("Deze dag komt voor de eerste. Kies een latere dag.")
    if typed["soort"] not in {"", *DOMAINS}:
        errors["soort"] = _("Deze soort bestaat niet. Kies er een uit de lijst.")
    if errors or from_day is None:
        return errors
    return Search(
        from_day,
        to_day if typed["tot"].strip() else None,
        search_words(typed["waar"]),
        typed["soort"],
        read_search_cursor(typed["na"]),
        typed["loopt"] == RUNNING,
    )


def after_this_week(today: date) -> Search:
    """From the day after the coming seven days on."""
    return Search(week_from(today) + ONE_DAY, None)


def week_from(day: date) -> date:
    """The last of seven days."""
    return day + timedelta(days=DAYS_SHOWN - 1)


def read_day(text: str, otherwise: date) -> date | None:
    """The day in a field, or `otherwise` when it is empty; None when it is not a day in YEARS."""
    if not text.strip():
        return otherwise
    day = form.read_day(text)
    return day if day and day.year in YEARS else None


def search_words(text: str) -> str:
    """The words of a search: on one line, at most LONGEST_WORDS characters, printable only."""
    return one_line(text)[:LONGEST_WORDS]
