"""What people type in a form, read field by field: a value, or a text that says what is wrong with it."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from uit.core.errors import NotUnderstood, RefusalError
from uit.core.ids import Ids
from uit.core.translation import gettext as _

LONGEST_EMAIL: Final = 254
DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
NUMBER: Final = re.compile(r"\d{1,9}", re.ASCII)
EMAIL: Final = re.compile(r"[^@\s,;<>\x00-\x20\x7f]{1,64}@[^@\s,;<>]+\.[^@\s,;<>.]{2,}", re.ASCII)

Errors = dict[str, str]
"""For each field that is wrong, what to do about it."""

Labels = Mapping[str, str]
"""What each field is called on its page. What is wrong with it begins so, above the form."""


def only_wrong(errors: Mapping[str, str]) -> Errors:
    """Without the fields that have nothing to say: empty when all is well."""
    return {name: text for name, text in errors.items() if text}


def squeeze(text: str) -> str:
    """On one line, without what a database cannot hold."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def text_error(text: str, missing: str, most: int) -> str:
    """What is wrong with a text of one line: nothing there, too much, or what cannot be kept."""
    line = " ".join(text.split())
    if not line:
        return missing
    if len(line) > most:
        return _("Dit is te lang. Gebruik hoogstens %(most)s letters.", most=most)
    return "" if line.isprintable() else _("Hier staat een teken in dat we niet kunnen bewaren.")


def read_day(text: str) -> date | None:
    """A day as a date field sends it, or as people type it where there is none: 17/05/1990."""
    typed = text.strip()
    day_first = DAY_FIRST.fullmatch(typed)
    try:
        return date(*map(int, reversed(day_first.groups()))) if day_first else date.fromisoformat(typed)
    except ValueError:
        return None


def read_number(text: str, most: int) -> int | None:
    """A whole number from 0; None for what is none, or is more than the most."""
    typed = text.strip()
    return int(typed) if NUMBER.fullmatch(typed) and int(typed) <= most else None


def read_id(text: str) -> UUID | None:
    """The id that a page put in its form, so that a form that is sent twice has one effect."""
    try:
        return UUID(text)
    except ValueError:
        return None


def form_id(text: str, ids: Ids) -> UUID:
    """The id that a form carries; a new one for what is no id."""
    return read_id(text) or ids.new()


def id_in(fields: Mapping[str, str], name: str) -> UUID:
    """The id that the server put in a form: a form sent twice has one effect. Without it, `NotUnderstood`."""
    found = read_id(fields.get(name, ""))
    if found is None:
        raise RefusalError(NotUnderstood(name, "malformed"))
    return found


def is_email(text: str) -> bool:
    return len(text) <= LONGEST_EMAIL and bool(EMAIL.fullmatch(text))
