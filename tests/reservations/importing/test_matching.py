"""Which dates are the same at another time: what holds for every event, also where summer time begins."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from reservations.importing.matching import MOST_SHIFTED, Matched, match

BRUSSELS = ZoneInfo("Europe/Brussels")
FRIDAY = datetime(2026, 3, 27)  # noqa: DTZ001  what the clock shows, whatever the hour is in UTC
"""Summer time begins in the night to the Sunday after."""
DAYS, HOURS = st.integers(0, 4), st.sampled_from([10, 14, 20, 23])
MOMENTS = st.builds(lambda day, hour: FRIDAY + timedelta(days=day, hours=hour), DAYS, HOURS)
SHIFTS = st.timedeltas(-MOST_SHIFTED, MOST_SHIFTED).map(lambda shift: shift - shift % timedelta(minutes=15))
DATES = st.lists(MOMENTS, unique=True, max_size=4)
SOME_DATES = st.lists(MOMENTS, unique=True, min_size=1, max_size=4)


def in_brussels(local: datetime) -> datetime:
    return local.replace(tzinfo=BRUSSELS)


def exists(local: datetime) -> bool:
    """Whether the clock shows it: an hour is left out when summer time begins."""
    there = in_brussels(local).astimezone(ZoneInfo("UTC")).astimezone(BRUSSELS)
    return there.replace(tzinfo=None) == local


def matched(vanished: Sequence[datetime], arrived: Sequence[datetime]) -> Matched[datetime, datetime]:
    """Each date goes by its moment on the clock."""
    return match([(in_brussels(at), at) for at in vanished], [(in_brussels(at), at) for at in arrived])


def is_alone(at: datetime, dates: Sequence[datetime]) -> bool:
    return [each for each in dates if each.date() == at.date()] == [at]


def all_moved_alike(vanished: Sequence[datetime], arrived: Sequence[datetime]) -> bool:
    return any(
        sorted(arrived) == [at + shift for at in sorted(vanished)] and abs(shift) <= MOST_SHIFTED
        for shift in {new - old for old in vanished for new in arrived}
    )


@given(DATES, DATES)
def test_every_date_is_told_of_exactly_once(vanished: list[datetime], arrived: list[datetime]) -> None:
    found = matched(vanished, arrived)

    assert sorted([old for old, _ in found.moved] + found.vanished) == sorted(vanished)
    assert sorted([new for _, new in found.moved] + found.arrived) == sorted(arrived)


@given(SOME_DATES, SHIFTS, st.permutations(range(4)))
def test_dates_that_all_shifted_alike_are_the_same_in_order(
    vanished: list[datetime], shift: timedelta, order: list[int]
) -> None:
    arrived = [vanished[at] + shift for at in order if at < len(vanished)]
    assume(all(exists(at) for at in arrived))

    found = matched(vanished, arrived)

    assert found == Matched([(at, at + shift) for at in sorted(vanished)], [], [])


@given(DATES, DATES)
def test_one_that_vanished_and_one_that_arrived_on_a_day_are_the_same(
    vanished: list[datetime], arrived: list[datetime]
) -> None:
    assume(not all_moved_alike(vanished, arrived))

    assert matched(vanished, arrived).moved == [
        (old, new)
        for old in sorted(vanished)
        for new in arrived
        if old.date() == new.date() and is_alone(old, vanished) and is_alone(new, arrived)
    ]


@given(DATES, DATES)
def test_what_cannot_be_told_stays_in_order_of_time(
    vanished: list[datetime], arrived: list[datetime]
) -> None:
    found = matched(vanished, arrived)

    assert found.vanished == sorted(found.vanished)
    assert found.arrived == sorted(found.arrived)


@given(MOMENTS, st.timedeltas(MOST_SHIFTED + timedelta(minutes=1), timedelta(days=60)))
def test_a_date_more_than_seven_days_later_is_another_one(at: datetime, shift: timedelta) -> None:
    later = (at + shift).replace(microsecond=0)
    assume(exists(later) and later - at > MOST_SHIFTED)

    assert matched([at], [later]) == Matched([], [at], [later])


def test_a_series_that_starts_an_hour_later_does_so_before_and_after_summer_time_begins() -> None:
    evenings = [FRIDAY + timedelta(days=day, hours=19) for day in range(4)]

    found = matched(evenings, [at + timedelta(hours=1) for at in evenings])

    assert found.moved == [(at, at + timedelta(hours=1)) for at in evenings]
