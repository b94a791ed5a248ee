"""Passwords of staff: argon2id, in a thread, and in the same time for an account that does not exist."""

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
LEAST_REMAINDER = 8
"""The least number of characters of a password that are not part of obvious words."""

HASHER = PasswordHasher()


def weakness(password: str, *known: str) -> WeakPassword | None:
    """WeakPassword when the length is wrong, the characters are few, or the words are obvious or `known`.

    Obvious words and `known` words (name, address) are taken out, and LEAST_REMAINDER characters must remain.
    """
    normalised = normalise(password).casefold()
    remainder = normalised
    for word in (*OBVIOUS, *(part.casefold() for part in known if part)):
        remainder = remainder.replace(word, "")
    fits = LEAST_CHARACTERS <= len(normalised) <= MOST_CHARACTERS
    if fits and len(remainder) >= LEAST_REMAINDER and len(set(normalised)) > FEW_DIFFERENT:
        return None
    return WeakPassword(LEAST_CHARACTERS)


async def hash_password(password: str) -> str:
    return await asyncio.to_thread(HASHER.hash, normalise(password))


async def verify_password(password: str, hashed: str | None) -> bool:
    """Whether a password fits. Without a hash (no such account) never, in the same time."""
    return await asyncio.to_thread(_verify, password, hashed)


def _verify(password: str, hashed: str | None) -> bool:
    dummy = _dummy_hash()
    if len(password) > MOST_CHARACTERS:
        password = ""
    try:
        HASHER.verify(hashed or dummy, normalise(password))
    except VerificationError:
        return False
    return hashed is not None


@cache
def _dummy_hash() -> str:
    return HASHER.hash("the account that is not there")


def normalise(password: str) -> str:
    """The password in one Unicode normal form, whatever keyboard typed it (RFC 8265, 4.2.2)."""
    return unicodedata.normalize("NFKC", password)
