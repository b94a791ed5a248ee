"""Events as the server sends them to an open page."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import msgspec

AGAIN_SOON: Final = 2_000
AGAIN_LATER: Final = 30_000
"""Milliseconds after which a browser asks anew."""
FIRST_EVENT: Final = f"retry:{AGAIN_LATER}\n\n"
"""Where there are too many pages it is the only one."""
SILENCE: Final = ":\n\n"


def as_event(words: Mapping[UUID, str]) -> str:
    """The words of each session that changed."""
    return f"retry:{AGAIN_SOON}\ndata:{msgspec.json.encode(words).decode()}\n\n"
