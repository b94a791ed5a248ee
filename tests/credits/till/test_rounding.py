"""Cash is rounded to 5 cents as Belgian law asks, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credits.till.rounding import cash_rounding, rounded_cents

cents = st.integers(0, 10_000_000)


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [(1000, 1000), (1001, 1000), (1002, 1000), (1003, 1005), (1004, 1005), (1005, 1005), (1006, 1005),
     (1007, 1005), (1008, 1010), (1009, 1010)],
)  # fmt: skip
def test_a_total_in_cash_goes_to_the_nearest_five_cents(exact: int, rounded: int) -> None:
    assert exact + cash_rounding(exact, exact) == rounded


@pytest.mark.parametrize("exact", range(6))
def test_an_amount_of_five_cents_or_less_is_paid_as_it_is(exact: int) -> None:
    assert cash_rounding(exact, exact) == 0


def test_of_a_mixed_payment_the_part_in_cash_alone_is_rounded() -> None:
    assert cash_rounding(1003, 0) == 0
    assert cash_rounding(1003, 503) == 2
    assert cash_rounding(1003, 2) == -2


@given(cents)
def test_what_is_rounded_is_a_multiple_of_five_at_most_two_cents_away(exact: int) -> None:
    assert rounded_cents(exact) % 5 == 0
    assert abs(rounded_cents(exact) - exact) <= 2


@given(cents)
def test_rounding_twice_is_rounding_once(exact: int) -> None:
    assert rounded_cents(rounded_cents(exact)) == rounded_cents(exact)


@given(st.integers(0, 100_000))
def test_over_all_last_figures_nobody_gains(tens: int) -> None:
    assert sum(rounded_cents(each) - each for each in range(tens * 10, tens * 10 + 10)) == 0
