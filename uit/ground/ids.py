"""Identifiers that sort by the time they were made (RFC 9562, version 7)."""

from collections.abc import Callable
from os import urandom
from typing import Protocol
from uuid import UUID

from uit.ground.clock import Clock

VERSION_7 = 0x7 << 76
VARIANT = 0b10 << 62


class Ids(Protocol):
    def new(self) -> UUID:
        """An identifier that nobody had before."""


class TimeOrderedIds:
    """UUIDv7: 48 bits of milliseconds, then 74 random bits; neighbours in time are neighbours in an index."""

    def __init__(self, clock: Clock, random: Callable[[int], bytes] = urandom) -> None:
        self._clock = clock
        self._random = random

    def new(self) -> UUID:
        milliseconds = int(self._clock.now().timestamp() * 1000)
        noise = int.from_bytes(self._random(10), "big")
        high = (noise >> 62) & 0xFFF
        low = noise & ((1 << 62) - 1)
        return UUID(int=milliseconds << 80 | VERSION_7 | high << 64 | VARIANT | low)
