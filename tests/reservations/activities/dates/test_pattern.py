"""The moments that a pattern makes."""

from datetime import UTC, date, datetime, time

from reservations.activities.dates.pattern import Days, Opening, Weekly, one, weekly, within_hours

EVENING = (time(20), time(22))
MONDAY, FRIDAY = 0, 4


def days(first: str, last: str, *off: str, skip_holidays: bool = True) -> Days:
    return Days(
        date.fromisoformat(first),
        date.fromisoformat(last),
        skip_holidays,
        frozenset(map(date.fromisoformat, off)),
    )


def starts(planned: object) -> list[str]:
    return [f"{slot.starts_at:%d/%m %H:%M}" for slot in planned.slots]  # type: ignore[attr-defined]


def test_one_date_is_at_its_hours_in_flanders() -> None:
    [slot] = one(date(2026, 7, 1), EVENING).slots

    assert slot.starts_at == datetime(2026, 7, 1, 18, tzinfo=UTC)
    assert slot.ends_at == datetime(2026, 7, 1, 20, tzinfo=UTC)


def test_an_end_that_is_not_later_is_after_midnight() -> None:
    [slot] = one(date(2026, 7, 1), (time(22), time(1))).slots

    assert slot.ends_at == datetime(2026, 7, 1, 23, tzinfo=UTC)


def test_a_series_keeps_its_hour_when_the_clock_changes() -> None:
    planned = weekly(Weekly(days("2026-03-20", "2026-04-03"), frozenset({FRIDAY}), EVENING))

    assert starts(planned) == ["20/03 19:00", "27/03 19:00", "03/04 18:00"]


def test_a_series_leaves_out_holidays_and_what_was_named_and_says_which() -> None:
    series = Weekly(days("2026-04-20", "2026-05-08", "2026-04-27"), frozenset({MONDAY, FRIDAY}), EVENING)

    planned = weekly(series)

    assert starts(planned) == ["20/04 18:00", "24/04 18:00", "04/05 18:00", "08/05 18:00"]
    assert planned.left_out == (date(2026, 4, 27), date(2026, 5, 1))


def test_a_holiday_may_be_a_day_like_another() -> None:
    series = Weekly(days("2026-05-01", "2026-05-01", skip_holidays=False), frozenset({FRIDAY}), EVENING)

    assert starts(weekly(series)) == ["01/05 18:00"]


def test_every_other_week_counts_from_the_week_of_the_first_day() -> None:
    series = Weekly(days("2026-06-03", "2026-06-30"), frozenset({MONDAY, FRIDAY}), EVENING, every=2)

    assert starts(weekly(series)) == ["05/06 18:00", "15/06 18:00", "19/06 18:00", "29/06 18:00"]


def test_slots_fill_the_hours_of_each_day_and_none_sticks_out() -> None:
    hours = {MONDAY: (time(9), time(10, 30)), FRIDAY: (time(14), time(15))}

    planned = within_hours(Opening(days("2026-06-01", "2026-06-07"), hours, 40))

    assert starts(planned) == ["01/06 07:00", "01/06 07:40", "05/06 12:00"]


def test_an_hour_that_is_skipped_in_spring_makes_no_date() -> None:
    assert one(date(2026, 3, 29), (time(2, 30), time(5))).slots == ()
