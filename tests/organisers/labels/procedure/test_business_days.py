"""Working days in Belgium."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisers.labels.procedure.business_days import easter, holidays, working_days


@pytest.mark.parametrize(
    "sunday",
    [
        date(1981, 4, 19),
        date(2008, 3, 23),
        date(2026, 4, 5),
        date(2038, 4, 25),
        date(2049, 4, 18),
        date(2285, 3, 22),
    ],
)
def test_easter_falls_where_the_calendar_has_it(sunday: date) -> None:
    assert easter(sunday.year) == sunday


def test_a_year_has_ten_public_holidays() -> None:
    assert len(holidays(2026)) == 10
    assert {date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25), date(2026, 7, 21)} <= holidays(2026)


def test_the_day_of_an_event_a_weekend_and_a_holiday_do_not_count() -> None:
    good_friday, tuesday_after = date(2026, 4, 3), date(2026, 4, 7)

    assert working_days(good_friday, tuesday_after) == 1


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(0, 400), st.integers(0, 400))
def test_two_stretches_count_as_much_as_the_whole(start: date, first: int, second: int) -> None:
    middle = date.fromordinal(start.toordinal() + first)
    end = date.fromordinal(middle.toordinal() + second)

    assert working_days(start, middle) + working_days(middle, end) == working_days(start, end)
