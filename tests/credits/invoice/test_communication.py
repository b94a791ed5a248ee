"""The structured communication by which a bank line is known."""

from hypothesis import given
from hypothesis import strategies as st

from credits.invoice.communication import FIGURES, new_communication, printed, structured
from tests.builders import World


def test_it_is_the_one_of_the_banks_own_example() -> None:
    assert structured(909_337_554) == "090933755493"
    assert printed("090933755493") == "+++090/9337/55493+++"


def test_where_nothing_is_left_by_97_the_check_is_97() -> None:
    assert structured(97) == "000000009797"


@given(st.integers(0, 10**10 - 1), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_figure_is_found_out(number: int, at: int, more: int) -> None:
    right = structured(number)
    wrong = right[:at] + str((int(right[at]) + more) % 10) + right[at + 1 :]

    assert not checks(wrong)


def checks(figures: str) -> bool:
    return structured(int(figures[:FIGURES])) == figures


async def test_a_new_one_checks(world: World) -> None:
    made = {new_communication(world.services.ids) for _ in range(100)}

    assert len(made) == 100
    assert all(map(checks, made))
