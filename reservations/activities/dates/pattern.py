"""The moments that a pattern makes: one, every week on some days, or slots within opening hours. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from msgspec import Struct

from organisers.labels.procedure.business_days import holidays
from uit.core.clock import BRUSSELS, moment_in_flanders

MOST_DATES: Final = 366
MOST_DAYS: Final = 731
DAYS_IN_WEEK: Final = 7
ONE_DAY: Final = timedelta(days=1)

Hours = tuple[time, time]


class Slot(Struct, frozen=True, order=True):
    """A date of an activity, in UTC."""

    starts_at: datetime
    ends_at: datetime


class Days(Struct, frozen=True):
    """The days from a first until and with a last, without those that are left out."""

    first: date
    last: date
    skip_holidays: bool
    exceptions: frozenset[date]

    def all(self) -> Iterator[date]:
        return (self.first + ONE_DAY * n for n in range((self.last - self.first).days + 1))

    def takes(self, day: date) -> bool:
        return day not in self.exceptions and not (self.skip_holidays and is_holiday(day))


class Weekly(Struct, frozen=True):
    """On some days of the week, each week or every so many, counted from the week of the first day."""

    days: Days
    weekdays: frozenset[int]
    hours: Hours
    every: int = 1

    def on(self, day: date) -> bool:
        monday = self.days.first - ONE_DAY * self.days.first.weekday()
        week = (day - monday).days // DAYS_IN_WEEK
        return day.weekday() in self.weekdays and week % self.every == 0


class Opening(Struct, frozen=True):
    """Slots of a length, one after another, within the opening hours of each day of the week."""

    days: Days
    hours: Mapping[int, Hours]
    minutes: int


class Planned(Struct, frozen=True):
    """The moments of a pattern in order, and the days that it would have had and that are left out.

    `idle`: the days that were named to be left out and that it had not. `over`: how many moments are past.
    """

    slots: tuple[Slot, ...]
    left_out: tuple[date, ...] = ()
    idle: tuple[date, ...] = ()
    over: int = 0


def one(day: date, hours: Hours) -> Planned:
    slot = slot_on(day, hours)
    return Planned((slot,) if slot else ())


def weekly(series: Weekly) -> Planned:
    wanted = [day for day in series.days.all() if series.on(day)]
    slots = {day: slot_on(day, series.hours) for day in wanted if series.days.takes(day)}
    return planned_on(wanted, {day: [slot] for day, slot in slots.items() if slot}, series.days)


def within_hours(opening: Opening) -> Planned:
    wanted = [day for day in opening.days.all() if day.weekday() in opening.hours]
    length = timedelta(minutes=opening.minutes)
    slots = {
        day: list(slots_on(day, opening.hours[day.weekday()], length))
        for day in wanted
        if opening.days.takes(day)
    }
    return planned_on(wanted, slots, opening.days)


def planned_on(wanted: Sequence[date], slots: Mapping[date, Sequence[Slot]], days: Days) -> Planned:
    """What comes of the days of a pattern, by the moments of each; a day without any is left out."""
    return Planned(
        tuple(slot for day in wanted for slot in slots.get(day, ())),
        tuple(day for day in wanted if not slots.get(day)),
        tuple(sorted(days.exceptions.difference(wanted))),
    )


def slot_on(day: date, hours: Hours) -> Slot | None:
    """From an hour until another, the next day where that is not later. None for an hour that is skipped."""
    starts, ends = hours
    starts_at, ends_at = (
        moment_in_flanders(day, starts),
        moment_in_flanders(day if ends > starts else day + ONE_DAY, ends),
    )
    return Slot(starts_at, ends_at) if is_on_the_clock(starts_at, starts) and ends_at > starts_at else None


def slots_on(day: date, hours: Hours, length: timedelta) -> Iterator[Slot]:
    """As many whole slots as fit."""
    whole = slot_on(day, hours)
    if whole is None:
        return
    starts_at = whole.starts_at
    while starts_at + length <= whole.ends_at:
        yield Slot(starts_at, starts_at + length)
        starts_at += length


def is_on_the_clock(at: datetime, hour: time) -> bool:
    """Whether the clock shows that hour then: in spring one hour is skipped."""
    return at.astimezone(BRUSSELS).time().replace(fold=0) == hour


def is_holiday(day: date) -> bool:
    return day in holidays(day.year)
