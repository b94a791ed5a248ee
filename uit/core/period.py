"""Periods with a start and an end: whole days, and spans that go on for longer than a day.

UiTdatabank writes a whole day as 00.00 to 23.59 (with or without seconds), and an end that nobody typed as
23.59 too; midnight sharp is an end that somebody chose, except after a start at midnight.
"""

from datetime import date, datetime, timedelta
from typing import Final

from uit.core.clock import BRUSSELS, day_in_flanders

A_DAY: Final = timedelta(hours=24)
_LAST_MINUTE: Final = (23, 59)


def ends_with_its_day(ends_at: datetime) -> bool:
    """Whether a period ends in the last minute of a day in Flanders, so that its end is no hour."""
    local = ends_at.astimezone(BRUSSELS)
    return (local.hour, local.minute) == _LAST_MINUTE


def is_all_day(starts_at: datetime, ends_at: datetime) -> bool:
    """Whether a period is one or more whole days in Flanders, and has no hours."""
    ends_at_midnight = ends_at > starts_at and is_midnight(ends_at)
    return is_midnight(starts_at) and (ends_with_its_day(ends_at) or ends_at_midnight)


def is_span(starts_at: datetime, ends_at: datetime) -> bool:
    """Whether a period is of whole days, or takes 24 hours or more; any other ends at an hour."""
    ends_later = last_day(starts_at, ends_at) > day_in_flanders(starts_at)
    return is_all_day(starts_at, ends_at) or (ends_later and ends_at - starts_at >= A_DAY)


def last_day(starts_at: datetime, ends_at: datetime) -> date:
    """The last day in Flanders of a period; midnight at its end belongs to the day before."""
    return day_in_flanders(max(starts_at, ends_at - timedelta(microseconds=1)))


def is_midnight(at: datetime) -> bool:
    """Whether this is midnight in Flanders, to the minute."""
    local = at.astimezone(BRUSSELS)
    return (local.hour, local.minute) == (0, 0)
