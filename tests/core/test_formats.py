from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uit.core.clock import BRUSSELS
from uit.core.formats import (
    LANGUAGE_FORMATS,
    began,
    day,
    day_of_month,
    deadline,
    duration,
    euro,
    full_day,
    hour,
    hours,
    how_long,
    moment,
    month,
    period,
    start,
)


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


TODAY = date(2027, 1, 4)


def here(at: str, fold: int = 0) -> datetime:
    """An hour in Brussels, as the database would give it."""
    return datetime.fromisoformat(at).replace(tzinfo=BRUSSELS, fold=fold).astimezone(UTC)


EVENING = ("2027-02-10T20:00", "2027-02-10T22:00")
NIGHT = ("2027-02-12T23:30", "2027-02-13T04:00")
WHOLE_DAY = ("2027-02-13T00:00", "2027-02-13T23:59:59")
WEEKEND = ("2027-02-13T00:00", "2027-02-14T23:59:59")
WHOLE_DAYS = ("2027-02-01T00:00", "2027-03-31T23:59:59")
FAIR = ("2027-11-26T18:00", "2027-12-18T21:00")
FAIR_WITHOUT_HOUR = ("2027-11-26T18:00", "2027-12-18T23:59")
A_YEAR = ("2027-01-04T00:00", "2028-01-04T23:59:59")
NO_END = ("2027-02-10T20:00", "2027-02-10T23:59:59")
TO_MIDNIGHT = ("2027-02-10T20:00", "2027-02-11T00:00")


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (EVENING, "wo 10 feb, 20 u tot 22 u"),
        (NIGHT, "vr 12 feb, 23.30 u tot 4 u"),
        (WHOLE_DAY, "za 13 feb"),
        (("2027-02-13T00:00", "2027-02-14T00:00"), "za 13 feb"),
        (WEEKEND, "za 13 feb tot en met zo 14 feb"),
        (WHOLE_DAYS, "1 feb tot en met 31 mrt"),
        (FAIR, "vr 26 nov, 18 u tot za 18 dec, 21 u"),
        (FAIR_WITHOUT_HOUR, "vr 26 nov, 18 u tot en met za 18 dec"),
        (("2027-02-10T20:00", "2027-02-13T00:00"), "wo 10 feb, 20 u tot en met vr 12 feb"),
        (("2027-02-10T20:00", "2027-02-11T20:00"), "wo 10 feb, 20 u tot do 11 feb, 20 u"),
        (A_YEAR, "doorlopend"),
        (NO_END, "wo 10 feb, 20 u"),
        (TO_MIDNIGHT, "wo 10 feb, 20 u tot middernacht"),
        (("2026-12-31T22:00", "2027-01-01T03:00"), "do 31 dec 2026, 22 u tot 3 u"),
        (("2026-12-26T00:00", "2027-01-03T23:59:59"), "26 dec 2026 tot en met 3 jan"),
    ],
)
def test_a_period_says_its_days_and_its_hours_where_it_has_them(times: tuple[str, str], said: str) -> None:
    assert plain(period(here(times[0]), here(times[1]), today=TODAY)) == said


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (EVENING, ["mercredi 10 février de 20 h à 22 h", "Wednesday 10 February, 20:00 to 22:00"]),
        (WHOLE_DAYS, ["du 1 février au 31 mars", "1 February up to and including 31 March"]),
        (
            FAIR,
            [
                "du vendredi 26 novembre à 18 h au samedi 18 décembre à 21 h",
                "Friday 26 November at 18:00 to Saturday 18 December at 21:00",
            ],
        ),
        (A_YEAR, ["toute l\N{RIGHT SINGLE QUOTATION MARK}année", "all year round"]),
    ],
)
def test_french_and_english_say_periods_their_own_way(times: tuple[str, str], said: list[str]) -> None:
    assert [plain(period(here(times[0]), here(times[1]), each, TODAY)) for each in ("fr", "en")] == said


