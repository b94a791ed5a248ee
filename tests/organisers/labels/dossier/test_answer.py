"""What people type as a figure, and what we read."""

from decimal import Decimal

import pytest

from organisers.labels.criteria.criteria import read_example
from organisers.labels.dossier.answer import as_figure, as_typed, read_answer

KILOMETRES = next(each for each in read_example().criteria if each.code == "accessible_routes")
SHARE = next(each for each in read_example().criteria if each.code == "all_season")


@pytest.mark.parametrize(
    ("typed", "figure"),
    [
        ("7", "7"),
        ("7,5", "7.5"),
        ("7.5", "7.5"),
        ("7,50", "7.5"),
        ("0,5", "0.5"),
        ("60000", "60000"),
        ("60.000", "60000"),
        ("60 000", "60000"),
        ("60\u00a0000", "60000"),
        ("1.234.567,25", "1234567.25"),
        ("1.000", "1000"),
    ],
)
def test_a_figure_is_read_as_people_write_it(typed: str, figure: str) -> None:
    assert as_figure(typed) == Decimal(figure)


@pytest.mark.parametrize("typed", ["zestig", "7,500", "1,234.5", "7.5.5", "-3", "7,", "7 5", "1e3", "½"])
def test_what_can_be_read_in_two_ways_or_none_is_asked_again(typed: str) -> None:
    assert as_figure(typed) is None


@pytest.mark.parametrize("typed", ["7", "7,5", "60000", "0,25", "100"])
def test_a_figure_comes_back_as_it_is_typed(typed: str) -> None:
    figure = as_figure(typed)

    assert figure is not None
    assert as_typed(figure) == typed


def test_a_share_of_more_than_all_cannot_be_true_and_names_its_field() -> None:
    answers = [read_answer(SHARE, {"all_season": typed}) for typed in ("100", "100,5")]

    assert [each.fault for each in answers] == ["", "all_season"]
    assert [each.is_open for each in answers] == [False, True]


def test_an_answer_of_which_the_proof_is_missing_is_an_answer() -> None:
    answer = read_answer(KILOMETRES, {"accessible_routes": "7,5"})

    assert (answer.figure, answer.is_good) == (Decimal("7.5"), True)
