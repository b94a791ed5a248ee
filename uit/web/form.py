"""Reading of the fields of a form: each gives a value, or a text that says what is wrong."""

import binascii
import re
from collections.abc import Mapping
from datetime import date, time
from typing import Final
from uuid import UUID

from uit.core.errors import NotUnderstood, RefusalError
from uit.core.ids import Ids
from uit.core.translation import gettext as _

DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
FIRST_YEAR: Final = 1880
LAST_YEAR: Final = 2199
HOUR: Final = re.compile(r"([01]?\d|2[0-3])\s*(?:[:.u]\s*([0-5]\d))?\s*(?:u|uur)?", re.ASCII)
NUMBER: Final = re.compile(r"\d{1,9}", re.ASCII)

Errors = dict[str, str]
"""By name of a field, what the visitor has to change. Fields without a fault are left out."""

Labels = Mapping[str, str]
"""By name of a field, its label on the page. The list of errors above the form repeats the label."""


def only_errors(errors: Mapping[str, str]) -> Errors:
    """The errors without the empty texts; empty when no field is wrong."""
    return {name: text for name, text in errors.items() if text}


def text_error(text: str, missing: str, most: int) -> str:
    """What is wrong with a text of one line: `missing`, more than `most` letters, or forbidden characters."""
    line = " ".join(text.split())
    if not line:
        return missing
    if len(line) > most:
        return _("Dit is te lang. Gebruik hoogstens %(most)s letters.", most=most)
    return "" if line.isprintable() else _("Hier staat een teken in dat we niet kunnen bewaren.")


def read_day(text: str) -> date | None:
    """A day as a date field sends it, or as people type it where there is none: 17/05/1990.

    None also for a day that nobody means: a date field sends the years 2 and 9999 as gladly as 1990.
    """
    typed = text.strip()
    day_first = DAY_FIRST.fullmatch(typed)
    try:
        day = date(*map(int, reversed(day_first.groups()))) if day_first else date.fromisoformat(typed)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def past_day_error(day: date | None, today: date) -> str:
    """What is wrong with the day of something that has happened: none that can be read, or one to come."""
    if day is None:
        return _("Vul een dag in, zoals 1/9/2026.")
    return "" if day <= today else _("Kies vandaag of een dag die voorbij is.")


def read_hour(text: str) -> time | None:
    """An hour as people type it, and as we write it: `20:00`, `18.30 u`, `9u15`, `18`."""
    match = HOUR.fullmatch(text.strip())
    return time(int(match[1]), int(match[2] or 0)) if match else None


def hour_error(text: str) -> str:
    return "" if read_hour(text) is not None else _("Vul een uur in, zoals 20:00.")


def read_number(text: str, most: int) -> int | None:
    """A whole number from 0 to `most`; None for anything else."""
    typed = text.strip()
    return int(typed) if NUMBER.fullmatch(typed) and int(typed) <= most else None


def number_error(text: str, least: int, most: int) -> str:
    """What is wrong with what should be a whole number from `least` to `most`."""
    number = read_number(text, most)
    return "" if number is not None and number >= least else number_wanted(least, most)


def typed_number(number: int | None) -> str:
    """A number as a field shows it; empty where there is none."""
    return "" if number is None else str(number)


def number_wanted(least: int, most: int) -> str:
    return _("Vul een getal in van %(least)s tot %(most)s.", least=least, most=most)


def read_hex(text: str) -> bytes:
    """The bytes of hexadecimal figures; empty for anything else."""
    try:
        return binascii.unhexlify(text.encode())
    except binascii.Error:
        return b""


def read_id(text: str) -> UUID | None:
    """The id in a text; None when it is not a UUID."""
    try:
        return UUID(text)
    except ValueError:
        return None


def form_id(text: str, ids: Ids) -> UUID:
    """The id in a field of a form; a new one when the text is not a UUID."""
    return read_id(text) or ids.new()


def required_id(fields: Mapping[str, str], name: str) -> UUID:
    """The id that the server put in a form, so that a form that is sent twice has one effect.

    Raises NotUnderstood when the field is missing or is not a UUID.
    """
    found = read_id(fields.get(name, ""))
    if found is None:
        raise RefusalError(NotUnderstood(name, "malformed"))
    return found
