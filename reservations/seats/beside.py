"""Seats beside those that somebody has already, for who joins them. Pure."""

from collections.abc import Iterator, Sequence

from reservations.seats.best import FreeSeats, middle, only_seats
from reservations.seats.plan import Seat


def beside(hall: FreeSeats, own: Sequence[str], places: int) -> list[Seat] | None:
    """So many seats next to these, else near them; None when there are not enough."""
    if hall.left(wheelchair=False) < places:
        return None
    seats = [hall.plan.seats[key] for key in own if key in hall.plan.seats]
    if not seats or not places:
        return hall.best(places)
    windows = list(windows_beside(hall, {seat.key for seat in seats}, places))
    if windows:
        return min(windows, key=lambda each: each[:2])[2]
    return hall.near(places, middle(seats))


def windows_beside(hall: FreeSeats, own: set[str], places: int) -> Iterator[tuple[int, int, list[Seat]]]:
    """The free seats that begin or end next to these: how many seats they leave alone, and where they are."""
    for no, row in enumerate(hall.plan.rows):
        if not any(seat.key in own for seat in row.seats):
            continue
        for run in hall.runs(no):
            for at, start in ((run.start - 1, run.start), (run.stop, run.stop - places)):
                neighbour = row.spots[at] if 0 <= at < len(row.spots) else None
                if len(run) >= places and neighbour and neighbour.key in own:
                    window = only_seats(row.spots[start : start + places])
                    yield hall.alone_after(no, window), start, window
