"""The keys of an installation: made at the first start, in a file that only its owner can read.

Keys are never stored in the database or in the repository.
"""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

import msgspec
from msgspec import Struct


class Secrets(Struct, frozen=True):
    """`signing` signs QR codes, `insz` keys the hash of national numbers, `sealing` encrypts second factors.

    `session` signs the tokens of forms, the tokens that forms make, and the cookies of known devices.
    """

    signing: bytes
    insz: bytes
    sealing: bytes
    session: bytes

    @classmethod
    def make(cls, random: Callable[[int], bytes] = secrets.token_bytes) -> "Secrets":
        return cls(*(random(32) for _ in cls.__struct_fields__))


class StoredDigest(Struct, frozen=True):
    """A row that is known by the digest of its secret, such as a session or a token."""

    digest: bytes


def read_or_make(path: Path) -> Secrets:
    """The keys in the file, made when the file is missing.

    The file appears atomically, so that two processes that start at once read the same keys.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=path.name) as draft:
            draft.write(msgspec.json.encode(Secrets.make()))
            draft.flush()
            with suppress(FileExistsError):
                os.link(draft.name, path)
    return msgspec.json.decode(path.read_bytes(), type=Secrets)


def digest(*parts: object) -> bytes:
    """The BLAKE2b-256 digest that is stored instead of a secret that was given to somebody."""
    joined = b"\0".join(part if isinstance(part, bytes) else str(part).encode() for part in parts)
    return hashlib.blake2b(joined, digest_size=32).digest()


def new_token(random: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """256 random bits, to put in a link or a cookie."""
    return base64.urlsafe_b64encode(random(32)).decode().rstrip("=")


def equal_in_constant_time(one: str | bytes, other: str | bytes) -> bool:
    """Compare two secrets in a time that does not depend on their content."""
    return hmac.compare_digest(
        one if isinstance(one, bytes) else one.encode(), other if isinstance(other, bytes) else other.encode()
    )
