"""Who joins somebody sits beside them where that can be, and near them else."""

from collections.abc import Collection, Sequence
from itertools import combinations, product
from random import Random
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from reservations.seats.beside import beside
from reservations.seats.best import FreeSeats
from reservations.seats.companions import sits_apart
from reservations.seats.plan import PlanLine, SeatKind, SeatPlan
from tests.reservations.seats.halls import halls

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


def fewest_apart(hall: SeatPlan, gone: Collection[str], own: Sequence[str], asked: tuple[int, int]) -> int:
    """Try every way to sit: the fewest wheelchairs that nobody sits beside."""
    places, wheelchairs = asked
    free = [seat for key, seat in hall.seats.items() if key not in gone]
    theirs = [each.key for each in free if each.kind is SeatKind.WHEELCHAIR]
    others = [each.key for each in free if each.kind is not SeatKind.WHEELCHAIR]
    ways = product(combinations(theirs, wheelchairs), combinations(others, places - wheelchairs))
    return min(sits_apart(hall, [*own, *some, *more]) for some, more in ways)


@given(halls(), st.integers(1, 3), st.integers(0, 2), st.randoms(use_true_random=False))
def test_who_comes_along_sits_beside_a_wheelchair_wherever_that_can_be(
    found_hall: tuple[SeatPlan, frozenset[str]], places: int, wheelchairs: int, dice: Random
) -> None:
    hall, gone = found_hall
    own = dice.sample(sorted(gone), min(len(gone), dice.randint(0, 3)))
    wheelchairs = min(places, wheelchairs)

    seats = beside(FreeSeats(hall, gone), own, places, wheelchairs)

    if seats is not None:
        keys = [each.key for each in seats]
        assert len({*keys}) == places
        assert not {*keys} & gone
        assert sum(each.kind is SeatKind.WHEELCHAIR for each in seats) == wheelchairs
        assert sits_apart(hall, [*own, *keys]) == fewest_apart(hall, gone, own, (places, wheelchairs))


def test_a_companion_who_joins_sits_beside_the_wheelchair_and_not_beside_another_of_them() -> None:
    hall = SeatPlan(uuid4(), [PlanLine("A", 1, 8, wheelchair=(1,))])
    free = FreeSeats(hall, ["A-1", "A-5"])

    assert [seat.key for seat in beside(free, ["A-5", "A-1"], 1) or []] == ["A-2"]


def test_an_aisle_is_not_beside() -> None:
    hall = SeatPlan(uuid4(), [PlanLine("A", 1, 4, aisles=(1,), wheelchair=(1,))])

    assert sits_apart(hall, ["A-1", "A-2"]) == 1
    assert sits_apart(hall, ["A-1"]) == 0