@pytest.mark.parametrize("language", LANGUAGE_FORMATS)
@pytest.mark.parametrize("times", [WHOLE_DAY, WEEKEND, WHOLE_DAYS, A_YEAR])
def test_whole_days_have_no_hours_in_any_language(times: tuple[str, str], language: str) -> None:
    first, last = here(times[0]), here(times[1])

    said = [say(first, last, language, TODAY) for say in (period, start, hours, how_long)]
    said.append(began(first, language, TODAY))

    assert not [each for each in said if "\N{NO-BREAK SPACE}u" in each or "\N{NO-BREAK SPACE}h" in each]
    assert not [each for each in said if ":" in each]


@pytest.mark.parametrize(
    ("times", "begins", "on_its_day", "length"),
    [
        (EVENING, "wo 10 feb, 20 u", "20 u tot 22 u", "2 u"),
        (NIGHT, "vr 12 feb, 23.30 u", "23.30 u tot 4 u", "4 u 30"),
        (("2027-02-10T15:00", "2027-02-10T16:05"), "wo 10 feb, 15 u", "15 u tot 16.05 u", "1 u 05"),
        (("2027-02-10T15:00", "2027-02-10T15:45"), "wo 10 feb, 15 u", "15 u tot 15.45 u", "45 min"),
        (NO_END, "wo 10 feb, 20 u", "20 u", ""),
        (WHOLE_DAY, "za 13 feb", "de hele dag", ""),
        (WHOLE_DAYS, "ma 1 feb", "tot en met wo 31 mrt", ""),
        (FAIR, "vr 26 nov, 18 u", "tot za 18 dec, 21 u", ""),
        (FAIR_WITHOUT_HOUR, "vr 26 nov, 18 u", "tot en met za 18 dec", ""),
        (A_YEAR, "ma 4 jan", "doorlopend", ""),
    ],
)
def test_a_title_says_its_start_a_day_says_its_hours_and_only_hours_have_a_length(
    times: tuple[str, str], begins: str, on_its_day: str, length: str
) -> None:
    first, last = here(times[0]), here(times[1])

    assert [plain(say(first, last, today=TODAY)) for say in (start, hours, how_long)] == [
        begins,
        on_its_day,
        length,
    ]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", ["februari", "februari 2028", "za 13"]),
        ("fr", ["février", "février 2028", "sam. 13"]),
        ("en", ["February", "February 2028", "Sat 13"]),
    ],
)
def test_a_month_stands_above_the_days_that_are_said_without_it(language: str, said: list[str]) -> None:
    here_is, next_year = date(2027, 2, 13), date(2028, 2, 13)

    words = [
        month(here_is, language, TODAY),
        month(next_year, language, TODAY),
        day_of_month(here_is, language),
    ]

    assert [plain(each) for each in words] == said


@pytest.mark.parametrize(
    ("at", "said"),
    [("2027-02-13T00:00", "vr 12 feb, 23.59 u"), ("2027-02-13T12:00", "za 13 feb, 12 u")],
)
def test_a_deadline_at_midnight_is_in_the_day_that_ends(at: str, said: str) -> None:
    assert plain(deadline(here(at), today=TODAY)) == said


@pytest.mark.parametrize(
    ("language", "summer", "winter"),
    [
        ("nl", "2.30 u, zomertijd", "2.30 u, wintertijd"),
        (
            "fr",
            "2 h 30, heure d\N{RIGHT SINGLE QUOTATION MARK}été",
            "2 h 30, heure d\N{RIGHT SINGLE QUOTATION MARK}hiver",
        ),
        ("en", "02:30, summer time", "02:30, winter time"),
    ],
)
def test_an_hour_that_comes_twice_says_which(language: str, summer: str, winter: str) -> None:
    first, again = here("2027-10-31T02:30"), here("2027-10-31T02:30", fold=1)

    assert [plain(hour(at, language)) for at in (first, again)] == [summer, winter]
    assert how_long(first, again) == "1\N{NO-BREAK SPACE}u"


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2029, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  the zone is given beside them
def test_two_hours_of_one_day_are_never_said_alike(at: datetime) -> None:
    later = at + timedelta(hours=1)

    assert moment(at, today=TODAY) != moment(later, today=TODAY)
