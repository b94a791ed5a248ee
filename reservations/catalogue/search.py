"""What somebody looks for: days, a place or a name, and a kind, as the search form sends them."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from reservations.cursor import Cursor, read_cursor
from uit.core.clock import BRUSSELS
from uit.web import form
from uit.web.form import Errors, Labels

DOMAINS: Final = ("culture", "sport", "youth", "tourism")
FIELDS: Final = ("van", "tot", "waar", "soort", "na")
DAYS_SHOWN: Final = 7
DAYS_LOOKED_AHEAD: Final = 366
ONE_DAY: Final = timedelta(days=1)
YEARS: Final = range(2000, 2100)
LONGEST_WORDS: Final = 80
LABELS: Final[Labels] = {
    "waar": "Gemeente, postcode, zaal of titel",
    "van": "Vanaf",
    "tot": "Tot en met",
    "soort": "Soort",
}
NO_DAY: Final = "Dit is geen dag die wij kennen. Kies er een, zoals 4-5-2026."


class Search(Struct, frozen=True):
    """What to look for: days are in Flanders, inclusive. Empty `words` or `domain`: all of them.

    Without `to_day` it is whatever comes, as far as we look.
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
        """As the form says it."""
        to_day = self.to_day.isoformat() if self.to_day else ""
        return {"waar": self.words, "van": self.from_day.isoformat(), "tot": to_day, "soort": self.domain}


def read_search(typed: Mapping[str, str], today: date) -> Search | Errors:
    """The search that a form means, or per field what is wrong with it.

    It begins today. Without a last day it is a week, and for who looks for something, whatever comes.
    """
    from_day = read_day(typed["van"], today)
    to_day = read_day(typed["tot"], week_from(from_day or today))
    errors = {}
    if from_day is None:
        errors["van"] = NO_DAY
    if to_day is None:
        errors["tot"] = NO_DAY
    elif from_day and to_day < from_day:
        errors["tot"] = "Deze dag komt voor de eerste. Kies een latere dag."
    if typed["soort"] not in {"", *DOMAINS}:
        errors["soort"] = "Deze soort bestaat niet. Kies er een uit de lijst."
    if errors or from_day is None:
        return errors
    words, domain = plain(typed["waar"]), typed["soort"]
    is_open = not typed["tot"].strip() and bool(words or domain)
    return Search(from_day, None if is_open else to_day, words, domain, read_cursor(typed["na"]))


def beside(wanted: Search, today: date) -> tuple[Search | None, Search | None]:
    """The same search over as many days before and after: not before today, nor beside whatever comes."""
    if wanted.to_day is None:
        return None, None
    span = wanted.to_day - wanted.from_day
    before, after = wanted.from_day - ONE_DAY, wanted.to_day + ONE_DAY
    earlier = replace(wanted, from_day=max(today, before - span), to_day=before, after=None)
    later = replace(wanted, from_day=after, to_day=after + span, after=None)
    return earlier if before >= today else None, later if (after + span).year in YEARS else None


def after_this_week(today: date) -> Search | None:
    """The week that follows on the coming seven days."""
    return beside(Search(today, week_from(today)), today)[1]


def week_from(day: date) -> date:
    """The last of seven days."""
    return day + timedelta(days=DAYS_SHOWN - 1)


def read_day(text: str, otherwise: date) -> date | None:
    """A day as a date field sends it; None for what is no day of our time."""
    if not text.strip():
        return otherwise
    day = form.read_day(text)
    return day if day and day.year in YEARS else None


def plain(text: str) -> str:
    """Words to look for: on one line, not endless, without what a database cannot hold."""
    return form.one_line(text)[:LONGEST_WORDS]


def escaped(words: str) -> str:
    """Words in which LIKE sees nothing special."""
    return re.sub(r"([\\%_])", r"\\\1", words)


def midnight(day: date) -> datetime:
    """When a day begins in Flanders."""
    return datetime.combine(day, time(), BRUSSELS).astimezone(UTC)
