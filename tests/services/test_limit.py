"""How often somebody may try, with Valkey and without."""

from collections.abc import AsyncIterator
from datetime import timedelta
from os import urandom

import pytest

from uit.core.clock import SetClock
from uit.core.errors import TooOften
from uit.embedded.stores import Addresses
from uit.services.cache import Cache
from uit.services.limit import Limit, Limiter

THREE_A_MINUTE = Limit("knock", 3, 60)


@pytest.fixture(params=["valkey", "nothing"])
async def cache(request: pytest.FixtureRequest, addresses: Addresses) -> AsyncIterator[Cache]:
    opened = Cache(addresses.redis_url if request.param == "valkey" else "redis://127.0.0.1:1")
    yield opened
    await opened.close()


async def test_the_fourth_of_three_is_refused_until_the_next_window(cache: Cache, clock: SetClock) -> None:
    limiter = Limiter(cache, clock, urandom(16))
    clock.move(timedelta(seconds=20))

    answers = [await limiter.count(THREE_A_MINUTE, "an") for _ in range(4)]

    assert answers == [None, None, None, TooOften(40)]
    clock.move(timedelta(seconds=40))
    assert await limiter.count(THREE_A_MINUTE, "an") is None


async def test_everybody_and_everything_is_counted_apart(cache: Cache, clock: SetClock) -> None:
    limiter = Limiter(cache, clock, urandom(16))
    for _ in range(3):
        await limiter.count(THREE_A_MINUTE, "an", "hier")

    assert await limiter.count(THREE_A_MINUTE, "an", "daar") is None
    assert await limiter.count(THREE_A_MINUTE, "anhier") is None
    assert await limiter.count(Limit("ring", 3, 60), "an", "hier") is None
    assert await limiter.count(THREE_A_MINUTE, "an", "hier") == TooOften(60)


async def test_who_uses_up_what_is_shared_leaves_every_other_a_share(cache: Cache, clock: SetClock) -> None:
    limiter, share = Limiter(cache, clock, urandom(16)), Limit("share", 1, 60)

    async def ask(asker: str) -> bool:
        return await limiter.count_share(THREE_A_MINUTE, share, ("an",), (asker,)) is None

    assert [await ask("stranger") for _ in range(5)] == [True, True, True, False, False]
    assert [await ask("owner") for _ in range(2)] == [True, False]


async def test_what_works_once_is_used_up_across_the_edge_of_every_window(
    cache: Cache, clock: SetClock
) -> None:
    limiter, token = Limiter(cache, clock, urandom(16)), urandom(16).hex()
    clock.move(timedelta(minutes=59))
    first = await limiter.use_once("knock", token, 3600)
    clock.move(timedelta(minutes=1))

    assert (first, await limiter.use_once("knock", token, 3600)) == (True, False)
    assert await limiter.use_once("ring", token, 3600)
    assert await limiter.use_once("knock", urandom(16).hex(), 3600)


async def test_what_was_used_stays_so_when_valkey_goes_away(addresses: Addresses, clock: SetClock) -> None:
    key, reached, away = urandom(16), Cache(addresses.redis_url), Cache("redis://127.0.0.1:1")
    limiter = Limiter(reached, clock, key)
    first = await limiter.use_once("knock", "an", 60)
    await reached.close()
    limiter._cache = away

    assert (first, await limiter.use_once("knock", "an", 60)) == (True, False)
    await away.close()


async def test_what_one_process_used_up_is_used_up_in_another(addresses: Addresses, clock: SetClock) -> None:
    key, caches = urandom(16), [Cache(addresses.redis_url) for _ in range(2)]

    answers = [await Limiter(cache, clock, key).use_once("knock", "an", 60) for cache in caches]

    assert answers == [True, False]
    for cache in caches:
        await cache.close()


async def test_processes_count_together_in_valkey(addresses: Addresses, clock: SetClock) -> None:
    key, caches = urandom(16), [Cache(addresses.redis_url) for _ in range(2)]
    limiters = [Limiter(cache, clock, key) for cache in caches]

    answers = [await limiters[number % 2].count(THREE_A_MINUTE, "an") for number in range(4)]

    assert answers[-1] == TooOften(60)
    for cache in caches:
        await cache.close()
