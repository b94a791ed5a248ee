"""Where somebody goes after signing in: back to where they were going, and never to another site."""

import re

MOST_CHARACTERS = 500
# One slash and then no second: `//host` and `/\host` are other sites to a browser, and it drops tabs and line
# ends.
LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*", re.ASCII)
SIGN_IN_PAGES = ("/aanmelden", "/afmelden", "/team/aanmelden", "/team/code", "/voorbeeld/")


def local_path(wanted: str, otherwise: str = "/") -> str:
    """`wanted` when it is an address of ours that one can go to after signing in, else `otherwise`."""
    fits = len(wanted) <= MOST_CHARACTERS and LOCAL.fullmatch(wanted)
    return wanted if fits and not wanted.startswith(SIGN_IN_PAGES) else otherwise
