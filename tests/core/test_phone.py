"""A telephone number is kept in one form, whatever way it is typed."""

import pytest

from uit.core.phone import read_phone


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0470 12 34 56", "+32470123456"),
        ("053/12.34.56", "+3253123456"),
        ("+32 (0470)", None),
        ("0032 470 12 34 56", "+32470123456"),
        ("+31 6 12345678", "+31612345678"),
        ("12", None),
        ("bel mij", None),
        ("", None),
    ],
)
def test_a_number_is_read_in_one_form(typed: str, number: str | None) -> None:
    assert read_phone(typed) == number
