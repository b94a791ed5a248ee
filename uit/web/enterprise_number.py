"""An enterprise number, as a field of a form has it."""

import re

from uit.core.translation import gettext as _


def bare_number(typed: str) -> str:
    """An enterprise number as people type it, without spaces, points or its country."""
    return re.sub(r"[ .]|^BE", "", typed.strip().upper())


def enterprise_error(number: str) -> str:
    """The error for an enterprise number; empty when it is right.

    The last two digits are 97 minus the first eight modulo 97 (Crossroads Bank for Enterprises).
    """
    right = re.fullmatch(r"[01]\d{9}", number, re.ASCII) and 97 - int(number[:8]) % 97 == int(number[8:])
    return "" if right else _("Dit ondernemingsnummer klopt niet. Kijk de 10 cijfers na.")
