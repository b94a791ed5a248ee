"""Until when one may answer an offer: shorter as the date comes nearer, and not at night."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservations.waiting_line.deadline import DAY, HOUR, SLEEPS, STEPS, WAKES, Reached, answer_by, by_day
from uit.core.clock import BRUSSELS
from uit.web.view import TEMPLATES

NOON = datetime(2026, 3, 2, 12, tzinfo=BRUSSELS)


@pytest.mark.parametrize(
    ("closes_in", "expected"),
    [
        (timedelta(days=20), datetime(2026, 3, 5, 18, tzinfo=BRUSSELS)),
        (timedelta(days=10), datetime(2026, 3, 3, 22, tzinfo=BRUSSELS)),
        (timedelta(days=2), datetime(2026, 3, 2, 18, tzinfo=BRUSSELS)),
        (timedelta(hours=20), datetime(2026, 3, 2, 14, tzinfo=BRUSSELS)),
        (timedelta(hours=3), datetime(2026, 3, 2, 12, 30, tzinfo=BRUSSELS)),
        (timedelta(minutes=30), None),
        (timedelta(0), None),
    ],
)
def test_the_nearer_the_date_the_sooner_one_answers(closes_in: timedelta, expected: datetime | None) -> None:
    assert answer_by(Reached.AT_ONCE, NOON + closes_in, NOON) == expected


@pytest.mark.parametrize(
    ("closes_in", "expected"),
    [
        (timedelta(days=30), NOON + timedelta(days=8)),
        (timedelta(days=15), NOON + timedelta(days=6)),
        (timedelta(days=14), None),
    ],
)
def test_a_letter_takes_days_and_near_the_date_none_is_sent(
    closes_in: timedelta, expected: datetime | None
) -> None:
    assert answer_by(Reached.BY_LETTER, NOON + closes_in, NOON) == expected


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        (21, datetime(2026, 3, 3, 9, tzinfo=BRUSSELS)),
        (23, datetime(2026, 3, 3, 10, tzinfo=BRUSSELS)),
        (3, datetime(2026, 3, 2, 10, tzinfo=BRUSSELS)),
    ],
)
def test_at_night_the_time_to_answer_stands_still(hour: int, expected: datetime) -> None:
    assert by_day(NOON.replace(hour=hour), timedelta(hours=2)) == expected


def test_when_the_clock_goes_forward_the_morning_is_still_at_eight() -> None:
    before = datetime(2026, 3, 28, 21, tzinfo=BRUSSELS)

    assert by_day(before, timedelta(hours=2)) == datetime(2026, 3, 29, 9, tzinfo=BRUSSELS)


@given(
    st.sampled_from(Reached), st.timedeltas(timedelta(0), timedelta(days=60)), st.integers(0, 60 * 24 * 400)
)
def test_no_offer_outlives_the_sale_and_each_leaves_time_to_answer(
    reached: Reached, closes_in: timedelta, minutes: int
) -> None:
    now = NOON + timedelta(minutes=minutes)
    until = answer_by(reached, now + closes_in, now)

    assert until is None or now + timedelta(minutes=30) <= until <= now + closes_in


@given(st.integers(0, 60 * 24 * 400), st.timedeltas(timedelta(minutes=1), timedelta(days=3)))
def test_it_ends_by_day(minutes: int, lasting: timedelta) -> None:
    until = by_day(NOON + timedelta(minutes=minutes), lasting).astimezone(BRUSSELS)

    assert WAKES <= until.time() <= SLEEPS


def test_who_waits_reads_the_times_that_they_get() -> None:
    said = (TEMPLATES / "reservations/waiting/rule.html").read_text(encoding="utf-8")

    for nearest, hours in [(each // DAY, time // HOUR) for each, time in STEPS[Reached.AT_ONCE][:3]]:
        days = f"{nearest} dag" if nearest == 1 else f"{nearest} dagen"
        assert f"eer dan {days} ver, dan heb je {hours} uur" in said or f"eer dan {days}: {hours} uur" in said
    letters = sorted(time // DAY for _, time in STEPS[Reached.BY_LETTER])
    assert f"heb je {letters[0]} tot {letters[-1]} dagen" in said
    latest = min(nearest // DAY for nearest, _ in STEPS[Reached.BY_LETTER])
    at_counter = (TEMPLATES / "reservations/waiting/counter/join.html").read_text(encoding="utf-8")
    assert f"Is de datum geen {latest} dagen ver meer, dan komt een brief te laat" in said
    assert f"zolang de datum meer dan {latest} dagen ver is" in at_counter
    assert f"Van {SLEEPS.hour} tot {WAKES.hour} uur loopt die tijd niet." in said
