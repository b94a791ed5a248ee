"""The number of 13 digits on a pass. It identifies the member and gives no permission.

`09`, three digits for the region, a serial number of six digits, a 0 and a check digit (Luhn, ISO/IEC
7812-1). At publiq the 12th digit shows social status; on numbers made by uit it is always 0.
"""

import re
from typing import Final

from msgspec import Struct

from uit.core.formats import NO_BREAK
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
take_running_number = SQL.value("take_running_number", int)

PREFIX: Final = "09"
NO_STATUS: Final = "0"
NUMBER = re.compile(r"[0-9]{13}", re.ASCII)
NUMBER_AND_YEAR = re.compile(r"([0-9]{13})((?:19|20)[0-9]{2})", re.ASCII)
SEPARATORS = str.maketrans("", "", f" .-{NO_BREAK}")


def make_number(region_id: int, running: int) -> str:
    """The number of the `running`-th pass of a region."""
    body = f"{PREFIX}{region_id:03}{running:06}{NO_STATUS}"
    return f"{body}{check_digit(body)}"


def is_valid(number: str) -> bool:
    """Whether a number has 13 digits and a right check digit; numbers of publiq are valid too."""
    return bool(NUMBER.fullmatch(number)) and check_digit(number[:-1]) == int(number[-1])


def check_digit(digits: str) -> int:
    """The check digit of Luhn: from the right, every other digit counts double, and the sum ends on 0."""
    total = sum(sum(divmod(int(digit) * 2, 10)) for digit in digits[::-2])
    return -(total + sum(map(int, digits[-2::-2]))) % 10


def without_separators(typed: str) -> str:
    """A number as it is stored, without the separators that people write."""
    return typed.translate(SEPARATORS)


class NumberAndYear(Struct, frozen=True):
    """The number of a pass, and the year in which its holder was born."""

    number: str
    birth_year: int


def read_number_and_year(typed: str) -> NumberAndYear | None:
    """`0900 1000 0010 4, 1990`, with any separators; None for another text or a wrong check digit."""
    found = NUMBER_AND_YEAR.fullmatch(without_separators(typed).replace(",", "").replace("/", ""))
    return NumberAndYear(found[1], int(found[2])) if found and is_valid(found[1]) else None


def grouped(number: str) -> str:
    """`0900 1000 0010 4`: in groups of four digits with no-break spaces, to read aloud."""
    return NO_BREAK.join(number[start : start + 4] for start in range(0, len(number), 4))


async def take_number(tx: Executor, region_id: int) -> str:
    """The next number of the region. Other transactions that take one wait until this one ends."""
    return make_number(region_id, await take_running_number(tx, region_id))
