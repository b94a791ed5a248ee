"""Challenges that are signed and not stored: each says until when it holds, and is for one purpose."""

import re
from datetime import datetime
from typing import Final

from msgspec import Struct

from uit.core.secret import new_token
from uit.core.signature import is_signed, sign

CHALLENGE: Final = re.compile(
    r"(?P<until>\d{1,12})\.(?P<random>[\w-]{43})\.(?P<signature>[0-9a-f]{64})", re.ASCII
)
USE_KEPT_FOR_SECONDS: Final = 3600
"""So long it is remembered that a challenge was used; each holds for less."""


class Challenge(Struct, frozen=True):
    """`text` is what goes out and comes back; `random` is the part of it that no other challenge has."""

    text: str
    random: str


def new_challenge(key: bytes, purpose: bytes, until: datetime, *whom: str) -> Challenge:
    """A challenge that holds until then, for `whom`, which it does not say itself."""
    ends, random = str(int(until.timestamp())), new_token()
    return Challenge(f"{ends}.{random}.{sign(key, purpose, content_of(ends, random, *whom)).hex()}", random)


def read_challenge(key: bytes, purpose: bytes, text: str, now: datetime, *whom: str) -> Challenge | None:
    """The challenge of a text that we made for this purpose and for `whom`, and that still holds."""
    found = CHALLENGE.fullmatch(text)
    if found is None or int(found["until"]) < now.timestamp():
        return None
    content = content_of(found["until"], found["random"], *whom)
    is_ours = is_signed(key, purpose, content, bytes.fromhex(found["signature"]))
    return Challenge(text, found["random"]) if is_ours else None


def content_of(*parts: str) -> bytes:
    return "\0".join(parts).encode()
