"""The number of a person in the national register (INSZ): checked, and turned into a key that finds them.

Eleven digits: birth date as YYMMDD, a serial number of three, and 97 less the first nine modulo 97; a 2
stands before those nine for who was born from 2000 on (royal decree of 3 April 1984). A BIS number adds 20 or
40 to the month; a mock number adds 60. A month of 0 means that the date is not known.
"""

import hmac
import re
from uuid import UUID

from msgspec import Struct

from uit.core.secret import Secrets
from uit.identity.errors import InszWrong

NUMBER = re.compile(r"[0-9]{11}")
BETWEEN = str.maketrans("", "", " .-")
MODULUS = 97
FROM_2000 = 2_000_000_000
BIS_MONTHS = (0, 20, 40)
MOCK_MONTHS = 60
LAST_MONTH, LAST_DAY = 12, 31


class Insz(Struct, frozen=True):
    """A number that adds up. It does not show itself, so that no log or error ever holds it."""

    digits: str

    def __repr__(self) -> str:
        return "Insz(…)"

    def key(self, secrets: Secrets) -> UUID:
        """What finds its owner in the directory: useless without a key that is not in the database."""
        return UUID(bytes=hmac.digest(secrets.insz, self.digits.encode(), "sha256")[:16])


def read_insz(text: str, *, mock: bool = False) -> Insz | InszWrong:
    """The number in what somebody typed, with dots and dashes or not. `mock` also takes those of fixtures."""
    digits = text.translate(BETWEEN)
    if not NUMBER.fullmatch(digits) or not adds_up(digits) or not has_date(digits, mock=mock):
        return InszWrong()
    return Insz(digits)


def adds_up(digits: str) -> bool:
    base, check = int(digits[:9]), int(digits[9:])
    return check in {MODULUS - base % MODULUS, MODULUS - (FROM_2000 + base) % MODULUS}


def has_date(digits: str, *, mock: bool) -> bool:
    """Whether month and day can be. Not whether the day exists: the register itself runs over full days."""
    offsets = (*BIS_MONTHS, MOCK_MONTHS) if mock else BIS_MONTHS
    month, day = int(digits[2:4]), int(digits[4:6])
    return any(offset <= month <= offset + LAST_MONTH for offset in offsets) and day <= LAST_DAY
