"""The code that an organiser gives for a price: kept as a keyed digest, and not to be found by trying."""

import hashlib
from typing import Final

from uit.core.errors import TooOften
from uit.services.limit import Limit, Limiter

LEAST_LETTERS: Final = 6
MOST_LETTERS: Final = 40
CODES_FROM_ADDRESS: Final = Limit("price codes from place", 30, 3600)
CODES_OF_CLERK: Final = Limit("price codes of clerk", 300, 3600)
"""They read codes to a counter from a letter or a telephone, for one after another."""
CODES_OF_CLIENT: Final = Limit("price codes of client", 3000, 3600)
"""Its box office sells many tickets in an evening; a code of six letters takes it lifetimes."""


def code_digest(key: bytes, region_id: int, typed: str) -> str | None:
    """What is kept of a code, however it was written; None where nothing was typed."""
    code = "".join(typed.split()).upper()
    if not code:
        return None
    packed = f"{region_id} {code}".encode()
    return hashlib.blake2b(packed, key=key, digest_size=16, person=b"price code").hexdigest()


async def code_limit(limiter: Limiter, limit: Limit, who: str, typed: str) -> TooOften | None:
    """Count an attempt with a code, right or wrong."""
    return await limiter.count(limit, who) if typed.strip() else None
