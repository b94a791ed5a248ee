"""How money, time and a pause are said: filters of the same name in pages, functions for mails and PDFs.

They are said in the language of now, which is Dutch; the words of a refusal also in another, which is named.
A no-break space holds an amount, a day number and an hour together, so that a line never ends on "€" or "15".
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


class Manner(Struct, frozen=True):
    """How a language writes: dates and hours as patterns of Babel, amounts and moments around their parts."""

    locale: str
    euro: str
    minus: str
    day: str
    full_day: str
    round_hour: str
    hour: str
    moment: str


MANNERS: Final = {
    DUTCH: Manner(
        locale="nl_BE",
        euro=f"€{NO_BREAK}{{}}",
        minus=f"{MINUS}{NO_BREAK}{{}}",
        day=f"EEE d{NO_BREAK}MMM",
        full_day=f"d{NO_BREAK}MMMM y",
        round_hour=f"H{NO_BREAK}'u'",
        hour=f"H.mm{NO_BREAK}'u'",
        moment="{}, {}",
    ),
    "fr": Manner(
        locale="fr_BE",
        euro=f"{{}}{NO_BREAK}€",
        minus=f"{MINUS}{{}}",
        day=f"EEEE d{NO_BREAK}MMMM",
        full_day=f"d{NO_BREAK}MMMM y",
        round_hour=f"H{NO_BREAK}'h'",
        hour=f"H{NO_BREAK}'h'{NO_BREAK}mm",
        moment="{} à {}",
    ),
    "en": Manner(
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


def manner_of(language: str | None) -> Manner:
    """The manner of a language, and of the one of now for None."""
    return MANNERS[language or LANGUAGE.get().code]


def euro(cents: int, language: str | None = None) -> str:
    """`300` becomes `€ 3,00`. A minus stands before all of it, as on a bill."""
    manner = manner_of(language)
    figures = format_decimal(Decimal(abs(cents)) / 100, format="#,##0.00", locale=manner.locale)
    amount = manner.euro.format(figures)
    return manner.minus.format(amount) if cents < 0 else amount


def day(when: date, language: str | None = None, today: date | None = None) -> str:
    """`za 4 mei`: the day in Brussels of an aware datetime, or a date as it stands.

    In another year than today's it is `zo 4 mei 2025`: without it, it would be taken for a day of this year.
    """
    manner, local = manner_of(language), _local_day(when)
    other_year = today is not None and local.year != today.year
    pattern = f"{manner.day}{NO_BREAK}y" if other_year else manner.day
    return format_date(local, pattern, locale=manner.locale)


def full_day(when: date, language: str | None = None) -> str:
    """`4 mei 2026`: for what lasts longer than a season, such as the validity of a label."""
    manner = manner_of(language)
    return format_date(_local_day(when), manner.full_day, locale=manner.locale)


def hour(at: datetime, language: str | None = None) -> str:
    """`15 u` on the hour, `15.30 u` otherwise."""
    local, manner = _local(at), manner_of(language)
    pattern = manner.hour if local.minute else manner.round_hour
    return format_time(local.time(), pattern, locale=manner.locale)


def moment(at: datetime, language: str | None = None, today: date | None = None) -> str:
    """`za 4 mei, 15 u`, with its year as a day has it."""
    return manner_of(language).moment.format(day(at, language, today), hour(at, language))


def pause(seconds: int, language: str | None = None) -> str:
    """`30 seconden`, and from more than a minute on whole minutes, such as `2 minuten`: never too short."""
    locale = manner_of(language).locale
    if seconds <= SECONDS_IN_MINUTE:
        return format_unit(seconds, "duration-second", locale=locale)
    return format_unit(-(-seconds // SECONDS_IN_MINUTE), "duration-minute", locale=locale)


def _local_day(when: date) -> date:
    return _local(when).date() if isinstance(when, datetime) else when


def _local(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a zone has no hour in Brussels")
    return at.astimezone(BRUSSELS)
