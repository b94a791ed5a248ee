"""The number of a person in the national register (INSZ): its check, and its key in the directory.

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
SEPARATORS = str.maketrans("", "", " .-")
MODULUS = 97
FROM_2000 = 2_000_000_000
BIS_MONTHS = (0, 20, 40)
MOCK_MONTHS = 60
LAST_MONTH, LAST_DAY = 12, 31


class Insz(Struct, frozen=True):
    """A valid number. Its `repr` hides the digits, so that no log or error holds them."""

    digits: str

    def __repr__(self) -> str:
        return "Insz(…)"

    def key(self, secrets: Secrets) -> UUID:
        """The key of the owner in the directory: an HMAC under a secret that is not in the database."""
        return UUID(bytes=hmac.digest(secrets.insz, self.digits.encode(), "sha256")[:16])


def read_insz(text: str, *, mock: bool = False) -> Insz | InszWrong:
    """The number in a text, with or without separators. `mock` also accepts the mock numbers of fixtures."""
    digits = text.translate(SEPARATORS)
    if not NUMBER.fullmatch(digits) or not adds_up(digits) or not has_date(digits, mock=mock):
        return InszWrong()
    return Insz(digits)


def adds_up(digits: str) -> bool:
    base, check = int(digits[:9]), int(digits[9:])
    return check in {MODULUS - base % MODULUS, MODULUS - (FROM_2000 + base) % MODULUS}


def has_date(digits: str, *, mock: bool) -> bool:
    """Whether month and day are in range. The date need not exist: the register numbers past full days."""
    offsets = (*BIS_MONTHS, MOCK_MONTHS) if mock else BIS_MONTHS
    month, day = int(digits[2:4]), int(digits[4:6])
    return any(offset <= month <= offset + LAST_MONTH for offset in offsets) and day <= LAST_DAY
