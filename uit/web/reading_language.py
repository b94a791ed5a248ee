"""In which language somebody reads what organisers write: what they chose, and never what a browser says.

The pages themselves are Dutch: a Flemish authority changes its language for nobody unasked.
"""

from functools import cache
from typing import Final

from babel import Locale

from uit.core.settings import Settings
from uit.core.translation import DUTCH
from uit.web.connection import Connection
from uit.web.cookie import cookie_name

READING_COOKIE: Final = "uit_taal"
READING: Final = (DUTCH, "fr", "en", "de")


def reading_language(request: Connection, settings: Settings, own: str = DUTCH) -> str:
    """What was chosen in this browser, else what somebody said of themselves."""
    return chosen_language(request, settings) or (own if own in READING else DUTCH)


def chosen_language(request: Connection, settings: Settings) -> str | None:
    """What was chosen in this browser, which may be Dutch; None where nothing was."""
    chosen = request.cookies.get(cookie_name(READING_COOKIE, settings))
    return chosen if chosen in READING else None


@cache
def own_name(code: str) -> str:
    """What a language calls itself, by which who reads it knows it."""
    return str(Locale.parse(code).display_name).capitalize()
