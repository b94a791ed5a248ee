"""From opening hours to day slots: the moments at which a museum or a pool lets people in."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from msgspec import Struct

from uit.core.clock import BRUSSELS


class Childcare(Struct, frozen=True):
    """From when before and until when after it children are looked after; on the clock in Brussels."""

    starts: time | None
    ends: time | None


class Hours(Struct, frozen=True):
    """Open from one time of day to another, on the clock in Brussels, on these days (0 is Monday).

    Hours that close at or before the time they open run into the next day.
    """

    weekdays: frozenset[int]
    opens: time
    closes: time
    childcare: Childcare | None = None


class Exceptional(Struct, frozen=True):
    """Days (both ends included) on which other hours hold; closed when there are none."""

    first: date
    last: date
    hours: tuple[Hours, ...] = ()


class Slot(Struct, frozen=True):
    starts_at: datetime
    ends_at: datetime
    childcare: Childcare | None


def expand(
    hours: Sequence[Hours], exceptions: Sequence[Exceptional], first: date, last: date
) -> Iterable[Slot]:
    """The slots that open from the first day to the last, both included. The first exception that fits holds.

    Clock times become instants day by day, so a slot keeps its hour when the clock changes. One that falls
    wholly in the hour that is skipped in March does not take place.
    """
    for ahead in range((last - first).days + 1):
        day = first + timedelta(days=ahead)
        for open_hours in _on(day, hours, exceptions):
            slot = _slot(day, open_hours)
            if slot.starts_at < slot.ends_at:
                yield slot


def _on(day: date, hours: Sequence[Hours], exceptions: Sequence[Exceptional]) -> list[Hours]:
    in_force = next((other.hours for other in exceptions if other.first <= day <= other.last), hours)
    return [open_hours for open_hours in in_force if day.weekday() in open_hours.weekdays]


def _slot(day: date, hours: Hours) -> Slot:
    closing_day = day if hours.opens < hours.closes else day + timedelta(days=1)
    return Slot(_at(day, hours.opens), _at(closing_day, hours.closes), hours.childcare)


def _at(day: date, clock_time: time) -> datetime:
    return datetime.combine(day, clock_time, BRUSSELS).astimezone(UTC)
