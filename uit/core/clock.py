"""The clock. This is the only module that reads the time of the machine; all others are passed a `Clock`."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware and in UTC."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class SetClock:
    """A clock whose time changes only by `move` and `set`, for tests and for the example."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self._at

    def move(self, by: timedelta) -> None:
        self._at += by

    def set(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)


def day_in_flanders(at: datetime) -> date:
    """The calendar day in Europe/Brussels on which an instant falls."""
    return at.astimezone(BRUSSELS).date()


def moment_in_flanders(day: date, hour: time) -> datetime:
    """When the clock in Europe/Brussels shows an hour on a day, as UTC."""
    return datetime.combine(day, hour, BRUSSELS).astimezone(UTC)


def start_of_day(day: date) -> datetime:
    """Midnight in Europe/Brussels at the start of a day, as UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=BRUSSELS).astimezone(UTC)
