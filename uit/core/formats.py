"""Formats of money, dates, hours and durations. Templates use these functions as filters of the same name.

The default language is that of the page, which is Dutch; refusals are also written in French and English.
No-break spaces keep an amount, a day number and an hour on one line: it never ends on "€" or "15".
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from babel.units import format_unit
from msgspec import Struct

from uit.core.clock import BRUSSELS
from uit.core.period import ends_with_its_day, is_all_day, is_midnight, is_span, last_day
from uit.core.period_format import PERIOD_FORMATS, PeriodFormat
from uit.core.translation import DUTCH, LANGUAGE
from uit.core.translation import gettext as _

NO_BREAK: Final = "\N{NO-BREAK SPACE}"
MINUS: Final = "\N{MINUS SIGN}"
SECONDS_IN_MINUTE: Final = 60
MINUTES_IN_HOUR: Final = 60
DAYS_IN_WEEK: Final = 7
A_YEAR: Final = range(364, 367)
"""How many days lie between the first and the last day of whole days that are a year."""


MONTH: Final = "LLLL"
DAY_OF_MONTH: Final = f"EEE{NO_BREAK}d"


class LanguageFormat(Struct, frozen=True):
    """The formats of one language: Babel patterns for dates and hours, `str.format` texts for the rest."""

    locale: str
    euro: str
    minus: str
    day: str
    bare_day: str
    full_day: str
    round_hour: str
    hour: str
    moment: str
    period: PeriodFormat


LANGUAGE_FORMATS: Final = {
    DUTCH: LanguageFormat(
        locale="nl_BE",
        euro=f"€{NO_BREAK}{{}}",
        minus=f"{MINUS}{NO_BREAK}{{}}",
        day=f"EEE d{NO_BREAK}MMM",
        bare_day=f"d{NO_BREAK}MMM",
        full_day=f"d{NO_BREAK}MMMM y",
        round_hour=f"H{NO_BREAK}'u'",
        hour=f"H.mm{NO_BREAK}'u'",
        moment="{}, {}",
        period=PERIOD_FORMATS[DUTCH],
    ),
    "fr": LanguageFormat(
        locale="fr_BE",
        euro=f"{{}}{NO_BREAK}€",
        minus=f"{MINUS}{{}}",
        day=f"EEEE d{NO_BREAK}MMMM",
        bare_day=f"d{NO_BREAK}MMMM",
        full_day=f"d{NO_BREAK}MMMM y",
        round_hour=f"H{NO_BREAK}'h'",
        hour=f"H{NO_BREAK}'h'{NO_BREAK}mm",
        moment="{} à {}",
        period=PERIOD_FORMATS["fr"],
    ),
    "en": LanguageFormat(
        locale="en_GB",
        euro="€{}",
        minus=f"{MINUS}{{}}",
        day=f"EEEE d{NO_BREAK}MMMM",
        bare_day=f"d{NO_BREAK}MMMM",
        full_day=f"d{NO_BREAK}MMMM y",
        round_hour="HH:mm",
        hour="HH:mm",
        moment="{} at {}",
        period=PERIOD_FORMATS["en"],
    ),
}


def format_of(language: str | None) -> LanguageFormat:
    """The format of a language; of the present one for None."""
    return LANGUAGE_FORMATS[language or LANGUAGE.get().code]


def euro(cents: int, language: str | None = None) -> str:
    """`300` becomes `€ 3,00`. The minus sign of a negative amount comes first."""
    language_format = format_of(language)
    figures = _figures(abs(cents), language_format.locale)
    amount = language_format.euro.format(figures)
    return language_format.minus.format(amount) if cents < 0 else amount


def typed_euro(cents: int) -> str:
    """An amount as one types it in a field: `1,50`."""
    return f"{cents // 100},{cents % 100:02}"


def day(when: date, language: str | None = None, today: date | None = None) -> str:
    """`za 4 mei`: the day in Brussels of an aware datetime, or a date.

    When `today` is given and is in another year, the year is added: `zo 4 mei 2025`.
    """
    return _day_as(format_of(language).day, when, language, today)


def bare_day(when: date, language: str | None = None, today: date | None = None) -> str:
    """`4 mei`: as `day`, without the day of the week, for the ends of what takes weeks."""
    return _day_as(format_of(language).bare_day, when, language, today)


def month(when: date, language: str | None = None, today: date | None = None) -> str:
    """`mei`: the month, above the days that `day_of_month` says; with the year where `day` adds it."""
    return _day_as(MONTH, when, language, today)


def day_of_month(when: date, language: str | None = None) -> str:
    """`za 4`: a day where its month is said."""
    return _day_as(DAY_OF_MONTH, when, language, None)


def full_day(when: date, language: str | None = None) -> str:
    """`4 mei 2026`: always with the year, for long periods such as the validity of a label."""
    language_format = format_of(language)
    return _written_day(_local_day(when), language_format.full_day, language_format.locale)


def hour(at: datetime, language: str | None = None) -> str:
    """`15 u` on the hour, `15.30 u` otherwise. An hour that comes twice says which: `2.30 u, wintertijd`."""
    local, language_format = _local(at), format_of(language)
    pattern = language_format.hour if local.minute else language_format.round_hour
    said = _written_time(local.time(), pattern, language_format.locale)
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return said
    words = language_format.period
    return f"{said}, {words.winter_time if local.fold else words.summer_time}"


def moment(at: datetime, language: str | None = None, today: date | None = None) -> str:
    """`za 4 mei, 15 u`; with the year in the cases where `day` adds it."""
    return format_of(language).moment.format(day(at, language, today), hour(at, language))


def period(
    starts_at: datetime, ends_at: datetime, language: str | None = None, today: date | None = None
) -> str:
    """When something is: `za 4 mei, 15 u tot 17 u`, or `za 4 mei` for a whole day.

    What goes on past midnight has one day, its first, and its end is an hour; what takes more than a day
    says its last day. A year of whole days has no ends: `doorlopend`. Years stand where `day` adds them.
    """
    words = format_of(language).period
    if _is_a_year(starts_at, ends_at):
        return words.all_year
    if is_all_day(starts_at, ends_at):
        return _whole_days(_local_day(starts_at), last_day(starts_at, ends_at), language, today)
    if not is_span(starts_at, ends_at):
        if ends_with_its_day(ends_at):
            return moment(starts_at, language, today)
        return words.on_day.format(day(starts_at, language, today), hours(starts_at, ends_at, language))
    first, last = moment(starts_at, language, today), last_day(starts_at, ends_at)
    if ends_with_its_day(ends_at) or is_midnight(ends_at):
        return words.to_day.format(first, day(last, language, today))
    return words.to_moment.format(first, moment(ends_at, language, today))


def start(
    starts_at: datetime, ends_at: datetime, language: str | None = None, today: date | None = None
) -> str:
    """When something begins, in a title or a sentence: `za 4 mei, 15 u`, or for whole days `za 4 mei`."""
    say = day if is_all_day(starts_at, ends_at) else moment
    return say(starts_at, language, today)


def good_until(when: date, language: str | None = None) -> str:
    """In the stead of a moment, of what has none but a last day: `geldig tot en met 4 mei 2026`."""
    return format_of(language).period.good_until.format(full_day(when, language))


def began(starts_at: datetime, language: str | None = None, today: date | None = None) -> str:
    """As `start`, of what only its start is known: midnight is that of a whole day."""
    say = day if is_midnight(starts_at) else moment
    return say(starts_at, language, today)


def hours(
    starts_at: datetime, ends_at: datetime, language: str | None = None, today: date | None = None
) -> str:
    """What is said of a period where its first day is known: `15 u tot 17 u`, or `de hele dag`."""
    words, last = format_of(language).period, last_day(starts_at, ends_at)
    if is_all_day(starts_at, ends_at) and last == _local_day(starts_at):
        return words.all_day
    if _is_a_year(starts_at, ends_at):
        return words.all_year
    if not is_span(starts_at, ends_at):
        first = hour(starts_at, language)
        end = words.midnight if is_midnight(ends_at) else hour(ends_at, language)
        return first if ends_with_its_day(ends_at) else words.hours.format(first, end)
    if ends_with_its_day(ends_at) or is_midnight(ends_at):
        return words.until_day.format(day(last, language, today))
    return words.until_moment.format(moment(ends_at, language, today))


def how_long(
    starts_at: datetime,
    ends_at: datetime,
    language: str | None = None,
    today: date | None = None,  # noqa: ARG001  as its neighbours, which the filters call alike
) -> str:
    """`1 u 10`, `2 u` or `45 min`; nothing where the end is no hour or more than a day away."""
    if ends_with_its_day(ends_at) or is_span(starts_at, ends_at):
        return ""
    minutes = (ends_at.astimezone(UTC) - starts_at.astimezone(UTC)).seconds // SECONDS_IN_MINUTE
    whole, rest = divmod(minutes, MINUTES_IN_HOUR)
    if not whole:
        return f"{rest}{NO_BREAK}min"
    said = format_of(language).period.length.format(whole)
    return f"{said}{NO_BREAK}{rest:02}" if rest else said


def deadline(at: datetime, language: str | None = None, today: date | None = None) -> str:
    """As `moment`, for what can be done until then: midnight is the last minute of the day that ends."""
    return moment(at - timedelta(minutes=1) if is_midnight(at) else at, language, today)


def file_size(size: int) -> str:
    """A number of bytes as a bound, rounded down: `3 MB`, or `65 kB` below a million."""
    megabytes = size // 1_000_000
    return f"{megabytes} MB" if megabytes else f"{size // 1_000} kB"


def enterprise(number: str) -> str:
    """`0207437468` becomes `0207.437.468`, as enterprise numbers are written."""
    return f"{number[:4]}.{number[4:7]}.{number[7:]}"


def duration(seconds: int, language: str | None = None) -> str:
    """`30 seconden`; above a minute in whole minutes, rounded up: `2 minuten`."""
    locale = format_of(language).locale
    if seconds <= SECONDS_IN_MINUTE:
        return format_unit(seconds, "duration-second", locale=locale)
    return format_unit(-(-seconds // SECONDS_IN_MINUTE), "duration-minute", locale=locale)


def _day_as(pattern: str, when: date, language: str | None, today: date | None) -> str:
    local = _local_day(when)
    other_year = today is not None and local.year != today.year
    return _written_day(local, f"{pattern}{NO_BREAK}y" if other_year else pattern, format_of(language).locale)


# A page says the same few days, hours and amounts many times, and Babel reads its patterns anew each time.
@lru_cache(maxsize=4096)
def _written_day(when: date, pattern: str, locale: str) -> str:
    return format_date(when, pattern, locale=locale)


@lru_cache(maxsize=4096)
def _written_time(when: time, pattern: str, locale: str) -> str:
    return format_time(when, pattern, locale=locale)


@lru_cache(maxsize=4096)
def _figures(cents: int, locale: str) -> str:
    return format_decimal(Decimal(cents) / 100, format="#,##0.00", locale=locale)


def _whole_days(first: date, last: date, language: str | None, today: date | None) -> str:
    if first == last:
        return day(first, language, today)
    say = day if (last - first).days < DAYS_IN_WEEK else bare_day
    ends = say(first, language, today), say(last, language, today)
    return format_of(language).period.to_day.format(*ends)


def _is_a_year(starts_at: datetime, ends_at: datetime) -> bool:
    days = (last_day(starts_at, ends_at) - _local_day(starts_at)).days
    return is_all_day(starts_at, ends_at) and days in A_YEAR


def _local_day(when: date) -> date:
    return _local(when).date() if isinstance(when, datetime) else when


def _local(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a zone has no hour in Brussels")
    return at.astimezone(BRUSSELS)


def joined(names: Sequence[str]) -> str:
    """Names in a sentence: *Lotte, Bram en Noor*."""
    *others, last = names or [""]
    return _("%(others)s en %(last)s", others=", ".join(others), last=last) if others else last
