from hypothesis import given
from hypothesis import strategies as st

from reservations.seats.best import FreeSeats, far, middle
from reservations.seats.plan import PlanLine, Seat, SeatKind, SeatPlan
from tests.reservations.seats.halls import cost, halls, plan, windows

Hall = tuple[SeatPlan, frozenset[str]]


def keys(seats: list[Seat] | None) -> list[str]:
    return [seat.key for seat in seats or []]


@given(halls(), st.integers(1, 8))
def test_who_can_sit_together_gets_the_best_of_all_ways_to_do_so(hall: Hall, places: int) -> None:
    seats, gone = hall
    ways = list(windows(seats, gone, places))

    found = FreeSeats(seats, gone).best(places)

    if ways:
        assert found in ways
        assert cost(seats, gone, found) == min(cost(seats, gone, each) for each in ways)


@given(halls(), st.lists(st.tuples(st.integers(1, 4), st.integers(0, 2)), max_size=8))
def test_no_seat_goes_to_two_and_what_is_gone_goes_to_nobody(
    hall: Hall, parties: list[tuple[int, int]]
) -> None:
    seats, gone = hall
    free = FreeSeats(seats, gone)
    taken: list[str] = []

    for places, wheelchairs in parties:
        found = keys(free.best(places, min(places, wheelchairs)))
        free.take(found)
        taken += found

    assert len(taken) == len({*taken})
    assert not {*taken} & gone
    assert {*taken} <= {*seats.seats}


@given(halls(), st.integers(1, 8), st.integers(0, 3))
def test_there_are_seats_as_long_as_enough_are_free(hall: Hall, places: int, wheelchairs: int) -> None:
    seats, gone = hall
    wheelchairs = min(places, wheelchairs)
    left = [seat for key, seat in seats.seats.items() if key not in gone]
    for_wheelchairs = sum(seat.kind is SeatKind.WHEELCHAIR for seat in left)

    found = FreeSeats(seats, gone).best(places, wheelchairs)

    enough = for_wheelchairs >= wheelchairs and len(left) - for_wheelchairs >= places - wheelchairs
    assert (found is not None) == enough
    if found:
        assert len(found) == places
        assert sum(seat.kind is SeatKind.WHEELCHAIR for seat in found) == wheelchairs


@given(halls(), st.lists(st.integers(1, 3), max_size=6))
def test_what_was_given_back_leaves_all_as_it_was(hall: Hall, parties: list[int]) -> None:
    seats, gone = hall
    free = FreeSeats(seats, gone)
    before = [keys(free.best(places)) for places in range(1, 5)]

    for places in parties:
        found = keys(free.best(places))
        free.take(found)
        free.give_back(found)

    assert [keys(free.best(places)) for places in range(1, 5)] == before
    assert [keys(FreeSeats(seats, gone).best(places)) for places in range(1, 5)] == before


def test_the_first_sit_in_the_middle_of_the_best_row() -> None:
    free = FreeSeats(plan(PlanLine("A", 1, 9), PlanLine("B", 1, 9), PlanLine("C", 1, 9), best_row="B"))

    assert keys(free.best(3)) == ["B-4", "B-5", "B-6"]


def test_a_seat_is_not_left_alone_when_it_can_be_helped() -> None:
    free = FreeSeats(plan(PlanLine("A", 1, 3), PlanLine("B", 1, 4), best_row="A"))

    assert keys(free.best(2)) in (["B-1", "B-2"], ["B-3", "B-4"])


def test_nobody_sits_together_across_an_aisle() -> None:
    free = FreeSeats(plan(PlanLine("A", 1, 4, aisles=(2,)), PlanLine("B", 1, 3)))

    assert keys(free.best(3)) == ["B-1", "B-2", "B-3"]


def test_a_row_of_odd_and_even_numbers_is_one_row() -> None:
    free = FreeSeats(plan(PlanLine("A", 5, 1, step=2), PlanLine("A", 2, 6, step=2)))

    assert keys(free.best(2)) in (["A-1", "A-2"], ["A-3", "A-1"])
    assert keys(free.best(6)) == ["A-5", "A-3", "A-1", "A-2", "A-4", "A-6"]


def test_four_who_do_not_fit_in_a_row_sit_two_by_two() -> None:
    free = FreeSeats(plan(PlanLine("A", 1, 3), PlanLine("B", 1, 3)))

    assert [key[0] for key in keys(free.best(4))] in (list("AABB"), list("BBAA"))


def test_the_second_group_sits_near_the_first() -> None:
    free = FreeSeats(plan(*(PlanLine(row, 1, 4) for row in "ABCDEFGH"), best_row="F"))
    found = free.best(8)

    assert found
    assert {seat.row for seat in found} in ({"F", "E"}, {"F", "G"})


def test_a_companion_sits_beside_the_wheelchair() -> None:
    hall = plan(PlanLine("A", 1, 8, wheelchair=(1, 8), companion=(2,)), PlanLine("B", 1, 8))

    assert keys(FreeSeats(hall).best(2, wheelchairs=1)) == ["A-1", "A-2"]


def test_two_wheelchairs_apart_have_each_their_companion() -> None:
    hall = plan(PlanLine("A", 1, 8, wheelchair=(1, 8), companion=(2, 7)), PlanLine("B", 1, 8))

    assert {*keys(FreeSeats(hall).best(4, wheelchairs=2))} == {"A-1", "A-2", "A-7", "A-8"}


def test_a_place_for_a_wheelchair_is_for_nobody_else_and_a_companion_seat_only_at_last() -> None:
    free = FreeSeats(plan(PlanLine("A", 1, 3, wheelchair=(1,), companion=(2,))))

    assert keys(free.best(1)) == ["A-3"]
    assert {*keys(free.best(2))} == {"A-2", "A-3"}
    assert free.best(3) is None


def test_a_family_that_sits_two_by_two_leaves_the_seat_beside_a_wheelchair() -> None:
    hall = plan(
        PlanLine("A", 1, 6, aisles=(3,)), PlanLine("B", 1, 6, aisles=(3,), wheelchair=(1,), companion=(2,))
    )

    found = keys(FreeSeats(hall).best(4))

    assert len(found) == 4
    assert "B-2" not in found


def test_a_seat_that_sees_badly_goes_after_one_that_sees_well() -> None:
    free = FreeSeats(plan(PlanLine("A", 1, 5, restricted=(2, 3, 4))))

    assert keys(free.best(1)) in (["A-1"], ["A-5"])


def test_the_nearest_of_a_seat_that_is_gone_are_beside_it() -> None:
    hall = plan(PlanLine("A", 1, 9), PlanLine("B", 1, 9))
    free = FreeSeats(hall, {"B-5"})

    gone = middle([hall.seats["B-5"]])
    assert far(free.near(1, gone), gone) <= 9
