"""Signatures of what an installation says of its books and its trail, for whoever keeps it."""

import hmac
from hashlib import sha256


def sign(key: bytes, purpose: bytes, content: bytes) -> bytes:
    """HMAC-SHA-256 of a content, for one purpose: a signature of another purpose is none."""
    return hmac.new(key, purpose + b"|" + content, sha256).digest()


def is_signed(key: bytes, purpose: bytes, content: bytes, signature: bytes) -> bool:
    return hmac.compare_digest(sign(key, purpose, content), signature)
