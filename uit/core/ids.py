"""Identifiers that sort by the time they were made (RFC 9562, version 7)."""

from collections.abc import Callable
from os import urandom
from typing import Protocol
from uuid import UUID

from uit.core.clock import Clock

VERSION_7 = 0x7 << 76
VARIANT = 0b10 << 62
RANDOM_BITS = 0xFFF << 64 | (1 << 62) - 1
BYTES_EACH = 10
AT_ONCE = 64


class Ids(Protocol):
    def new(self) -> UUID:
        """An identifier that nobody had before."""


class TimeOrderedIds:
    """UUIDv7: 48 bits of milliseconds, then 74 random bits; neighbours in time are neighbours in an index.

    Randomness is fetched for many ids at once: a booking makes several, and asking the system is half their
    cost.
    """

    def __init__(self, clock: Clock, random: Callable[[int], bytes] = urandom) -> None:
        self._clock = clock
        self._random = random
        self._noise = b""

    def new(self) -> UUID:
        if not self._noise:
            self._noise = self._random(BYTES_EACH * AT_ONCE)
        noise, self._noise = self._noise[:BYTES_EACH], self._noise[BYTES_EACH:]
        milliseconds = int(self._clock.now().timestamp() * 1000)
        return UUID(int=milliseconds << 80 | VERSION_7 | VARIANT | int.from_bytes(noise, "big") & RANDOM_BITS)
