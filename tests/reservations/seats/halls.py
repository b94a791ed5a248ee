"""Small halls for tests, and a slow, obviously right way to find the best seats in them."""

from collections.abc import Collection, Iterator
from uuid import UUID

from hypothesis import strategies as st

from reservations.seats.plan import PlanLine, Seat, SeatKind, SeatPlan

PLAN_ID = UUID(int=7)
NUMBERS = range(1, 8)


def plan(*lines: PlanLine, best_row: str | None = None) -> SeatPlan:
    return SeatPlan(PLAN_ID, lines, best_row)


def few_of(least: int = 0) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(st.sampled_from(NUMBERS), min_size=least, max_size=2, unique=True).map(tuple)


@st.composite
def halls(draw: st.DrawFn) -> tuple[SeatPlan, frozenset[str]]:
    """Up to three rows of up to seven seats, and those of them that are taken or blocked."""
    lines = [
        PlanLine(
            name,
            1,
            draw(st.sampled_from(NUMBERS)),
            aisles=draw(few_of()),
            missing=draw(few_of()),
            wheelchair=draw(few_of()),
            companion=draw(few_of()),
            restricted=draw(few_of()),
        )
        for name in "ABC"[: draw(st.integers(1, 3))]
    ]
    hall = plan(*lines, best_row=draw(st.sampled_from(["A", "C", None])))
    gone = draw(st.sets(st.sampled_from(sorted(hall.seats)))) if hall.seats else set()
    return hall, frozenset(gone)


def windows(hall: SeatPlan, gone: Collection[str], places: int) -> Iterator[list[Seat]]:
    """Every way in which so many can sit beside each other."""
    for row in hall.rows:
        for at in range(len(row.spots) - places + 1):
            window = row.spots[at : at + places]
            if all(may_sit(seat, gone) for seat in window):
                yield [seat for seat in window if seat]


def may_sit(seat: Seat | None, gone: Collection[str]) -> bool:
    return seat is not None and seat.key not in gone and seat.kind is not SeatKind.WHEELCHAIR


def alone(hall: SeatPlan, gone: Collection[str]) -> int:
    """How many seats have nobody and no free seat for anybody beside them."""
    return sum(
        may_sit(spot, gone)
        and not (at and may_sit(row.spots[at - 1], gone))
        and not (at + 1 < len(row.spots) and may_sit(row.spots[at + 1], gone))
        for row in hall.rows
        for at, spot in enumerate(row.spots)
    )


def cost(hall: SeatPlan, gone: Collection[str], seats: list[Seat]) -> tuple[int, ...]:
    """What a placing costs, as its rule says: seats kept for others, left alone, that see badly, distance."""
    after = {*gone, *(seat.key for seat in seats)}
    x, y = hall.focus
    return (
        sum(seat.kind is SeatKind.COMPANION for seat in seats),
        max(0, alone(hall, after) - alone(hall, gone)),
        sum(seat.kind is SeatKind.RESTRICTED for seat in seats),
        sum((seat.x - x) ** 2 + (seat.y - y) ** 2 for seat in seats),
    )
