"""How often somebody may try. Valkey counts for all processes; while it is away, each counts for itself."""

import hmac
from collections import Counter

from msgspec import Struct

from uit.core.clock import Clock
from uit.core.errors import TooOften
from uit.services.cache import Cache

MOST_COUNTED = 50_000


class Limit(Struct, frozen=True):
    """At most `times` in each window of `seconds`; `name` tells apart what is tried."""

    name: str
    times: int
    seconds: int


class Limiter:
    """Counts tries under a keyed digest of who tries, so that the store holds no addresses of people."""

    def __init__(self, cache: Cache, clock: Clock, key: bytes) -> None:
        self._cache, self._clock, self._key = cache, clock, key
        self._near: Counter[str] = Counter()

    async def count(self, limit: Limit, *who: str) -> TooOften | None:
        """Count one try of `who`; refused when it is one too many, with the seconds until the next window."""
        window, gone = divmod(int(self._clock.now().timestamp()), limit.seconds)
        name = "\0".join((limit.name, str(window), *who))
        key = f"uit:limit:{hmac.digest(self._key, name.encode(), 'sha256').hex()}"
        counted = await self._cache.count(key, limit.seconds)
        if counted is None:
            counted = self._count_near(key)
        return TooOften(limit.seconds - gone) if counted > limit.times else None

    def _count_near(self, key: str) -> int:
        if len(self._near) >= MOST_COUNTED:
            self._near.clear()
        self._near[key] += 1
        return self._near[key]
