import pytest

from uit.core.seat_format import seats


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (["C-12"], "rij C, stoel 12"),
        (["C-12", "C-13", "D-1"], "rij C, stoel 12 en 13; rij D, stoel 1"),
        (["A-1,A-2,A-3,A-4"], "rij A, stoel 1, 2, 3 en 4"),
        ([f"B-{no}" for no in range(1, 15)], "rij B, stoel 1 tot 14"),
        ([*(f"B-{no}" for no in range(1, 6)), "B-9"], "rij B, stoel 1 tot 5 en 9"),
        ([], ""),
    ],
)
def test_seats_of_one_row_are_said_together_and_many_by_the_first_and_the_last(
    keys: list[str], words: str
) -> None:
    assert seats(keys, "nl") == words


def test_seats_are_said_in_the_order_in_which_people_count() -> None:
    assert seats(["B-4", "AA-1", "B-10", "B-2,B-3"]) == "rij B, stoel 2, 3, 4 en 10; rij AA, stoel 1"
