"""The 13 digits on a pass. They say whose it is and permit nothing.

`09`, three digits for the region, six that run on, a 0 and a check digit (Luhn, ISO/IEC 7812-1). The 12th
digit shows social status at publiq; on the numbers that we give it is always 0.
"""

import re
from typing import Final

from uit.core.formats import NO_BREAK
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
take_running_number = SQL.value("take_running_number", int)

OURS: Final = "09"
NO_STATUS: Final = "0"
NUMBER = re.compile(r"[0-9]{13}", re.ASCII)
SEPARATORS = str.maketrans("", "", f" .-{NO_BREAK}")


def make(region_id: int, running: int) -> str:
    """The number of the `running`-th pass of a region."""
    body = f"{OURS}{region_id:03}{running:06}{NO_STATUS}"
    return f"{body}{check_digit(body)}"


def check(number: str) -> bool:
    """Whether 13 digits add up. Numbers of publiq do too, so this does not say that a pass is ours."""
    return bool(NUMBER.fullmatch(number)) and check_digit(number[:-1]) == int(number[-1])


def check_digit(digits: str) -> int:
    """What makes the whole add up: seen from it, every other digit counts double."""
    total = sum(sum(divmod(int(digit) * 2, 10)) for digit in digits[::-2])
    return -(total + sum(map(int, digits[-2::-2]))) % 10


def tidy(typed: str) -> str:
    """A number as it is kept, from how people write it."""
    return typed.translate(SEPARATORS)


def grouped(number: str) -> str:
    """`0900 1000 0010 4`: for people to read out, and never broken over two lines."""
    return NO_BREAK.join(number[start : start + 4] for start in range(0, len(number), 4))


async def take_number(tx: Executor, region_id: int) -> str:
    """The region's next number; whoever else takes one waits until this transaction ends."""
    return make(region_id, await take_running_number(tx, region_id))
