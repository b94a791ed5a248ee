"""Which seats are best for so many people: together, near the best row, and no seat left alone. Pure.

It is asked hundreds of times for one batch, so that only rows that changed are looked at again.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from reservations.seats.companions import sits_apart
from reservations.seats.placing import (
    NOWHERE,
    Focus,
    Placing,
    costs_of_row,
    lone_in,
    placing_in_row,
    remembered_placing,
    runs_in,
)
from reservations.seats.plan import Seat, SeatKind, SeatPlan, SpotBit


class FreeSeats:
    """The seats of a hall that are free while a batch is decided."""

    def __init__(self, plan: SeatPlan, unavailable: Collection[str] = ()) -> None:
        self.plan = plan
        self._open = list(plan.bits.of_rows)
        self._left = [plan.bits.others, plan.bits.wheelchairs]
        self._known: dict[int, list[Placing]] = {}
        self._changed: dict[int, set[int]] = {}
        self.take(unavailable)

    def copy(self) -> "FreeSeats":
        """One that changes by itself."""
        copied = FreeSeats(self.plan)
        copied._open, copied._left = self._open.copy(), self._left.copy()
        copied._known = {places: found.copy() for places, found in self._known.items()}
        copied._changed = {places: rows.copy() for places, rows in self._changed.items()}
        return copied

    def __contains__(self, key: str) -> bool:
        spot = self.plan.bits.of_seats.get(key)
        return spot is not None and bool(self._open[spot.row] & spot.bit)

    def left(self, *, wheelchair: bool) -> int:
        """How many are free of those for wheelchairs, or of the others."""
        return self._left[wheelchair]

    def take(self, keys: Iterable[str]) -> None:
        for key in keys:
            spot = self.plan.bits.of_seats.get(key)
            if spot and self._open[spot.row] & spot.bit:
                self._turn(spot, -1)

    def give_back(self, keys: Iterable[str]) -> None:
        """Let others have these; what the plan does not know was a seat of an earlier one."""
        for key in keys:
            spot = self.plan.bits.of_seats.get(key)
            if spot and not self._open[spot.row] & spot.bit:
                self._turn(spot, 1)

    def _turn(self, spot: SpotBit, by: int) -> None:
        self._open[spot.row] ^= spot.bit
        self._left[spot.for_wheelchair] += by
        for rows in self._changed.values():
            rows.add(spot.row)

    def runs(self, row: int, *, for_all: bool = True) -> Iterator[range]:
        """The spots beside each other in a row that are free, from the left; also for wheelchairs, or not."""
        return runs_in(self._for_all(row) if for_all else self._open[row])

    def _for_all(self, row: int) -> int:
        return self._open[row] & self.plan.bits.for_all[row]

    def alone_after(self, row: int, seats: Iterable[Seat]) -> int:
        """How many more seats of a row are alone once these are taken."""
        free = self._for_all(row)
        after = free & ~sum(self.plan.bits.of_seats[seat.key].bit for seat in seats)
        return max(0, lone_in(after) - lone_in(free))

    def best(self, places: int, wheelchairs: int = 0) -> list[Seat] | None:
        """The best seats for so many people, of whom so many in a wheelchair; None when there are not enough.

        Who comes with a wheelchair sits beside it, where that can be seen row by row; `beside` looks further.
        Where they do not fit in one row they sit in groups.
        """
        if self.left(wheelchair=True) < wheelchairs or self.left(wheelchair=False) < places - wheelchairs:
            return None
        if not wheelchairs:
            return self._best_of_others(places)
        together = self._window(places, wheelchairs)
        return together or self._split_wheelchairs(places, wheelchairs)

    def near(self, places: int, focus: Focus) -> list[Seat]:
        """The nearest seats that are free for so many, or as many as there are."""
        return self._best_of_others(min(places, self.left(wheelchair=False)), focus)

    def _best_of_others(self, places: int, focus: Focus | None = None) -> list[Seat]:
        """In one row, else in groups near each other."""
        if not places:
            return []
        placing = self._best_placing(places, focus)
        return self._seats(placing) if placing is not NOWHERE else self._split(places, focus)

    def _best_placing(self, places: int, focus: Focus | None) -> Placing:
        rows = range(len(self.plan.rows))
        if focus:
            costs = [costs_of_row(row, focus) for row in self.plan.rows]
            found = [placing_in_row(self._for_all(no), no, places, costs[no]) for no in rows]
            return min(found, default=NOWHERE)
        known = self._known.get(places)
        if known is None:
            self._changed[places] = set()
            self._known[places] = known = [self._remembered(no, places) for no in rows]
        changed = self._changed[places]
        for no in changed:
            known[no] = self._remembered(no, places)
        changed.clear()
        return min(known, default=NOWHERE)

    def _remembered(self, row: int, places: int) -> Placing:
        return remembered_placing(self.plan, row, self._for_all(row), places)

    def _seats(self, placing: Placing) -> list[Seat]:
        spots = self.plan.rows[placing.row].spots[placing.start : placing.start + placing.places]
        return [seat for seat in spots if seat]

    def _split(self, places: int, focus: Focus | None) -> list[Seat]:
        """The largest group that fits, and the others near it; where it can be, nobody of them sits alone."""
        sizes = range(places - 1, 0, -1)
        most = next(n for n in sizes if self._best_placing(n, focus) is not NOWHERE)
        sizes_tried = [most - 1, most] if places - most == 1 < most - 1 else [most]
        found: list[Seat] = []
        for size in sizes_tried:
            found = self._with_others_near(size, places, focus)
            if are_together(found, places - size):
                break
        return found

    def _with_others_near(self, size: int, places: int, focus: Focus | None) -> list[Seat]:
        first = self._seats(self._best_placing(size, focus))
        keys = [seat.key for seat in first]
        self.take(keys)
        rest = self._best_of_others(places - size, middle(first))
        self.give_back(keys)
        return [*first, *rest]

    def _window(self, places: int, wheelchairs: int) -> list[Seat] | None:
        """Seats beside each other, so many of them for wheelchairs."""
        found = []
        for no, row in enumerate(self.plan.rows):
            if self.plan.bits.for_all[no] == self.plan.bits.of_rows[no]:
                continue
            for run in self.runs(no, for_all=False):
                windows = (row.spots[at : at + places] for at in range(run.start, run.stop - places + 1))
                found += [
                    (
                        sits_apart(self.plan, [seat.key for seat in window]),
                        self.alone_after(no, window),
                        self._ordinary(window),
                        far(window, self.plan.focus),
                        window,
                    )
                    for window in map(only_seats, windows)
                    if count_wheelchairs(window) == wheelchairs
                ]
        return min(found, key=lambda each: each[:4])[4] if found else None

    @staticmethod
    def _ordinary(window: Sequence[Seat]) -> int:
        """How many do not sit on a seat that is kept for who comes with a wheelchair."""
        return sum(seat.kind not in {SeatKind.COMPANION, SeatKind.WHEELCHAIR} for seat in window)

    def _split_wheelchairs(self, places: int, wheelchairs: int) -> list[Seat]:
        """As many as can be beside a wheelchair, and then the others near them."""
        groups = first_groups(places, wheelchairs)
        first, count = next((found, count) for size, count in groups if (found := self._window(size, count)))
        keys = [seat.key for seat in first]
        self.take(keys)
        rest_wheelchairs, rest = wheelchairs - count, places - len(first)
        if rest_wheelchairs:
            others = self.best(rest, rest_wheelchairs) or []
        else:
            others = self._best_of_others(rest, middle(first))
        self.give_back(keys)
        return [*first, *others]


def first_groups(places: int, wheelchairs: int) -> list[tuple[int, int]]:
    """How many may sit beside each other and how many of them in a wheelchair, of more than fit together.

    First those where each wheelchair has its share of who comes along, and of those the largest.
    """
    others = places - wheelchairs
    groups = [
        (count + beside, count)
        for count in range(1, wheelchairs + 1)
        for beside in range(others + 1)
        if count + beside < places
    ]

    def unfair(group: tuple[int, int]) -> tuple[int, int, int]:
        size, count = group
        share = -(-others * count // wheelchairs) - (size - count)
        return max(0, share), max(0, -share), -size

    return sorted(groups, key=unfair)


def only_seats(spots: Iterable[Seat | None]) -> list[Seat]:
    return [seat for seat in spots if seat]


def count_wheelchairs(seats: Iterable[Seat]) -> int:
    return sum(seat.kind is SeatKind.WHEELCHAIR for seat in seats)


def far(seats: Iterable[Seat], focus: Focus) -> int:
    return sum(seat.distance(focus) for seat in seats)


def middle(seats: Sequence[Seat]) -> Focus:
    return sum(seat.x for seat in seats) // len(seats), sum(seat.y for seat in seats) // len(seats)


def are_together(seats: Sequence[Seat], others: int) -> bool:
    """Whether the last of these sit beside each other."""
    xs = sorted((seat.y, seat.x) for seat in seats[-others:])
    return xs[-1][0] == xs[0][0] and xs[-1][1] - xs[0][1] == 2 * (others - 1)
