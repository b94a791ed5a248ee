from datetime import datetime

import pytest

from uit.core.clock import BRUSSELS
from uit.core.period import is_all_day, is_span, last_day


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


@pytest.mark.parametrize(
    ("starts", "ends", "all_day", "span", "last"),
    [
        ("2027-02-13T00:00", "2027-02-13T23:59:59", True, True, "2027-02-13"),
        ("2027-02-13T00:00", "2027-02-14T00:00", True, True, "2027-02-13"),
        ("2027-03-28T00:00", "2027-03-28T23:59", True, True, "2027-03-28"),
        ("2027-02-01T00:00", "2027-03-31T23:59:59", True, True, "2027-03-31"),
        ("2027-02-10T20:00", "2027-02-10T22:00", False, False, "2027-02-10"),
        ("2027-02-10T20:00", "2027-02-10T23:59", False, False, "2027-02-10"),
        ("2027-02-12T23:30", "2027-02-13T04:00", False, False, "2027-02-13"),
        ("2027-02-12T20:00", "2027-02-13T00:00", False, False, "2027-02-12"),
        ("2026-11-26T18:00", "2026-12-18T21:00", False, True, "2026-12-18"),
        ("2027-02-12T20:00", "2027-02-13T19:59", False, False, "2027-02-13"),
        ("2027-02-12T20:00", "2027-02-13T20:00", False, True, "2027-02-13"),
        ("2026-10-25T00:30", "2026-10-25T23:45", False, False, "2026-10-25"),
        ("2027-02-10T00:00", "2027-02-10T00:00", False, False, "2027-02-10"),
    ],
)
def test_a_period_is_of_whole_days_or_takes_a_day_or_more(
    starts: str, ends: str, *, all_day: bool, span: bool, last: str
) -> None:
    starts_at, ends_at = at(starts), at(ends)

    assert is_all_day(starts_at, ends_at) is all_day
    assert is_span(starts_at, ends_at) is span
    assert last_day(starts_at, ends_at).isoformat() == last
