"""Reading of JSON from other systems. Every value keeps its path, so that an error can name the field."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Final, NoReturn, TypeVar

from msgspec import Struct

from uit.core.clock import day_in_flanders

T = TypeVar("T")

# One text in one or more languages (`{"nl": …, "fr": …}`), the main language first.
Words = dict[str, str]

# PostgreSQL cannot store NUL, UTF-8 cannot encode a lone surrogate, and pages need no control characters.
_FORBIDDEN_CHARACTERS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_CLOCK_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_LANGUAGE: Final = re.compile("[a-z]{2}")
_VALID_YEARS: Final = range(1900, 2200)


class Unreadable(Struct, frozen=True):
    """Why a record cannot be read.

    `where` is the path of the field in the record (`subEvent[1].startDate`), empty for the record as a whole;
    `why` continues a sentence that begins with the path: "is missing", "is not a date".
    """

    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.where} {self.why}".lstrip()


class UnreadableError(Exception):
    """Carries an `Unreadable` up to the function that returns it; it is never raised outside this package."""

    def __init__(self, unreadable: Unreadable) -> None:
        super().__init__(str(unreadable))
        self.unreadable = unreadable


class Field:
    """A value in a JSON document and the path to it.

    Null, a blank text, an empty list and an empty object all count as empty: UiTdatabank is written in PHP,
    which does not distinguish an empty object from an empty list.
    """

    def __init__(self, value: object, where: str = "") -> None:
        self.value = value
        self.where = where

    @property
    def empty(self) -> bool:
        if isinstance(self.value, str):
            return not clean(self.value)
        return self.value is None or self.value in ([], {})

    def refuse(self, why: str) -> NoReturn:
        raise UnreadableError(Unreadable(self.where, why))

    def get(self, *names: str) -> "Field":
        """The first of these fields that is not empty; else an empty field with the first name."""
        fields = self._object()
        for name in names:
            found = Field(fields.get(name), self._path(name))
            if not found.empty:
                return found
        return Field(None, self._path(names[0]))

    def fields(self) -> dict[str, "Field"]:
        return {str(name): Field(value, self._path(str(name))) for name, value in self._object().items()}

    def items(self) -> list["Field"]:
        if self.empty:
            return []
        if not isinstance(self.value, list):
            self.refuse("is not a list")
        return [Field(value, f"{self.where}[{index}]") for index, value in enumerate(self.value)]

    def text(self) -> str:
        if self.value is not None and not isinstance(self.value, str):
            self.refuse("is not a text")
        if self.value is None or self.empty:
            self.refuse("is missing")
        return clean(self.value)

    def text_or_blank(self) -> str:
        return "" if self.empty else self.text()

    def words(self, main_language: str) -> Words:
        """A text by language. A plain text, as in older records, is in the main language."""
        if isinstance(self.value, str):
            return {main_language: self.text()}
        fields = [(language, field) for language, field in self.fields().items() if not field.empty]
        fields.sort(key=lambda entry: entry[0] != main_language)
        return {language: field.text() for language, field in fields if _LANGUAGE.fullmatch(language)}

    def whole(self, most: int) -> int:
        """A whole number from 0 to `most`; JSON may write it as `50.0`."""
        value = self.value
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            self.refuse(f"is not a whole number from 0 to {most}")
        return value

    def coordinate(self, limit: float) -> float | None:
        """Degrees between `-limit` and `limit`; None for anything else."""
        if isinstance(self.value, int | float) and not isinstance(self.value, bool):
            return float(self.value) if -limit <= self.value <= limit else None
        return None

    def choice(self, choices: Mapping[str, T], default: T | None = None) -> T:
        if self.empty and default is not None:
            return default
        if self.text() not in choices:
            self.refuse(f"is none of {', '.join(choices)}")
        return choices[self.text()]

    def instant(self) -> datetime:
        """An ISO 8601 date and time, as UTC. Refused without an offset from UTC."""
        text = self.text()
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            self.refuse(f"is not a date and time: {text[:40]!r}")
        if at.tzinfo is None:
            self.refuse("does not say its offset from UTC (such as +01:00)")
        if at.year not in _VALID_YEARS:
            self.refuse(f"is in the year {at.year}")
        return at.astimezone(UTC)

    def day(self) -> date:
        """A date, or the day in Flanders of a date and time with an offset."""
        text = self.text()
        if len(text) > len("2026-01-31"):
            return day_in_flanders(self.instant())
        try:
            day = date.fromisoformat(text)
        except ValueError:
            self.refuse(f"is not a date: {text!r}")
        if day.year not in _VALID_YEARS:
            self.refuse(f"is in the year {day.year}")
        return day

    def clock_time(self) -> time:
        """`9:00` or `09:00`, on a clock of 24 hours."""
        match = _CLOCK_TIME.fullmatch(self.text())
        if match is None:
            self.refuse(f"is not a time of day: {self.text()[:40]!r}")
        return time(int(match[1]), int(match[2]))

    def _object(self) -> dict[object, object]:
        if self.empty:
            return {}
        if not isinstance(self.value, dict):
            self.refuse("is not an object")
        return self.value

    def _path(self, name: str) -> str:
        return f"{self.where}.{name}" if self.where else name


def clean(text: str) -> str:
    """The text without forbidden characters, and without space around it."""
    return _FORBIDDEN_CHARACTERS.sub("", text).strip()


def in_language(words: Words, language: str = "nl") -> str:
    """The text in a language, else in the main language; empty when there is none."""
    return words.get(language) or next(iter(words.values()), "")
