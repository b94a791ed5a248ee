"""Telephone numbers, as people type them and as they are kept: +32470123456 (E.164)."""

import re
from typing import Final

SEPARATORS: Final = str.maketrans("", "", " ./-()")
INTERNATIONAL: Final = re.compile(r"\+[1-9][0-9]{7,14}")
BELGIAN: Final = re.compile(r"0[1-9][0-9]{7,8}")
BELGIUM: Final = "+32"


def read_phone(text: str) -> str | None:
    """The number in a text, with or without its country; None for anything else."""
    typed = text.strip().translate(SEPARATORS)
    number = f"+{typed[2:]}" if typed.startswith("00") else typed
    if BELGIAN.fullmatch(number):
        return BELGIUM + number[1:]
    return number if INTERNATIONAL.fullmatch(number) else None
