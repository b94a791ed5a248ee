"""The draw: pure, and as `docs/rush.md` says it, so that anybody finds the same order."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final
from uuid import UUID

from uit.core.signature import sign

SEED_OF_ROOM: Final = b"seed of a waiting room\0"

CHECK: Final = (
    "python3 -c 'import csv,sys,hashlib as h,uuid;s=bytes.fromhex(sys.argv[1]);"
    'i=[uuid.UUID(r["id"]) for r in csv.DictReader(open("lijst.csv"))];'
    "print(h.sha256(s).hexdigest(),i==sorted(i,key=lambda x:h.sha256(s+x.bytes).digest()))'"
)
"""What one types, with the seed behind it, beside the list that was drawn.

It says the promise, and whether the order is right.
"""


def seed_of(key: bytes, region_id: int, session_id: UUID, nonce: UUID) -> bytes:
    """The seed of a room: 32 bytes that nobody knows who has not the key."""
    return sign(key, SEED_OF_ROOM, region_id.to_bytes(4, "big") + session_id.bytes + nonce.bytes)


def promise_of(seed: bytes) -> bytes:
    """What is published of a seed before the draw."""
    return sha256(seed).digest()


def draw(seed: bytes, entry_ids: Iterable[UUID]) -> list[UUID]:
    """The entries in the order of the draw, in whatever order they are given."""
    return sorted(entry_ids, key=lambda each: sha256(seed + each.bytes).digest())
