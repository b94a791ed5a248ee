"""The page after signing in: the path that the visitor asked for, and never another site."""

import re

MOST_CHARACTERS = 500
# One slash and no second one: browsers read `//host` and `/\host` as other sites. Browsers also drop tabs and
# line ends.
LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*", re.ASCII)
SIGN_IN_PAGES = ("/aanmelden", "/afmelden", "/team/aanmelden", "/team/code", "/voorbeeld/")


def local_path(wanted: str, otherwise: str = "/") -> str:
    """`wanted` when it is a local path that is not a page of signing in or out, else `otherwise`."""
    fits = len(wanted) <= MOST_CHARACTERS and LOCAL.fullmatch(wanted)
    return wanted if fits and not wanted.startswith(SIGN_IN_PAGES) else otherwise
