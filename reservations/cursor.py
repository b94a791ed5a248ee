"""Where a list goes on: a place in the order of time, as the address of a next page says it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
CURSOR: Final = re.compile(r"([0-9]{1,16})-([0-9a-f]{32})")


class Cursor(Struct, frozen=True, order=True):
    """Where something stands in the order of time, and so where a next page begins."""

    starts_at: datetime
    id: UUID

    def as_text(self) -> str:
        return f"{(self.starts_at - EPOCH) // timedelta(microseconds=1)}-{self.id.hex}"


def from_moment(at: datetime) -> Cursor:
    """Before all that stands at a moment."""
    return Cursor(at, UUID(int=0))


def read_cursor(text: str) -> Cursor | None:
    """Where a page begins; what we did not write begins at the start."""
    match = CURSOR.fullmatch(text)
    return Cursor(EPOCH + timedelta(microseconds=int(match[1])), UUID(match[2])) if match else None
