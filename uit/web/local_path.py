"""Addresses of this installation: nobody is sent on to another site."""

import re
from typing import Final

MOST_CHARACTERS: Final = 500
# One slash and no second one: browsers read `//host` and `/\host` as other sites. Browsers also drop tabs and
# line ends.
LOCAL: Final = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*", re.ASCII)


def is_local(path: str) -> bool:
    """Whether a browser that is sent to this path stays here."""
    return len(path) <= MOST_CHARACTERS and LOCAL.fullmatch(path) is not None
