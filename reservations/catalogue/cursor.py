"""Where a search goes on: a place in the order of time, and how close the words have to be there."""

import re
from enum import IntEnum
from typing import Final

from msgspec import Struct

from reservations.cursor import CURSOR, Cursor, read_cursor

SEARCH_CURSOR: Final = re.compile(rf"{CURSOR.pattern}(?:-([1-3]))?")


class Closeness(IntEnum):
    """How a word that was typed stands in what is found: at a start, inside a word, or misspelled."""

    START = 1
    INSIDE = 2
    NEAR = 3


class SearchCursor(Struct, frozen=True):
    """The last of a page. The next page looks as closely as this one did, so that they agree."""

    at: Cursor
    closeness: Closeness = Closeness.START

    def as_text(self) -> str:
        return f"{self.at.as_text()}-{self.closeness.value}"


def read_search_cursor(text: str) -> SearchCursor | None:
    """The cursor of a page; None for what we did not write. Without a closeness it is the first."""
    match = SEARCH_CURSOR.fullmatch(text)
    if match is None:
        return None
    at, _, closeness = text.rpartition("-") if match[3] else (text, "", "1")
    place = read_cursor(at)
    return SearchCursor(place, Closeness(int(closeness))) if place else None
