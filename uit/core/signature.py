"""Signatures of what an installation gives out and has to know again: books, days, links, cookies, forms."""

import hmac
from hashlib import sha256


def sign(key: bytes, purpose: bytes, content: bytes) -> bytes:
    """HMAC-SHA-256 of a content, for one purpose: a signature of another purpose is none.

    A purpose ends in `|` or a zero byte that its first word does not hold, so that none begins another.
    """
    return hmac.digest(key, purpose + content, sha256)


def is_signed(key: bytes, purpose: bytes, content: bytes, signature: bytes) -> bool:
    return hmac.compare_digest(sign(key, purpose, content), signature)
