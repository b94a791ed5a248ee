"""A proof of work: what a browser computes in about a second, when too much was tried from where it is.

It slows down who tries thousands, and lets in who was made to look like them. Its challenge is signed for
who typed and from where, so that nothing is stored until a proof is used.
`templates/assets/proof.js` finds the number.
"""

import hashlib
import re
from datetime import datetime, timedelta
from typing import Final

from uit.core.secret import Secrets
from uit.identity.sign_in import challenge
from uit.services.limit import Limiter

BITS: Final = 16
LIFETIME: Final = timedelta(minutes=10)
SIGNED_FOR: Final = b"proof\0"
NUMBER: Final = re.compile(r"\d{1,12}", re.ASCII)


def challenge_for(secrets: Secrets, now: datetime, *whom: str) -> str:
    """A challenge for `whom`: the address that was typed and the network address of who typed it."""
    return challenge.new_challenge(secrets.session, SIGNED_FOR, now + LIFETIME, *whom).text


async def is_proven(limiter: Limiter, secrets: Secrets, now: datetime, proof: str, *whom: str) -> bool:
    """Whether a proof is right, of a challenge for `whom` that still holds, and was not used before."""
    asked, _, number = proof.partition(":")
    if NUMBER.fullmatch(number) is None or zero_bits(proof) < BITS:
        return False
    found = challenge.read_challenge(secrets.session, SIGNED_FOR, asked, now, *whom)
    return found is not None and await limiter.use_once("proof", found.random, challenge.USE_KEPT_FOR_SECONDS)


def zero_bits(proof: str) -> int:
    """With how many zero bits the SHA-256 of a proof begins."""
    return 256 - int.from_bytes(hashlib.sha256(proof.encode()).digest()).bit_length()
