"""The search of the agenda: days, words and a kind, read from the search form."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from reservations.cursor import Cursor, read_cursor
from uit.core.clock import BRUSSELS
from uit.core.translation import gettext as _
from uit.web import form
from uit.web.form import Errors, Labels

DOMAINS: Final = ("culture", "sport", "youth", "tourism")
FIELDS: Final = ("van", "tot", "waar", "soort", "na")
DAYS_SHOWN: Final = 7
DAYS_LOOKED_AHEAD: Final = 366
ONE_DAY: Final = timedelta(days=1)
YEARS: Final = range(2000, 2100)
LONGEST_WORDS: Final = 80


def labels() -> Labels:
    return {
        "waar": _("Gemeente, postcode, zaal of titel"),
        "van": _("Vanaf"),
        "tot": _("Tot en met"),
        "soort": _("Soort"),
    }


class Search(Struct, frozen=True):
    """A search. Days are in Flanders and inclusive. Empty `words` or `domain`: no limit.

    Without `to_day`, the search ends DAYS_LOOKED_AHEAD after `from_day`.
    """

    from_day: date
    to_day: date | None
    words: str = ""
    domain: str = ""
    after: Cursor | None = None

    @property
    def last_day(self) -> date:
        return self.to_day or self.from_day + timedelta(days=DAYS_LOOKED_AHEAD)

    @property
    def typed(self) -> dict[str, str]:
        """The fields of the form."""
        to_day = self.to_day.isoformat() if self.to_day else ""
        return {"waar": self.words, "van": self.from_day.isoformat(), "tot": to_day, "soort": self.domain}


def read_search(typed: Mapping[str, str], today: date) -> Search | Errors:
    """The search of a form, or the errors by field.

    Without a first day it begins today. Without a last day it is a week, or with words or a kind unlimited.
    """
    from_day = read_day(typed["van"], today)
    to_day = read_day(typed["tot"], week_from(from_day or today))
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
    words, domain = search_words(typed["waar"]), typed["soort"]
    is_open = not typed["tot"].strip() and bool(words or domain)
    return Search(from_day, None if is_open else to_day, words, domain, read_cursor(typed["na"]))


def earlier_and_later(wanted: Search, today: date) -> tuple[Search | None, Search | None]:
    """The same search for the days before and for the days after, as many of them.

    The first is None when it would end before today; both are None without a last day.
    """
    if wanted.to_day is None:
        return None, None
    span = wanted.to_day - wanted.from_day
    before, after = wanted.from_day - ONE_DAY, wanted.to_day + ONE_DAY
    earlier = replace(wanted, from_day=max(today, before - span), to_day=before, after=None)
    later = replace(wanted, from_day=after, to_day=after + span, after=None)
    return earlier if before >= today else None, later if (after + span).year in YEARS else None


def after_this_week(today: date) -> Search | None:
    """The week after the coming seven days."""
    return earlier_and_later(Search(today, week_from(today)), today)[1]


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
    return form.one_line(text)[:LONGEST_WORDS]


def escape_like(words: str) -> str:
    """The words with the special characters of LIKE escaped."""
    return re.sub(r"([\\%_])", r"\\\1", words)


def midnight(day: date) -> datetime:
    """The start of a day in Flanders, in UTC."""
    return datetime.combine(day, time(), BRUSSELS).astimezone(UTC)
