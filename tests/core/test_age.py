"""Ages as programmes and tariffs ask for them."""

from datetime import date

import pytest

from uit.core.age import age_fits, is_for_minors

BORN_ON = date(2008, 2, 29)


@pytest.mark.parametrize(
    ("day", "fits"),
    [
        (date(2014, 2, 28), False),
        (date(2014, 3, 1), True),
        (date(2021, 2, 28), True),
        (date(2021, 3, 1), False),
    ],
)
def test_both_ends_of_a_band_are_ages_reached_on_a_birthday(day: date, *, fits: bool) -> None:
    assert age_fits(BORN_ON, 6, 12, day) == fits


def test_an_end_that_is_open_asks_nothing() -> None:
    assert age_fits(BORN_ON, None, 12, date(2020, 1, 1))
    assert age_fits(BORN_ON, 6, None, date(2100, 1, 1))
    assert not age_fits(BORN_ON, None, 12, date(2007, 1, 1))


def test_a_band_needs_a_date_of_birth_and_no_band_needs_none() -> None:
    assert not age_fits(None, 6, None, date(2026, 1, 1))
    assert age_fits(None, None, None, date(2026, 1, 1))


@pytest.mark.parametrize(
    ("age_to", "born_from", "for_minors"),
    [
        (17, None, True),
        (18, None, False),
        (None, date(2008, 3, 3), True),
        (None, date(2008, 3, 2), False),
        (30, date(2010, 1, 1), True),
        (None, None, False),
    ],
)
def test_what_nobody_of_eighteen_may_have_is_for_minors(
    age_to: int | None, born_from: date | None, *, for_minors: bool
) -> None:
    assert is_for_minors(age_to, born_from, date(2026, 3, 2)) == for_minors
