"""A telephone number is kept in one form, whatever way it is typed."""

import pytest

from uit.core.phone import read_phone, takes_texts, written_phone


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


@pytest.mark.parametrize("number", ["+32470123456", "+31612345678"])
def test_a_text_message_goes_to_a_mobile_number(number: str) -> None:
    assert takes_texts(number)


@pytest.mark.parametrize("number", ["+3253123456", "0470123456", ""])
def test_a_text_message_goes_to_no_line_in_a_house_and_to_what_is_no_number(number: str) -> None:
    assert not takes_texts(number)


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("+32471223344", "0471 22 33 44"),
        ("+3253123456", "+3253123456"),
        ("+31612345678", "+31612345678"),
    ],
)
def test_a_mobile_number_is_written_as_people_write_it(number: str, written: str) -> None:
    assert written_phone(number) == written
