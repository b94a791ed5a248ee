"""Working days: Monday to Friday, without the public holidays (Royal Decree of 18 April 1974, art. 1)."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

HOLIDAYS = Path(__file__).parents[1] / "data" / "public_holidays.json"
SATURDAY = 5
ONE_DAY = timedelta(days=1)


class Holiday(Struct, frozen=True):
    """A public holiday, on a month and day, or a number of days after Easter."""

    name: str
    month: int | None = None
    day: int | None = None
    days_after_easter: int | None = None

    def falls_on(self, year: int) -> date:
        if self.days_after_easter is not None:
            return easter(year) + timedelta(days=self.days_after_easter)
        assert self.month is not None
        assert self.day is not None
        return date(year, self.month, self.day)


@cache
def holidays(year: int) -> frozenset[date]:
    rules = msgspec.json.decode(HOLIDAYS.read_bytes(), type=list[Holiday])
    return frozenset(each.falls_on(year) for each in rules)


def easter(year: int) -> date:
    """Easter: the Sunday after the ecclesiastical full moon that follows 20 March (Gregorian computus)."""
    century = year // 100
    golden = year % 19
    # Corrected for the leap days that centuries drop, and for the drift of the moon (8 days in 25 centuries).
    moon = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    moon -= (moon + golden // 11) // 29
    full_moon = date(year, 3, 21) + timedelta(days=moon)
    return full_moon + timedelta(days=6 - full_moon.weekday() or 7)


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in holidays(day.year)


def working_days(after: date, until: date) -> int:
    """The number of working days after `after`, until and with `until`."""
    days = (after + ONE_DAY * n for n in range(1, (until - after).days + 1))
    return sum(map(is_working_day, days))
