"""Who joins somebody sits beside them where that can be, and near them else."""

from uuid import uuid4

from reservations.seats.beside import beside
from reservations.seats.best import FreeSeats
from reservations.seats.plan import PlanLine, SeatPlan

HALL = SeatPlan(uuid4(), [PlanLine("A", 1, 8), PlanLine("B", 1, 8), PlanLine("C", 1, 8)], "A")


def found(own: list[str], places: int, *gone: str) -> list[str]:
    free = FreeSeats(HALL, [*own, *gone])
    return sorted(seat.key for seat in beside(free, own, places) or [])


def test_one_more_sits_beside_and_leaves_no_seat_alone() -> None:
    assert found(["C-3", "C-4"], 1) == ["C-5"]


def test_two_more_sit_on_the_side_where_there_is_room() -> None:
    assert found(["B-3", "B-4"], 2, "B-2") == ["B-5", "B-6"]


def test_who_cannot_sit_beside_sits_near() -> None:
    assert found(["C-4"], 1, "C-3", "C-5") == ["B-4"]


def test_where_there_are_too_few_there_are_none() -> None:
    assert beside(FreeSeats(HALL, HALL.seats.keys() - {"A-1"}), ["B-1"], 2) is None
