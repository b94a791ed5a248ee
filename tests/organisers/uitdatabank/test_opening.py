from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from organisers.uitdatabank.opening import Exceptional, Hours, Slot, expand
from uit.core.clock import BRUSSELS

EVERY_DAY = frozenset(range(7))
SPRING_FORWARD = date(2026, 3, 29)
FALL_BACK = date(2026, 10, 25)


def on(day: date, opens: time, closes: time) -> list[Slot]:
    return list(expand([Hours(EVERY_DAY, opens, closes)], [], day, day))


def test_a_day_of_opening_is_an_hour_shorter_when_the_clock_goes_forward() -> None:
    (usual,) = on(SPRING_FORWARD - timedelta(days=1), time(0), time(12))
    (short,) = on(SPRING_FORWARD, time(0), time(12))
    (long,) = on(FALL_BACK, time(0), time(12))

    hours = [(slot.ends_at - slot.starts_at) // timedelta(hours=1) for slot in (usual, short, long)]
    assert hours == [12, 11, 13]


def test_a_slot_in_the_hour_that_is_skipped_does_not_take_place() -> None:
    (skipped,) = on(SPRING_FORWARD, time(2, 30), time(3))
    (twice,) = on(FALL_BACK, time(2, 30), time(3))

    assert not skipped.takes_place
    assert twice.takes_place


def test_what_opens_or_closes_in_the_hour_that_is_skipped_takes_place_around_it() -> None:
    (after,) = on(SPRING_FORWARD, time(2, 30), time(5))
    (before,) = on(SPRING_FORWARD, time(1), time(2, 30))

    assert after.starts_at == before.ends_at == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert [slot.ends_at - slot.starts_at for slot in (after, before)] == [
        timedelta(hours=2),
        timedelta(hours=1),
    ]


def test_hours_past_midnight_end_the_next_day() -> None:
    (night,) = on(date(2026, 7, 14), time(20), time(2))

    assert night.starts_at == datetime(2026, 7, 14, 18, tzinfo=UTC)
    assert night.ends_at == datetime(2026, 7, 15, 0, tzinfo=UTC)


def test_hours_that_close_when_they_open_last_a_day() -> None:
    (whole_day,) = on(date(2026, 7, 14), time(0), time(0))

    assert whole_day.ends_at - whole_day.starts_at == timedelta(days=1)


def test_closed_days_go_before_days_with_other_hours() -> None:
    monday = date(2026, 7, 13)
    closed = Exceptional(monday, monday)
    other = Exceptional(monday, monday + timedelta(days=1), (Hours(EVERY_DAY, time(14), time(15)),))

    slots = list(
        expand([Hours(EVERY_DAY, time(9), time(10))], [closed, other], monday, monday + timedelta(days=2))
    )

    assert [slot.starts_at.astimezone(BRUSSELS).hour for slot in slots] == [14, 9]


def test_a_last_day_before_the_first_gives_nothing() -> None:
    hours = [Hours(EVERY_DAY, time(9), time(10))]

    assert list(expand(hours, [], date(2026, 7, 14), date(2026, 7, 13))) == []


@given(st.dates(date(2000, 1, 1), date(2150, 1, 1)), st.times(), st.times(), st.integers(0, 90))
def test_every_slot_opens_on_its_day_at_its_hour(first: date, opens: time, closes: time, days: int) -> None:
    last = first + timedelta(days=days)

    for slot in expand([Hours(frozenset({2}), opens, closes)], [], first, last):
        opening = slot.starts_at.astimezone(BRUSSELS)
        assert first <= opening.date() <= last
        assert opening.weekday() == 2
        assert slot.starts_at <= slot.ends_at
        assert opening.time() == opens or opening.hour == 3
