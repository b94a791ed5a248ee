"""Valkey remembers for a moment and counts; when it is away, or holds its breath, everything goes on."""

import os
import signal
from collections.abc import AsyncIterator
from time import perf_counter
from uuid import UUID, uuid4

import pytest
from msgspec import Struct

from uit.embedded.stores import Addresses, open_valkey
from uit.services.cache import Cache

PATIENCE_SECONDS = 10


class Thing(Struct, frozen=True):
    id: UUID
    names: tuple[str, ...]


@pytest.fixture
async def cache(addresses: Addresses) -> AsyncIterator[Cache]:
    made = Cache(addresses.redis_url)
    yield made
    await made.close()


@pytest.fixture
def key() -> str:
    return f"test:{uuid4()}"


async def test_what_is_put_is_got_until_it_is_forgotten(cache: Cache, key: str) -> None:
    thing = Thing(uuid4(), ("Anna", "Bilal"))
    await cache.put(key, thing, 60)

    assert await cache.get(key, Thing) == thing
    await cache.forget(key)
    assert await cache.get(key, Thing) is None


async def test_what_is_put_is_kept_for_its_seconds_and_no_longer(cache: Cache, key: str) -> None:
    await cache.put(key, 1, 60)

    assert 0 < await cache._redis.ttl(key) <= 60


async def test_what_another_version_put_there_is_as_good_as_nothing(cache: Cache, key: str) -> None:
    await cache.put(key, "a word", 60)
    assert await cache.get(key, Thing) is None

    await cache._redis.set(key, b"\xc1 not msgpack")
    assert await cache.get(key, Thing) is None


async def test_counting_goes_up_within_a_window_that_does_not_move(cache: Cache, key: str) -> None:
    assert [await cache.count(key, 60) for _ in range(3)] == [1, 2, 3]
    await cache._redis.expire(key, 10)
    await cache.count(key, 60)

    assert 0 < await cache._redis.ttl(key) <= 10


async def test_without_valkey_nothing_is_remembered_and_nothing_fails(key: str) -> None:
    store = open_valkey(None)
    cache = Cache(store.url)
    await cache.put(key, 1, 60)
    assert await cache.alive()

    store.close()

    assert await answers_without(cache, key)
    await cache.close()


async def test_a_valkey_that_hangs_is_not_waited_for(key: str) -> None:
    with open_valkey(None) as store:
        cache = Cache(store.url)
        await cache.put(key, 1, 60)
        os.kill(store.pid, signal.SIGSTOP)
        try:
            began = perf_counter()
            assert await answers_without(cache, key)
            assert perf_counter() - began < PATIENCE_SECONDS
        finally:
            os.kill(store.pid, signal.SIGCONT)
        await cache.close()


async def test_valkey_is_used_again_when_it_is_back(key: str) -> None:
    with open_valkey(None) as store:
        cache = Cache(store.url)
        os.kill(store.pid, signal.SIGSTOP)
        await cache.put(key, 1, 60)
        os.kill(store.pid, signal.SIGCONT)

        await cache.put(key, 2, 60)

        assert await cache.get(key, int) == 2
        await cache.close()


async def answers_without(cache: Cache, key: str) -> bool:
    await cache.put(key, 2, 60)
    await cache.forget(key)
    return (await cache.get(key, int), await cache.count(key, 60), await cache.alive()) == (None, None, False)
