"""How a session filled, as a line: from the first day on which somebody booked until today. Pure."""

from collections.abc import Sequence
from datetime import date
from itertools import accumulate
from typing import Final

from msgspec import Struct

WIDTH: Final = 240
HEIGHT: Final = 48


class FillingLine(Struct, frozen=True):
    """A line in a box of WIDTH by HEIGHT, with what it says: so many people by each day."""

    points: str
    steps: list[tuple[date, int]]


def line_of(days: Sequence[date], people: Sequence[int], capacity: int, today: date) -> FillingLine | None:
    """The line, stepwise: it goes up on the day that somebody booked. None where nobody did.

    Its top is a full house, or more where there are more people than places.
    """
    if not days:
        return None
    steps = list(zip(days, accumulate(people), strict=True))
    first, span = days[0], max((today - days[0]).days, 1)
    top = max(capacity, steps[-1][1], 1)
    corners, before = [(0, HEIGHT)], HEIGHT
    for day, so_far in steps:
        across, up = WIDTH * (day - first).days // span, HEIGHT - HEIGHT * so_far // top
        corners += [(across, before), (across, up)]
        before = up
    corners.append((WIDTH, before))
    return FillingLine(" ".join(f"{x},{y}" for x, y in corners), steps)
