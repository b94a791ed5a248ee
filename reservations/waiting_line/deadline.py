"""Until when somebody may answer an offer, and until when places are kept. Pure.

The nearer the date, the shorter: who comes next must still be able to come. At night nobody reads a message,
so the time of who is reached by mail or text runs by day. A letter takes days: near the date none is sent.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from uit.core.clock import BRUSSELS

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
WAKES: Final = time(8)
SLEEPS: Final = time(22)
"""Between those the time of who is reached by mail or text runs, by the clock of Brussels."""
KEPT_BEFORE: Final = DAY
"""So long before a date is no longer sold, nothing is kept any more: who fits gets it."""


class Reached(StrEnum):
    """How an offer reaches somebody."""

    AT_ONCE = "at_once"
    BY_LETTER = "by_letter"


Steps = Sequence[tuple[timedelta, timedelta]]
"""When a date is more than so long away, one may answer for so long; the first that holds."""
STEPS: Final[dict[Reached, Steps]] = {
    Reached.AT_ONCE: (
        (14 * DAY, 48 * HOUR),
        (3 * DAY, 24 * HOUR),
        (DAY, 6 * HOUR),
        (4 * HOUR, 2 * HOUR),
        (timedelta(minutes=30), timedelta(minutes=30)),
    ),
    Reached.BY_LETTER: ((21 * DAY, 8 * DAY), (14 * DAY, 6 * DAY)),
}


def answer_by(reached: Reached, closes_at: datetime, now: datetime) -> datetime | None:
    """Until when who gets an offer now may answer; None when it is too near to offer it so.

    `closes_at`: when the date is no longer sold, which no offer outlives.
    """
    left = closes_at - now
    steps = STEPS[reached]
    time_to_answer = next((time_given for more_than, time_given in steps if left > more_than), None)
    if time_to_answer is None:
        return None
    if reached is Reached.BY_LETTER:
        return min(now + time_to_answer, closes_at)
    return min(by_day(now, time_to_answer), closes_at)


def by_day(now: datetime, lasting: timedelta) -> datetime:
    """The moment until which so much time has run by day."""
    at = awake(now)
    while True:
        sleeps_at = at.astimezone(BRUSSELS).replace(hour=SLEEPS.hour, minute=0, second=0, microsecond=0)
        if at + lasting <= sleeps_at:
            return at + lasting
        lasting -= sleeps_at - at
        at = awake(sleeps_at.astimezone(now.tzinfo))


def awake(at: datetime) -> datetime:
    """The moment itself by day; at night the next morning."""
    local = at.astimezone(BRUSSELS)
    morning = local.replace(hour=WAKES.hour, minute=0, second=0, microsecond=0)
    if local < morning:
        return morning.astimezone(at.tzinfo)
    if local.time() >= SLEEPS:
        return (morning + DAY).astimezone(at.tzinfo)
    return at


def kept_until(closes_at: datetime) -> datetime:
    """Until when places are kept for who needs more than came free."""
    return closes_at - KEPT_BEFORE
