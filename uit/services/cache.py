"""The cache and the counters in Valkey or Redis. No data is only there, and uit works without it."""

from typing import TypeVar

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

T = TypeVar("T")
AWAY = (RedisError, OSError, TimeoutError)

log = structlog.get_logger()


class Cache:
    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, socket_timeout=0.25, socket_connect_timeout=0.25)

    async def get(self, key: str, kind: type[T]) -> T | None:
        """The value of a key; None when it has expired, cannot be decoded, or Valkey cannot be reached."""
        try:
            found = await self._redis.get(key)
            return None if found is None else msgspec.msgpack.decode(found, type=kind)  # type: ignore[arg-type]
        except (*AWAY, msgspec.MsgspecError):
            return None

    async def put(self, key: str, value: object, seconds: int) -> None:
        try:
            await self._redis.set(key, msgspec.msgpack.encode(value), ex=seconds)
        except AWAY as away:
            log.info("cache_away", reason=type(away).__name__)

    async def forget(self, key: str) -> None:
        try:
            await self._redis.delete(key)
        except AWAY as away:
            log.info("cache_away", reason=type(away).__name__)

    async def count(self, key: str, seconds: int) -> int | None:
        """Count one call for a key and return the calls within the present window of `seconds`.

        None when Valkey cannot be reached.
        """
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.incr(key)  # type: ignore[unused-awaitable]
                pipe.expire(key, seconds, nx=True)  # type: ignore[unused-awaitable]
                counted, _ = await pipe.execute()
            return int(counted)
        except AWAY:
            return None

    async def alive(self) -> bool:
        try:
            return bool(await self._redis.ping())
        except AWAY:
            return False

    async def close(self) -> None:
        await self._redis.aclose()
