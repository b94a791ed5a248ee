"""What a course costs, by itself: all of it, late, and some of its dates."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reservations.enrolment.course import (
    Course,
    CourseDate,
    CoursePrice,
    Late,
    Leaving,
    Priced,
    share_out,
)
from reservations.enrolment.errors import CourseBegun, NotAllOfCourse, TooFewDates
from reservations.errors import TariffUnknown

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


def course(dates: int = 10, cents: int = 8000, *, behind: int = 0) -> Course:
    """A weekly course of which so many dates are behind."""
    starts = [NOW + WEEK * (no - behind) + timedelta(days=1) for no in range(dates)]
    found = tuple(CourseDate(UUID(int=no), at, at + WEEK, "scheduled", at) for no, at in enumerate(starts))
    prices = (CoursePrice("base", 0, cents),)
    return Course(uuid4(), "Yoga", None, Late.SHARE, None, Leaving.TO_COME, found, prices)


def all_to_come(of: Course) -> list[UUID]:
    return [each.session_id for each in of.to_come(NOW)]


def test_all_of_it_has_one_price() -> None:
    whole = course()

    assert whole.priced("base", all_to_come(whole), 10_000, NOW) == Priced(8000, is_bound=True)


@pytest.mark.parametrize(("behind", "cents"), [(1, 7200), (3, 5600), (9, 800)])
def test_who_comes_late_pays_for_what_is_to_come(behind: int, cents: int) -> None:
    assert course(behind=behind).whole_cents("base", NOW) == cents


def test_a_share_is_rounded_for_who_pays() -> None:
    assert course(3, 1000, behind=1).whole_cents("base", NOW) == 666


def test_a_table_says_what_who_comes_late_pays() -> None:
    steps = (CoursePrice("base", 9, 7800), CoursePrice("base", 6, 5000))
    late = replace(course(behind=2), late=Late.TABLE)
    late = replace(late, prices=(*late.prices, *steps))

    assert late.whole_cents("base", NOW) == 7800
    assert replace(late, dates=course(behind=5).dates).whole_cents("base", NOW) == 5000


def test_once_it_has_begun_nobody_is_let_in_where_its_organiser_says_so() -> None:
    begun = replace(course(behind=1), late=Late.NO)

    assert isinstance(begun.priced("base", all_to_come(begun), 9000, NOW), CourseBegun)


def test_who_is_late_enrols_until_the_last_day_that_was_said() -> None:
    begun = replace(course(behind=1), late_until=date(2026, 3, 2))

    assert begun.whole_cents("base", NOW) == 7200
    assert begun.whole_cents("base", NOW + timedelta(days=1)) is None


def test_what_is_called_off_is_not_paid_for() -> None:
    whole = course()
    off = (replace(whole.dates[0], status="cancelled"), *whole.dates[1:])

    assert replace(whole, dates=off, late=Late.NO).whole_cents("base", NOW) == 7200


def test_some_dates_are_chosen_only_where_that_is_sold() -> None:
    whole = course()
    some = all_to_come(whole)[:4]

    assert whole.priced("base", some, 4000, NOW) == NotAllOfCourse(whole.id, 10)
    chosen = replace(whole, choice_least=5)
    assert chosen.priced("base", some, 4000, NOW) == TooFewDates(whole.id, 4, 5)
    assert replace(whole, choice_least=1).priced("base", some, 4000, NOW) == Priced(None, is_bound=False)


def test_some_dates_never_cost_more_than_all() -> None:
    open_to_choice = replace(course(), choice_least=1)
    nine = all_to_come(open_to_choice)[:9]

    assert open_to_choice.priced("base", nine, 9000, NOW) == Priced(8000, is_bound=True)


@given(st.integers(0, 100_000), st.integers(1, 40))
def test_the_parts_of_a_price_are_all_of_it(cents: int, dates: int) -> None:
    parts = share_out(cents, dates)

    assert (sum(parts), len(parts)) == (cents, dates)
    assert max(parts) - min(parts) <= 1


def test_a_tariff_without_a_price_for_all_of_it_has_that_of_each_date() -> None:
    chosen = replace(course(), choice_least=1)

    assert chosen.priced("kind", all_to_come(chosen), 6000, NOW) == Priced(None, is_bound=False)


def test_where_only_all_is_sold_nobody_gets_it_at_a_tariff_without_a_price() -> None:
    whole, begun = course(), course(behind=1)

    for each in (whole, begun, replace(begun, late=Late.NO)):
        assert isinstance(each.priced("kind", all_to_come(each), 6000, NOW), TariffUnknown)
