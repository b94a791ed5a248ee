"""An amount in euro, as people type it in a field of a form."""

import re
from typing import Final

from uit.core.formats import euro
from uit.core.translation import gettext as _

MOST_LETTERS: Final = 80
MOST_CENTS: Final = 100_000_000_00
EURO: Final = re.compile(r"€?\s*(\d{1,3}(?:[. ]\d{3})+|\d+)(?:[,.](\d{1,2}))?", re.ASCII)
TOO_MANY_DECIMALS: Final = re.compile(r"€?\s*\d[\d. ]*[,.]\d{3,}", re.ASCII)
NOTHING: Final = re.compile(r"€?\s*0+(?:[,.]0{1,2})?", re.ASCII)


def read_euro(text: str) -> int | None:
    """The cents of an amount as people type it: `60.000`, `12,50` or `12.5`. None if it is not an amount."""
    found = EURO.fullmatch(text.strip())
    if found is None or len(text) > MOST_LETTERS:
        return None
    cents = int(re.sub(r"\D", "", found[1])) * 100 + int((found[2] or "").ljust(2, "0"))
    return cents if 0 < cents <= MOST_CENTS else None


def euro_error(text: str, example: str) -> str:
    """The error for an amount that cannot be read: too many decimals, out of range, or not an amount."""
    if read_euro(text) is not None:
        return ""
    if TOO_MANY_DECIMALS.fullmatch(text.strip()):
        return _("Schrijf hoogstens 2 cijfers na de komma, zoals 12,50.")
    if EURO.fullmatch(text.strip()):
        return _("Kies een bedrag van %(least)s tot %(most)s.", least=euro(1), most=euro(MOST_CENTS))
    return _("Schrijf een bedrag in euro, zoals %(example)s.", example=example)


def read_cash(text: str) -> int | None:
    """The cents of an amount that may be nothing; None if it is not an amount."""
    return 0 if NOTHING.fullmatch(text.strip()) else read_euro(text)


def cash_error(text: str) -> str:
    return "" if read_cash(text) is not None else euro_error(text, "125,50")
