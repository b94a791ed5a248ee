from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uit.core.formats import LANGUAGE_FORMATS, day, duration, euro, full_day, hour, moment


def plain(text: str) -> str:
    """What a reader sees: a no-break space looks like any other."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("cents", "said"),
    [
        (0, "€ 0,00"),
        (5, "€ 0,05"),
        (300, "€ 3,00"),
        (2450, "€ 24,50"),
        (-300, "\N{MINUS SIGN} € 3,00"),
        (123_456_789, "€ 1.234.567,89"),
    ],
)
def test_an_amount_is_said_the_belgian_way(cents: int, said: str) -> None:
    assert plain(euro(cents)) == said


@given(st.integers(min_value=-(10**18), max_value=10**18))
def test_no_cent_is_lost_in_an_amount_of_any_size(cents: int) -> None:
    digits = "".join(sign for sign in euro(cents) if sign.isdigit())

    assert int(digits) == abs(cents)
    assert euro(cents).startswith("\N{MINUS SIGN}") is (cents < 0)


def test_an_amount_never_breaks_over_two_lines() -> None:
    assert " " not in euro(-123_456)


def test_a_day_is_short_and_has_no_dots() -> None:
    assert plain(day(date(2024, 5, 4))) == "za 4 mei"
    assert plain(day(date(2026, 3, 1))) == "zo 1 mrt"


@pytest.mark.parametrize(
    ("language", "said"),
    [("nl", "zo 17 okt 2027"), ("fr", "dimanche 17 octobre 2027"), ("en", "Sunday 17 October 2027")],
)
def test_a_day_of_another_year_than_today_carries_its_year(language: str, said: str) -> None:
    assert plain(day(date(2027, 10, 17), language, date(2026, 11, 28))) == said
    assert "2027" not in day(date(2027, 10, 17), language, date(2027, 1, 1))


def test_a_moment_in_another_year_carries_it_before_the_hour() -> None:
    after_midnight_here = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)

    assert plain(moment(after_midnight_here, today=date(2026, 12, 31))) == "vr 1 jan 2027, 0.30 u"


def test_a_day_is_the_day_in_brussels() -> None:
    late_in_london = datetime(2026, 8, 31, 22, 30, tzinfo=UTC)

    assert plain(day(late_in_london)) == "di 1 sep"


def test_a_full_day_carries_its_year() -> None:
    assert plain(full_day(date(2029, 12, 31))) == "31 december 2029"
    assert plain(full_day(datetime(2029, 12, 31, 23, 0, tzinfo=UTC))) == "1 januari 2030"


def test_a_round_hour_has_no_minutes() -> None:
    assert plain(hour(datetime(2024, 5, 4, 13, 0, tzinfo=UTC))) == "15 u"


@pytest.mark.parametrize(("minute", "said"), [(5, "15.05 u"), (30, "15.30 u")])
def test_minutes_are_two_figures_after_a_dot(minute: int, said: str) -> None:
    assert plain(hour(datetime(2024, 5, 4, 13, minute, tzinfo=UTC))) == said


def test_midnight_is_zero_hours() -> None:
    assert plain(hour(datetime(2024, 1, 4, 23, 0, tzinfo=UTC))) == "0 u"


def test_winter_and_summer_each_have_their_own_hour() -> None:
    assert plain(hour(datetime(2026, 3, 29, 0, 59, tzinfo=UTC))) == "1.59 u"
    assert plain(hour(datetime(2026, 3, 29, 1, 0, tzinfo=UTC))) == "3 u"


def test_a_moment_is_a_day_and_an_hour_wherever_the_time_comes_from() -> None:
    from_new_york = datetime(2024, 5, 4, 9, 0, tzinfo=timezone(timedelta(hours=-4)))

    assert plain(moment(from_new_york)) == "za 4 mei, 15 u"


@pytest.mark.parametrize("say", [day, full_day, hour, moment])
def test_a_time_without_a_zone_is_a_bug(say: Callable[[datetime], str]) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        say(datetime.fromisoformat("2024-05-04T15:00"))


@pytest.mark.parametrize(
    ("language", "owed", "many"),
    [
        ("fr", "\N{MINUS SIGN}3,00 €", "1\N{NARROW NO-BREAK SPACE}234,50 €"),
        ("en", "\N{MINUS SIGN}€3.00", "€1,234.50"),
    ],
)
def test_french_and_english_write_amounts_their_own_way(language: str, owed: str, many: str) -> None:
    assert plain(euro(-300, language)) == owed
    assert plain(euro(123_450, language)) == many


@pytest.mark.parametrize(
    ("language", "round_one", "half_past"),
    [
        ("fr", "samedi 4 mai à 15 h", "samedi 4 mai à 15 h 30"),
        ("en", "Saturday 4 May at 15:00", "Saturday 4 May at 15:30"),
    ],
)
def test_french_and_english_say_moments_their_own_way(language: str, round_one: str, half_past: str) -> None:
    at = datetime(2024, 5, 4, 13, 0, tzinfo=UTC)

    assert plain(moment(at, language)) == round_one
    assert plain(moment(at.replace(minute=30), language)) == half_past


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, ["1 seconde", "1 seconde", "1 second"]),
        (60, ["60 seconden", "60 secondes", "60 seconds"]),
        (61, ["2 minuten", "2 minutes", "2 minutes"]),
        (900, ["15 minuten", "15 minutes", "15 minutes"]),
    ],
)
def test_a_pause_is_said_in_seconds_and_then_in_minutes_that_are_long_enough(
    seconds: int, said: list[str]
) -> None:
    assert [plain(duration(seconds, language)) for language in LANGUAGE_FORMATS] == said
