"""How money and time are said in Dutch: filters of the same name in pages, functions for mails and PDFs.

A no-break space holds an amount, a day number and an hour together, so that a line never ends on "€" or "15".
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from uit.ground.clock import BRUSSELS

LOCALE: Final = "nl_BE"
NO_BREAK: Final = "\N{NO-BREAK SPACE}"
MINUS: Final = "\N{MINUS SIGN}"


def euro(cents: int) -> str:
    """`300` becomes `€ 3,00`. A minus stands before the euro sign, as on a bill."""
    amount = format_decimal(Decimal(abs(cents)) / 100, format="#,##0.00", locale=LOCALE)
    signs = [MINUS] if cents < 0 else []
    return NO_BREAK.join([*signs, "€", amount])


def day(when: date) -> str:
    """`za 4 mei`: the day in Brussels of an aware datetime, or a date as it stands."""
    return format_date(_local_day(when), f"EEE d'{NO_BREAK}'MMM", locale=LOCALE)


def full_day(when: date) -> str:
    """`4 mei 2026`: for what lasts longer than a season, such as the validity of a label."""
    return format_date(_local_day(when), f"d'{NO_BREAK}'MMMM y", locale=LOCALE)


def hour(at: datetime) -> str:
    """`15 u` on the hour, `15.30 u` otherwise."""
    local = _local(at)
    pattern = "H.mm" if local.minute else "H"
    return f"{format_time(local.time(), pattern, locale=LOCALE)}{NO_BREAK}u"


def moment(at: datetime) -> str:
    """`za 4 mei, 15 u`."""
    return f"{day(at)}, {hour(at)}"


def _local_day(when: date) -> date:
    return _local(when).date() if isinstance(when, datetime) else when


def _local(at: datetime) -> datetime:
    if at.tzinfo is None:
        message = "a time without a zone has no hour in Brussels"
        raise ValueError(message)
    return at.astimezone(BRUSSELS)
