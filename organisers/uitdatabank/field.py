"""Reading of JSON from other systems. Every value keeps its path, so that an error can name the field.

A field that its record can do without is read with `Field.lenient`: what cannot be read of it is left out,
and said in `dropped`, which all fields of a record share.
"""

import html
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NoReturn, TypeVar

from msgspec import Struct

from uit.core.clock import BRUSSELS, day_in_flanders, start_of_day

T = TypeVar("T")
Other = TypeVar("Other")

# One text in one or more languages (`{"nl": …, "fr": …}`), the main language first.
Words = dict[str, str]

# PostgreSQL cannot store NUL, UTF-8 cannot encode a lone surrogate, and pages need no control characters.
_FORBIDDEN_CHARACTERS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_CLOCK_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_LANGUAGE: Final = re.compile("[a-z]{2}")
_INDEX: Final = re.compile("[0-9]{1,6}")
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# A text that went through two systems that both escape it says `&amp;amp;`.
_MOST_ESCAPED: Final = 2
_DATE_LENGTH: Final = len("2026-01-31")
# A description of UiTdatabank has a few thousand letters, and a title at most ninety.
MOST_LETTERS: Final = 20_000
MOST_LETTERS_OF_NAME: Final = 500
_MOST_LETTERS_OF_FIELD: Final = 100
_MOST_ITEMS: Final = 10_000
_VALID_YEARS: Final = range(1900, 2200)


