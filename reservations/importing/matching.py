"""Which dates of an event are the same dates at another time, when its source names other moments. Pure.

A source gives a date no name of its own, only its moment: a date whose moment changed looks like one that
vanished and one that is new.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, Generic, TypeVar

from msgspec import Struct

from uit.core.clock import BRUSSELS, day_in_flanders

MOST_SHIFTED: Final = timedelta(days=7)

Old = TypeVar("Old")
New = TypeVar("New")


class Matched(Struct, Generic[Old, New], frozen=True):
    """`moved`: each old date with the new one that it is. `vanished` and `arrived`: what cannot be told."""

    moved: list[tuple[Old, New]]
    vanished: list[Old]
    arrived: list[New]


def match(
    vanished: Sequence[tuple[datetime, Old]], arrived: Sequence[tuple[datetime, New]]
) -> Matched[Old, New]:
    """Pair the dates of one event, each given with its start.

    Equally many, in order, that all shifted alike by at most seven days are the same dates; and so are one
    that vanished and one that arrived on one day in Flanders, where each is the only one of its kind that
    day.
    """
    before = sorted(vanished, key=lambda each: each[0])
    after = sorted(arrived, key=lambda each: each[0])
    if shifted_alike([at for at, _ in before], [at for at, _ in after]):
        moved = [(old, new) for (_, old), (_, new) in zip(before, after, strict=True)]
        return Matched(moved, [], [])
    alone = only_of_their_day(before)
    alone_after = only_of_their_day(after)
    days = alone.keys() & alone_after.keys()
    return Matched(
        [(alone[day], alone_after[day]) for day in sorted(days)],
        [old for at, old in before if day_in_flanders(at) not in days],
        [new for at, new in after if day_in_flanders(at) not in days],
    )


def shifted_alike(before: Sequence[datetime], after: Sequence[datetime]) -> bool:
    """Whether each moved by the same time on the clock, also where summer time begins in between."""
    if not before or len(before) != len(after):
        return False
    shifts = {on_the_clock(new) - on_the_clock(old) for old, new in zip(before, after, strict=True)}
    return len(shifts) == 1 and abs(shifts.pop()) <= MOST_SHIFTED


def on_the_clock(at: datetime) -> datetime:
    return at.astimezone(BRUSSELS).replace(tzinfo=None)


def only_of_their_day(dates: Sequence[tuple[datetime, Old]]) -> dict[date, Old]:
    """By day in Flanders, the one date of that day; days with several are left out."""
    by_day: dict[date, list[Old]] = {}
    for at, each in dates:
        by_day.setdefault(day_in_flanders(at), []).append(each)
    return {day: found[0] for day, found in by_day.items() if len(found) == 1}
