"""What is typed where a date changes, and what stands there before somebody types."""

from datetime import UTC, datetime

import pytest

from reservations.sessions.change_form import first_form

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(("starts_on", "until"), [(30, "2026-03-09"), (6, "2026-03-05"), (2, "2026-03-03")])
def test_one_may_choose_for_a_week_but_not_longer_than_until_the_day_before(
    starts_on: int, until: str
) -> None:
    starts_at = datetime(2026, 3, starts_on, 19, 0, tzinfo=UTC)

    assert first_form(starts_at, starts_at, NOW, has_moment=True).choice_day == until
