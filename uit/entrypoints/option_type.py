"""What an option of a command may be, besides a text: types for `argparse`."""

from datetime import UTC, datetime
from pathlib import Path


def moment(text: str) -> datetime:
    """A day, or a day and time, in UTC unless it says otherwise."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def absolute(text: str) -> Path:
    """A path that is the same in whatever folder a program of ours works."""
    return Path(text).absolute()
