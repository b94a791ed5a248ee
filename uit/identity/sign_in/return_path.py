"""The page after signing in: the path that the visitor asked for, and never another site."""

from typing import Final

from uit.web.local_path import is_local

SIGN_IN_PAGES: Final = ("/aanmelden", "/afmelden", "/team/aanmelden", "/team/code", "/voorbeeld/")


def local_path(wanted: str, otherwise: str = "/") -> str:
    """`wanted` when it is a local path that is not a page of signing in or out, else `otherwise`."""
    return wanted if is_local(wanted) and not wanted.startswith(SIGN_IN_PAGES) else otherwise
