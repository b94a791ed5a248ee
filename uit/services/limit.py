"""Rate limits. Valkey counts for all processes; when it cannot be reached, each process counts its own."""

import hmac
from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from uit.core.clock import Clock
from uit.core.errors import TooOften
from uit.services.cache import Cache

MOST_LOCAL_COUNTS = 50_000


class Limit(Struct, frozen=True):
    """At most `times` attempts in each window of `seconds`; `name` identifies the limit."""

    name: str
    times: int
    seconds: int


class Limiter:
    """Counts attempts under a keyed digest of who makes them, so that Valkey holds no addresses of people."""

    def __init__(self, cache: Cache, clock: Clock, key: bytes) -> None:
        self._cache, self._clock, self._key = cache, clock, key
        self._local_counts: Counter[str] = Counter()

    async def count(self, limit: Limit, *who: str) -> TooOften | None:
        """Count one attempt of `who`. Above the limit: TooOften, with the seconds until the next window."""
        window, elapsed = divmod(int(self._clock.now().timestamp()), limit.seconds)
        key = self._key_of(limit.name, str(window), *who)
        counted = await self._cache.count(key, limit.seconds)
        if counted is None:
            counted = self._count_locally(key)
        return TooOften(limit.seconds - elapsed) if counted > limit.times else None

    async def count_share(
        self, total: Limit, share: Limit, subject: Sequence[str], asker: Sequence[str]
    ) -> TooOften | None:
        """Count one attempt of `asker` at `subject`: who uses up the total leaves others their own share.

        Refused only when `subject` is above `total` and this asker above `share`: else one stranger could
        keep away whom the subject belongs to.
        """
        above = await self.count(total, *subject)
        above_share = await self.count(share, *subject, *asker)
        return above_share if above else None

    async def use_once(self, name: str, token: str, seconds: int) -> bool:
        """Use up a token of this name; False when it was used in the last `seconds`.

        A token must hold for less than that. This process remembers it too, so that Valkey may go away or
        come back between two uses.
        """
        key = self._key_of(name, token)
        is_first_here = self._count_locally(key) == 1
        counted = await self._cache.count(key, seconds)
        return is_first_here and counted in {None, 1}

    def _key_of(self, *parts: str) -> str:
        name = "\0".join(parts)
        return f"uit:limit:{hmac.digest(self._key, name.encode(), 'sha256').hex()}"

    def _count_locally(self, key: str) -> int:
        if len(self._local_counts) >= MOST_LOCAL_COUNTS:
            self._local_counts.clear()
        self._local_counts[key] += 1
        return self._local_counts[key]
