"""The best way to sit together in one row, of which the free seats are the bits of a number. Pure.

What it is once, it is whenever the same seats of that row are free; so it is remembered.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from typing import Final, NamedTuple

from reservations.seats.plan import SeatKind, SeatPlan, SeatRow

MOST_REMEMBERED: Final = 20_000
Focus = tuple[int, int]


class Placing(NamedTuple):
    """Seats beside each other, in the order of what is best.

    None that is kept for who comes along with a wheelchair if it can be helped, then as few seats left alone
    as can be, then none that sees badly, then near the focus.
    """

    kept_for_others: int
    left_alone: int
    sees_badly: int
    distance: int
    row: int
    start: int
    places: int


NOWHERE: Final = Placing(1 << 60, 0, 0, 0, 0, 0, 0)


class RowCosts(NamedTuple):
    """What the spots before each of a row cost together."""

    kept_for_others: list[int]
    sees_badly: list[int]
    distance: list[int]


@lru_cache(maxsize=MOST_REMEMBERED)
def remembered_placing(plan: SeatPlan, row: int, free: int, places: int) -> Placing:
    """The best in a row of which these are free for anybody: the same whenever they are."""
    return placing_in_row(free, row, places, costs_of(plan)[row])


def placing_in_row(free: int, row: int, places: int, costs: RowCosts) -> Placing:
    found = [best_in_run(run, places, costs) for run in runs_in(free) if len(run) >= places]
    if not found:
        return NOWHERE
    kept_for_others, left_alone, sees_badly, distance, start = min(found)
    return Placing(kept_for_others, left_alone, sees_badly, distance, row, start, places)


def runs_in(bits: int) -> Iterator[range]:
    """The bits beside each other that are set, from the first."""
    while bits:
        start = (bits & -bits).bit_length() - 1
        rest = bits >> start
        length = (~rest & (rest + 1)).bit_length() - 1
        yield range(start, start + length)
        bits = (rest >> length) << (start + length)


def lone_in(bits: int) -> int:
    """How many bits are set with none set beside them."""
    return (bits & ~(bits << 1) & ~(bits >> 1)).bit_count()


@lru_cache(maxsize=64)
def costs_of(plan: SeatPlan) -> list[RowCosts]:
    return [costs_of_row(row, plan.focus) for row in plan.rows]


def costs_of_row(row: SeatRow, focus: Focus) -> RowCosts:
    spots = row.spots
    return RowCosts(
        counted(row, SeatKind.COMPANION),
        counted(row, SeatKind.RESTRICTED),
        [0, *accumulate(seat.distance(focus) if seat else 0 for seat in spots)],
    )


def counted(row: SeatRow, kind: SeatKind) -> list[int]:
    return [0, *accumulate(seat is not None and seat.kind is kind for seat in row.spots)]


def best_in_run(run: range, places: int, costs: RowCosts) -> tuple[int, int, int, int, int]:
    """The best way to sit together in these spots: what it costs, and where it begins."""
    kept_for_others, sees_badly, distance = costs
    second, but_one = run.start + 1, run.stop - 1
    return min(
        [
            (
                kept_for_others[start + places] - kept_for_others[start],
                (start == second) + (start + places == but_one),
                sees_badly[start + places] - sees_badly[start],
                distance[start + places] - distance[start],
                start,
            )
            for start in range(run.start, run.stop - places + 1)
        ]
    )
