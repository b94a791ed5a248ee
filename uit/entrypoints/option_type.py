"""What an option of a command may be, besides a text: types for `argparse`."""

from argparse import ArgumentTypeError
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

EXAMPLE_DAY: Final = "2026-05-04"
EXAMPLE_MOMENT: Final = "2026-05-04T12:00"


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day, such as {EXAMPLE_DAY}") from None


def moment(text: str) -> datetime:
    """A day, or a day and time, in UTC unless it says otherwise."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(
            f"{text!r} is no moment, such as {EXAMPLE_MOMENT}, which is in UTC, or {EXAMPLE_MOMENT}+02:00"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and date.min.year <= int(text) <= date.max.year):
        raise ArgumentTypeError(f"{text!r} is no year, such as {EXAMPLE_DAY[:4]}")
    return int(text)


def absolute(text: str) -> Path:
    """A path that is the same in whatever folder a program of ours works."""
    return Path(text).absolute()
