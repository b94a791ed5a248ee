"""The structured communication of Belgian banks: twelve figures, the last two check the others. Pure."""

from typing import Final

from uit.core.ids import Ids

FIGURES: Final = 10
CHECKED_BY: Final = 97


def structured(number: int) -> str:
    """The twelve figures for a number of ten; the check is its rest by 97, or 97 where nothing is left."""
    check = number % CHECKED_BY or CHECKED_BY
    return f"{number:0{FIGURES}}{check:02}"


def printed(figures: str) -> str:
    """As people and banks write it: `+++090/9337/55493+++`."""
    return f"+++{figures[:3]}/{figures[3:7]}/{figures[7:]}+++"


def new_communication(ids: Ids) -> str:
    """One at random. That a seller has it once is for the database to say; then another is taken."""
    return structured(int.from_bytes(ids.new().bytes[8:]) % 10**FIGURES)
