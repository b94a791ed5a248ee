"""The seats that people get who come together: beside those that they have already, and beside a wheelchair.

Pure. `own` are seats of the same people, which they keep.
"""

from collections.abc import Iterator, Sequence

from reservations.seats.best import FreeSeats, middle, only_seats
from reservations.seats.companions import has_company, is_for_wheelchair, neighbours, sits_apart
from reservations.seats.placing import Focus
from reservations.seats.plan import Seat, SeatKind


def beside(hall: FreeSeats, own: Sequence[str], places: int, wheelchairs: int = 0) -> list[Seat] | None:
    """So many seats, of which so many for wheelchairs; None when there are not enough.

    Where it can be at all, who comes along sits beside a wheelchair (`sits_apart` says whether it could not).
    Then they sit next to their own, else near them; without any they get the best.
    """
    if hall.left(wheelchair=True) < wheelchairs or hall.left(wheelchair=False) < places - wheelchairs:
        return None
    known = [key for key in own if key in hall.plan.seats]
    found = usual(hall, known, places, wheelchairs)
    apart = sits_apart(hall.plan, [*known, *(seat.key for seat in found)])
    if apart:
        other = InCompany(hall, known).seats(places, wheelchairs)
        if sits_apart(hall.plan, [*known, *(seat.key for seat in other)]) < apart:
            return other
    return found


def usual(hall: FreeSeats, own: Sequence[str], places: int, wheelchairs: int) -> list[Seat]:
    if not own or not places:
        return hall.best(places, wheelchairs) or []
    if wheelchairs:
        return InCompany(hall, own).seats(places, wheelchairs)
    windows = list(windows_beside(hall, {*own}, places))
    if windows:
        return min(windows, key=lambda each: each[:3])[3]
    return hall.near(places, middle([hall.plan.seats[key] for key in own]))


def windows_beside(hall: FreeSeats, own: set[str], places: int) -> Iterator[tuple[int, int, int, list[Seat]]]:
    """The free seats that begin or end next to these.

    With each how many wheelchairs have nobody beside them then, how many seats it leaves alone, and where.
    """
    for no, row in enumerate(hall.plan.rows):
        if not any(seat.key in own for seat in row.seats):
            continue
        for run in hall.runs(no):
            for at, start in ((run.start - 1, run.start), (run.stop, run.stop - places)):
                neighbour = row.spots[at] if 0 <= at < len(row.spots) else None
                if len(run) >= places and neighbour and neighbour.key in own:
                    window = only_seats(row.spots[start : start + places])
                    apart = sits_apart(hall.plan, [*own, *(seat.key for seat in window)])
                    yield apart, hall.alone_after(no, window), start, window


class InCompany:
    """Seats one by one: somebody beside each wheelchair, as far as can be, and then the others near them."""

    def __init__(self, hall: FreeSeats, own: Sequence[str]) -> None:
        self._hall, self._own = hall, [hall.plan.seats[key] for key in own]
        self._along = {each.key for each in self._own if not is_for_wheelchair(each)}
        self._found: list[Seat] = []
        self._others = 0

    def seats(self, places: int, wheelchairs: int) -> list[Seat]:
        """As many as are asked, of which so many for wheelchairs. As many must be free."""
        self._found, self._others = [], places - wheelchairs
        for each in self._own:
            if is_for_wheelchair(each):
                self._let_somebody_sit_beside(each)
        for _ in range(wheelchairs):
            wheelchair = min(self._free_wheelchairs(), key=self._rank)
            self._found.append(wheelchair)
            self._let_somebody_sit_beside(wheelchair)
        taken = [each.key for each in self._found]
        self._hall.take(taken)
        rest = self._hall.near(self._others, self._focus)
        self._hall.give_back(taken)
        return [*self._found, *rest]

    @property
    def _focus(self) -> Focus:
        together = [*self._own, *self._found]
        return middle(together) if together else self._hall.plan.focus

    def _is_free(self, seat: Seat) -> bool:
        return seat.key in self._hall and seat not in self._found

    def _free_wheelchairs(self) -> list[Seat]:
        seats = self._hall.plan.seats.values()
        return [each for each in seats if is_for_wheelchair(each) and self._is_free(each)]

    def _free_beside(self, seat: Seat) -> list[Seat]:
        beside = neighbours(self._hall.plan, seat)
        return [each for each in beside if not is_for_wheelchair(each) and self._is_free(each)]

    def _rank(self, seat: Seat) -> tuple[bool, int]:
        """First where somebody sits beside it, or can; then where it is near."""
        has_room = has_company(self._hall.plan, seat, self._along) or (
            self._others and self._free_beside(seat)
        )
        return not has_room, seat.distance(self._focus)

    def _let_somebody_sit_beside(self, wheelchair: Seat) -> None:
        if not self._others or has_company(self._hall.plan, wheelchair, self._along):
            return
        focus = self._focus
        beside = sorted(
            self._free_beside(wheelchair),
            key=lambda each: (each.kind is not SeatKind.COMPANION, each.distance(focus)),
        )
        if beside:
            self._found.append(beside[0])
            self._along.add(beside[0].key)
            self._others -= 1
