"""Day slots from opening hours, such as those of a museum or a swimming pool."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from msgspec import Struct

from uit.core.clock import BRUSSELS


class Childcare(Struct, frozen=True):
    """Childcare from `starts`, before the activity, until `ends`, after it; times of day in Brussels."""

    starts: time | None
    ends: time | None


class Hours(Struct, frozen=True):
    """Opening hours on these weekdays (0 is Monday), in times of day in Brussels.

    When `closes` is at or before `opens`, it is on the next day.
    """

    weekdays: frozenset[int]
    opens: time
    closes: time
    childcare: Childcare | None = None


class Exceptional(Struct, frozen=True):
    """A range of days, both ends included, with other hours; closed when `hours` is empty."""

    first: date
    last: date
    hours: tuple[Hours, ...] = ()


class Slot(Struct, frozen=True):
    starts_at: datetime
    ends_at: datetime
    childcare: Childcare | None

    @property
    def takes_place(self) -> bool:
        return self.starts_at < self.ends_at


def expand(
    hours: Sequence[Hours], exceptions: Sequence[Exceptional], first: date, last: date
) -> Iterable[Slot]:
    """The slots that open from the first day to the last, both included. The first matching exception holds.

    A slot keeps its local hour when daylight saving time begins or ends. Of the hour that is skipped in March
    nothing takes place: a slot that opens in it opens when it is over, and one that closes in it as well does
    not take place that day.
    """
    for ahead in range((last - first).days + 1):
        day = first + timedelta(days=ahead)
        for open_hours in _hours_on(day, hours, exceptions):
            yield _slot(day, open_hours)


def _hours_on(day: date, hours: Sequence[Hours], exceptions: Sequence[Exceptional]) -> list[Hours]:
    hours_of_day = next((other.hours for other in exceptions if other.first <= day <= other.last), hours)
    return [open_hours for open_hours in hours_of_day if day.weekday() in open_hours.weekdays]


def _slot(day: date, hours: Hours) -> Slot:
    closing_day = day if hours.opens < hours.closes else day + timedelta(days=1)
    return Slot(_instant(day, hours.opens), _instant(closing_day, hours.closes), hours.childcare)


def _instant(day: date, clock_time: time) -> datetime:
    """The instant of a time of day; for one that is skipped in March, the instant at which it is skipped."""
    local = datetime.combine(day, clock_time, BRUSSELS)
    instant = local.astimezone(UTC)
    if instant.astimezone(BRUSSELS).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    return instant.replace(minute=0, second=0, microsecond=0)
