"""The VAT in a price, right to the cent."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credits.vat import contained_vat


@pytest.mark.parametrize(
    ("gross_cents", "rate_bp", "vat_cents"),
    [
        (121, 2100, 21),
        (106, 600, 6),
        (112, 1200, 12),
        (500, 0, 0),
        (1000, 600, 57),
        (1, 2100, 0),
        (3, 2100, 1),
    ],
)
def test_a_price_contains_its_vat(gross_cents: int, rate_bp: int, vat_cents: int) -> None:
    assert contained_vat(gross_cents, rate_bp) == vat_cents


def test_half_a_cent_goes_up() -> None:
    assert contained_vat(3, 2000) == 1  # half a cent exactly


@given(st.integers(0, 10_000_000), st.integers(0, 10_000))
def test_vat_is_the_nearest_cent_of_what_the_price_contains(gross_cents: int, rate_bp: int) -> None:
    exact = Fraction(gross_cents * rate_bp, 10_000 + rate_bp)

    assert Fraction(-1, 2) < contained_vat(gross_cents, rate_bp) - exact <= Fraction(1, 2)