class Unreadable(Struct, frozen=True):
    """Why a record, or a field of it, cannot be read.

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
    """A value in a JSON document, the path to it, and what was left out of its document until now.

    Null, a blank text, an empty list and an empty object all count as empty: UiTdatabank is written in PHP,
    which does not distinguish an empty object from an empty list.
    """

    __slots__ = ("dropped", "value", "where")

    def __init__(self, value: object, where: str = "", dropped: list[Unreadable] | None = None) -> None:
        self.value = value
        self.where = where
        self.dropped: list[Unreadable] = [] if dropped is None else dropped

    @property
    def empty(self) -> bool:
        if isinstance(self.value, str):
            return not self.value[:1].isalnum() and not clean(self.value)
        return self.value is None or self.value in ([], {})

    def refuse(self, why: str) -> NoReturn:
        raise UnreadableError(Unreadable(self.where, why))

    def drop(self, why: str) -> None:
        """Say that this field is left out."""
        self.dropped.append(Unreadable(self.where, why))

    def lenient(self, read: Callable[["Field"], T], otherwise: Other) -> T | Other:
        """What `read` makes of this field; when it cannot, `otherwise`, and `dropped` has the reason."""
        try:
            return read(self)
        except UnreadableError as error:
            self.dropped.append(error.unreadable)
            return otherwise

    def get(self, *names: str) -> "Field":
        """The first of these fields that is not empty; else an empty field with the first name."""
        fields = self._object()
        for name in names:
            value = fields.get(name)
            if value is None:
                continue
            found = Field(value, self._path(name), self.dropped)
            if not found.empty:
                return found
        return Field(None, self._path(names[0]), self.dropped)

    def fields(self) -> dict[str, "Field"]:
        longest = max(map(len, map(str, self._object())), default=0)
        if longest > _MOST_LETTERS_OF_FIELD:
            self.refuse(f"has a field of which the name is {longest} letters long")
        return {
            str(name): Field(value, self._path(str(name)), self.dropped)
            for name, value in self._object().items()
        }

    def items(self) -> list["Field"]:
        """The items of a list. An object whose keys are numbers is a list with gaps, in the order of keys."""
        if self.empty:
            return []
        if isinstance(self.value, list | dict) and len(self.value) > _MOST_ITEMS:
            self.refuse(f"has {len(self.value)} items, and at most {_MOST_ITEMS} are read")
        return [
            Field(value, f"{self.where}[{index}]", self.dropped) for index, value in self._numbered_values()
        ]

    def lenient_items(self, read: Callable[["Field"], T]) -> list[T]:
        """What `read` makes of the items, without those that it cannot read."""
        found: list[T] = []
        for item in self.lenient(Field.items, ()):
            try:
                found.append(read(item))
            except UnreadableError as error:
                self.dropped.append(error.unreadable)
        return found

    def markup(self, most: int = MOST_LETTERS) -> str:
        """A text as it stands, with its entities, of at most so many letters."""
        if self.value is not None and not isinstance(self.value, str):
            self.refuse("is not a text")
        if self.value is None or self.empty:
            self.refuse("is missing")
        if len(self.value) > most:
            self.refuse(f"is {len(self.value)} letters long, and at most {most} are read")
        return _stripped(self.value)

    def text(self) -> str:
        return clean(self.markup())

    def text_or_blank(self) -> str:
        return "" if self.empty else self.text()

    def optional_text(self) -> str:
        """A text that its record can do without; blank when there is none."""
        return self.lenient(Field.text_or_blank, "")

    def words(self, main_language: str, most: int = MOST_LETTERS) -> Words:
        """A text by language. A plain text, as in older records, is in the main language."""
        return {language: clean(text) for language, text in self.markup_words(main_language, most).items()}

    def markup_words(self, main_language: str, most: int = MOST_LETTERS) -> Words:
        """As `words`, with the entities that the texts have. A language that cannot be read is left out."""
        if isinstance(self.value, str):
            return {main_language: self.markup(most)}
        fields = [(language, field) for language, field in self.fields().items() if not field.empty]
        fields.sort(key=lambda entry: entry[0] != main_language)
        read = {
            code: field.lenient(lambda text: text.markup(most), "")
            for code, field in fields
            if _LANGUAGE.fullmatch(code)
        }
        return {code: text for code, text in read.items() if text}

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
        """An ISO 8601 date and time, as UTC; a date is its start. Without an offset it is Brussels time.

        An hour that comes twice is the first one; one that is skipped when summer time begins is refused.
        """
        text = self.text()
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            self.refuse(f"is not a date and time: {text[:40]!r}")
        if at.year not in _VALID_YEARS:
            self.refuse(f"is in the year {at.year}")
        if at.tzinfo is None:
            instant = at.replace(tzinfo=BRUSSELS).astimezone(UTC)
            if instant.astimezone(BRUSSELS).replace(tzinfo=None) != at:
                self.refuse("does not exist: summer time begins in that hour")
            return instant
        return at.astimezone(UTC)

    def last_instant(self) -> datetime:
        """As `instant`, but a date without a time is its last second."""
        at = self.instant()
        return end_of_day(day_in_flanders(at)) if len(self.text()) <= _DATE_LENGTH else at

    def day(self) -> date:
        """A date, or the day in Flanders of a date and time."""
        text = self.text()
        if len(text) > _DATE_LENGTH:
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
        if isinstance(self.value, dict):
            return self.value
        if not self.empty:
            self.refuse("is not an object")
        return {}

    def _numbered_values(self) -> Iterable[tuple[int, object]]:
        if isinstance(self.value, list):
            return enumerate(self.value)
        if not isinstance(self.value, dict) or not all(_INDEX.fullmatch(str(key)) for key in self.value):
            self.refuse("is not a list")
        return sorted(((int(str(key)), value) for key, value in self.value.items()), key=lambda at: at[0])

    def _path(self, name: str) -> str:
        return f"{self.where}.{name}" if self.where else name


def clean(text: str) -> str:
    """The text with its entities decoded, without forbidden characters, and without space around it."""
    decoded = text
    for _ in range(_MOST_ESCAPED if "&" in text else 0):
        decoded = _ENTITY.sub(lambda entity: html.unescape(entity[0]), decoded)
    return _stripped(decoded)


def _stripped(text: str) -> str:
    return (text if text.isprintable() else _FORBIDDEN_CHARACTERS.sub("", text)).strip()


def end_of_day(day: date) -> datetime:
    """The last second of a day in Flanders: where a date ends that says no end."""
    return start_of_day(day + timedelta(days=1)) - timedelta(seconds=1)


def in_language(words: Words, language: str = "nl") -> str:
    """The text in a language, else in the main language; empty when there is none."""
    return words.get(language) or next(iter(words.values()), "")
