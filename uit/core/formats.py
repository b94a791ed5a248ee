"""How money, time and a pause are said: filters of the same name in pages, functions for mails and PDFs.

Dutch is what everything speaks by itself; the words of a refusal are said in French and English too.
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

DUTCH: Final = "nl"
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


def euro(cents: int, language: str = DUTCH) -> str:
    """`300` becomes `€ 3,00`. A minus stands before all of it, as on a bill."""
    manner = MANNERS[language]
    figures = format_decimal(Decimal(abs(cents)) / 100, format="#,##0.00", locale=manner.locale)
    amount = manner.euro.format(figures)
    return manner.minus.format(amount) if cents < 0 else amount


def day(when: date, language: str = DUTCH, today: date | None = None) -> str:
    """`za 4 mei`: the day in Brussels of an aware datetime, or a date as it stands.

    In another year than today's it is `zo 4 mei 2025`: without it, it would be taken for a day of this year.
    """
    manner, local = MANNERS[language], _local_day(when)
    other_year = today is not None and local.year != today.year
    pattern = f"{manner.day}{NO_BREAK}y" if other_year else manner.day
    return format_date(local, pattern, locale=manner.locale)


def full_day(when: date, language: str = DUTCH) -> str:
    """`4 mei 2026`: for what lasts longer than a season, such as the validity of a label."""
    manner = MANNERS[language]
    return format_date(_local_day(when), manner.full_day, locale=manner.locale)


def hour(at: datetime, language: str = DUTCH) -> str:
    """`15 u` on the hour, `15.30 u` otherwise."""
    local, manner = _local(at), MANNERS[language]
    pattern = manner.hour if local.minute else manner.round_hour
    return format_time(local.time(), pattern, locale=manner.locale)


def moment(at: datetime, language: str = DUTCH, today: date | None = None) -> str:
    """`za 4 mei, 15 u`, with its year as a day has it."""
    return MANNERS[language].moment.format(day(at, language, today), hour(at, language))


def pause(seconds: int, language: str = DUTCH) -> str:
    """`30 seconden`, and from more than a minute on whole minutes, such as `2 minuten`: never too short."""
    locale = MANNERS[language].locale
    if seconds <= SECONDS_IN_MINUTE:
        return format_unit(seconds, "duration-second", locale=locale)
    return format_unit(-(-seconds // SECONDS_IN_MINUTE), "duration-minute", locale=locale)


def _local_day(when: date) -> date:
    return _local(when).date() if isinstance(when, datetime) else when


def _local(at: datetime) -> datetime:
    if at.tzinfo is None:
        message = "a time without a zone has no hour in Brussels"
        raise ValueError(message)
    return at.astimezone(BRUSSELS)
