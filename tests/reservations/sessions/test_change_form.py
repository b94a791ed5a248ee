"""What is typed where a date changes, and what stands there before somebody types."""

from datetime import UTC, datetime, time

import pytest

from reservations.sessions.change_form import first_form, read_hour

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("20:00", time(20)),
        ("18", time(18)),
        ("18u", time(18)),
        ("18 u", time(18)),
        ("18 uur", time(18)),
        ("18.30 u", time(18, 30)),
        ("9u15", time(9, 15)),
        (" 7:05 ", time(7, 5)),
        ("24:00", None),
        ("18:60", None),
        ("183", None),
        ("18.", None),
        ("uur", None),
        ("", None),
    ],
)
def test_an_hour_is_read_as_people_type_it_and_as_we_write_it(typed: str, hour: time | None) -> None:
    assert read_hour(typed) == hour


@pytest.mark.parametrize(("starts_on", "until"), [(30, "2026-03-09"), (6, "2026-03-05"), (2, "2026-03-03")])
def test_one_may_choose_for_a_week_but_not_longer_than_until_the_day_before(
    starts_on: int, until: str
) -> None:
    starts_at = datetime(2026, 3, starts_on, 19, 0, tzinfo=UTC)

    assert first_form(starts_at, starts_at, NOW).choice_day == until
