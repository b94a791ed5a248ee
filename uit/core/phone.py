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


def written_phone(number: str) -> str:
    """A number as people read it: 0471 22 33 44 for a Belgian one that is mobile, else as it is kept."""
    if not (number.startswith(f"{BELGIUM}4") and len(number) == len("+32470123456")):
        return number
    rest = f"0{number[len(BELGIUM) :]}"
    return f"{rest[:4]} {rest[4:6]} {rest[6:8]} {rest[8:]}"


def takes_texts(number: str) -> bool:
    """Whether a text message can go to a number: in Belgium a mobile one begins with 4."""
    return INTERNATIONAL.fullmatch(number) is not None and (
        not number.startswith(BELGIUM) or number.startswith(f"{BELGIUM}4")
    )
