"""Passwords of staff: argon2id, off the event loop, and as slow for an account that is not there."""

import asyncio
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from uit.identity.errors import WeakPassword

LEAST_CHARACTERS = 12
MOST_CHARACTERS = 200
FEW_DIFFERENT = 4
OBVIOUS = (
    "wachtwoord", "password", "motdepasse", "welkom", "geheim", "letmein", "iloveyou", "bonjour", "admin",
    "uitpas", "vrijetijd", "gemeente", "zomer", "winter", "lente", "herfst", "qwerty", "azerty",
    "123456", "abcdef",
)  # fmt: skip
LEAST_BESIDES = 8
"""What must be left of a password when the obvious is taken out of it."""

HASHER = PasswordHasher()


def weakness(password: str, *known: str) -> WeakPassword | None:
    """Refuse what is short, or little more than obvious words, rows of keys, or `known` (name, address)."""
    said = normal(password).casefold()
    besides = said
    for word in (*OBVIOUS, *(part.casefold() for part in known if part)):
        besides = besides.replace(word, "")
    fits = LEAST_CHARACTERS <= len(said) <= MOST_CHARACTERS
    if fits and len(besides) >= LEAST_BESIDES and len(set(said)) > FEW_DIFFERENT:
        return None
    return WeakPassword(LEAST_CHARACTERS)


async def hash_password(password: str) -> str:
    return await asyncio.to_thread(HASHER.hash, normal(password))


async def is_right(password: str, hashed: str | None) -> bool:
    """Whether a password fits; without a hash (no such account) as slow, and never."""
    return await asyncio.to_thread(_verify, password, hashed)


def _verify(password: str, hashed: str | None) -> bool:
    nobody = _nobody()
    if len(password) > MOST_CHARACTERS:
        password = ""
    try:
        HASHER.verify(hashed or nobody, normal(password))
    except VerificationError:
        return False
    return hashed is not None


@cache
def _nobody() -> str:
    return HASHER.hash("the account that is not there")


def normal(password: str) -> str:
    """The same password from every keyboard (RFC 8265, 4.2.2)."""
    return unicodedata.normalize("NFKC", password)
