"""A proof of work: what a browser computes in about a second, when too much was tried from where it is.

It slows down who tries thousands, and lets in who was made to look like them. Its challenge is signed and
says for whom and from where it is, so that nothing is stored until a proof is used.
`templates/assets/proof.js` finds the number.
"""

import hashlib
import hmac
import re
from datetime import datetime, timedelta
from typing import Final

from uit.core.secret import Secrets, equal_in_constant_time, new_token
from uit.services.limit import Limiter

BITS: Final = 16
LIFETIME: Final = timedelta(minutes=10)
USE_KEPT_FOR_SECONDS: Final = 3600
PROOF: Final = re.compile(
    r"(?P<until>\d{1,12})\.(?P<random>[\w-]{43})\.(?P<mac>[0-9a-f]{64}):\d{1,12}", re.ASCII
)


def new_challenge(secrets: Secrets, now: datetime, *whom: str) -> str:
    """A challenge for `whom`: the address that was typed and the network address of who typed it."""
    until, random = str(int((now + LIFETIME).timestamp())), new_token()
    return f"{until}.{random}.{_signature(secrets, until, random, *whom)}"


async def is_proven(limiter: Limiter, secrets: Secrets, now: datetime, proof: str, *whom: str) -> bool:
    """Whether a proof is right, of a challenge for `whom` that still holds, and was not used before."""
    found = PROOF.fullmatch(proof)
    if found is None or int(found["until"]) < now.timestamp() or zero_bits(proof) < BITS:
        return False
    if not equal_in_constant_time(found["mac"], _signature(secrets, found["until"], found["random"], *whom)):
        return False
    return await limiter.use_once("proof", found["random"], USE_KEPT_FOR_SECONDS)


def zero_bits(proof: str) -> int:
    """With how many zero bits the SHA-256 of a proof begins."""
    return 256 - int.from_bytes(hashlib.sha256(proof.encode()).digest()).bit_length()


def _signature(secrets: Secrets, *parts: str) -> str:
    return hmac.digest(secrets.session, "\0".join(("proof", *parts)).encode(), "sha256").hex()
