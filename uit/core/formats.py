"""Formats of money, dates, hours and durations. Templates use these functions as filters of the same name.

The default language is that of the page, which is Dutch; refusals are also written in French and English.
No-break spaces keep an amount, a day number and an hour on one line: it never ends on "€" or "15".
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from babel.units import format_unit
from msgspec import Struct

from uit.core.clock import BRUSSELS
from uit.core.translation import DUTCH, LANGUAGE

NO_BREAK: Final = "\N{NO-BREAK SPACE}"
MINUS: Final = "\N{MINUS SIGN}"
SECONDS_IN_MINUTE: Final = 60


class LanguageFormat(Struct, frozen=True):
    """The formats of one language: Babel patterns for dates and hours, `str.format` texts for the rest."""

    locale: str
    euro: str
    minus: str
    day: str
    full_day: str
    round_hour: str
    hour: str
    moment: str


LANGUAGE_FORMATS: Final = {
    DUTCH: LanguageFormat(
        locale="nl_BE",
        euro=f"€{NO_BREAK}{{}}",
        minus=f"{MINUS}{NO_BREAK}{{}}",
        day=f"EEE d{NO_BREAK}MMM",
        full_day=f"d{NO_BREAK}MMMM y",
        round_hour=f"H{NO_BREAK}'u'",
        hour=f"H.mm{NO_BREAK}'u'",
        moment="{}, {}",
    ),
    "fr": LanguageFormat(
        locale="fr_BE",
        euro=f"{{}}{NO_BREAK}€",
        minus=f"{MINUS}{{}}",
        day=f"EEEE d{NO_BREAK}MMMM",
        full_day=f"d{NO_BREAK}MMMM y",
        round_hour=f"H{NO_BREAK}'h'",
        hour=f"H{NO_BREAK}'h'{NO_BREAK}mm",
        moment="{} à {}",
    ),
    "en": LanguageFormat(
        locale="en_GB",
        euro="€{}",
        minus=f"{MINUS}{{}}",
        day=f"EEEE d{NO_BREAK}MMMM",
        full_day=f"d{NO_BREAK}MMMM y",
        round_hour="HH:mm",
        hour="HH:mm",
        moment="{} at {}",
    ),
}


def format_of(language: str | None) -> LanguageFormat:
    """The format of a language; of the present one for None."""
    return LANGUAGE_FORMATS[language or LANGUAGE.get().code]


def euro(cents: int, language: str | None = None) -> str:
    """`300` becomes `€ 3,00`. The minus sign of a negative amount comes first."""
    language_format = format_of(language)
    figures = format_decimal(Decimal(abs(cents)) / 100, format="#,##0.00", locale=language_format.locale)
    amount = language_format.euro.format(figures)
    return language_format.minus.format(amount) if cents < 0 else amount


def typed_euro(cents: int) -> str:
    """An amount as one types it in a field: `1,50`."""
    return f"{cents // 100},{cents % 100:02}"


def day(when: date, language: str | None = None, today: date | None = None) -> str:
    """`za 4 mei`: the day in Brussels of an aware datetime, or a date.

    When `today` is given and is in another year, the year is added: `zo 4 mei 2025`.
    """
    language_format, local = format_of(language), _local_day(when)
    other_year = today is not None and local.year != today.year
    pattern = f"{language_format.day}{NO_BREAK}y" if other_year else language_format.day
    return format_date(local, pattern, locale=language_format.locale)


def full_day(when: date, language: str | None = None) -> str:
    """`4 mei 2026`: always with the year, for long periods such as the validity of a label."""
    language_format = format_of(language)
    return format_date(_local_day(when), language_format.full_day, locale=language_format.locale)


def hour(at: datetime, language: str | None = None) -> str:
    """`15 u` on the hour, `15.30 u` otherwise."""
    local, language_format = _local(at), format_of(language)
    pattern = language_format.hour if local.minute else language_format.round_hour
    return format_time(local.time(), pattern, locale=language_format.locale)


def moment(at: datetime, language: str | None = None, today: date | None = None) -> str:
    """`za 4 mei, 15 u`; with the year in the cases where `day` adds it."""
    return format_of(language).moment.format(day(at, language, today), hour(at, language))


def enterprise(number: str) -> str:
    """`0207437468` becomes `0207.437.468`, as enterprise numbers are written."""
    return f"{number[:4]}.{number[4:7]}.{number[7:]}"


def duration(seconds: int, language: str | None = None) -> str:
    """`30 seconden`; above a minute in whole minutes, rounded up: `2 minuten`."""
    locale = format_of(language).locale
    if seconds <= SECONDS_IN_MINUTE:
        return format_unit(seconds, "duration-second", locale=locale)
    return format_unit(-(-seconds // SECONDS_IN_MINUTE), "duration-minute", locale=locale)


def _local_day(when: date) -> date:
    return _local(when).date() if isinstance(when, datetime) else when


def _local(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a zone has no hour in Brussels")
    return at.astimezone(BRUSSELS)
