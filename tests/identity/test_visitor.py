"""Who is forgotten is unknown at once: in the cache, in this process and in every other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta

import pytest

from tests.builders import World
from uit.core.secret import digest
from uit.database.listener import listen
from uit.identity.visitor import FORGOTTEN, Authenticator, CachedVisitor, cache_key


async def bearer(world: World) -> str:
    """The token of a client."""
    return (await world.api_client(await world.organiser()))["Authorization"].removeprefix("Bearer ")


async def end(world: World) -> None:
    await world.execute("UPDATE identity.access_token SET revoked_at = $1", world.clock.now())


@pytest.fixture
async def other(world: World) -> AsyncIterator[Authenticator]:
    """Another process of the same installation, which listens."""
    services = world.services
    made, connected = Authenticator(services.database, services.cache, world.clock), asyncio.Event()

    def told(said: str) -> None:
        made.on_forgotten(said)
        connected.set()

    task = asyncio.create_task(listen(services.settings.database_url, FORGOTTEN, told))
    await connected.wait()
    yield made
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def heard(other: Authenticator) -> None:
    async with asyncio.timeout(2):
        while not other._forgotten:  # noqa: ASYNC110 - what is waited for is the notification
            await asyncio.sleep(0.001)


async def test_another_process_forgets_who_was_ended_here(world: World, other: Authenticator) -> None:
    token, here = await bearer(world), world.app.state.authenticator
    assert None not in [await each.by_bearer(token) for each in (here, other)]

    await end(world)
    assert await other.by_bearer(token) is not None
    await here.forget(digest("bearer", token), kind="bearer")
    await heard(other)

    assert [await each.by_bearer(token) for each in (here, other)] == [None, None]


async def test_what_a_process_read_a_moment_before_does_not_come_back_by_the_cache(
    world: World, other: Authenticator
) -> None:
    token, here = await bearer(world), world.app.state.authenticator
    visitor, hashed = await here.by_bearer(token), digest("bearer", token)
    await end(world)
    await here.forget(hashed, kind="bearer")
    await heard(other)

    late = CachedVisitor(visitor, world.clock.now() + timedelta(hours=1))
    await world.services.cache.put(cache_key("bearer", hashed), late, 60)

    assert [await each.by_bearer(token) for each in (here, other)] == [None, None]


async def test_after_a_time_without_hearing_everybody_is_looked_up_again(world: World) -> None:
    token, here = await bearer(world), world.app.state.authenticator
    await here.by_bearer(token)
    await end(world)
    await world.services.cache.forget(cache_key("bearer", digest("bearer", token)))
    assert await here.by_bearer(token) is not None

    here.on_forgotten("")

    assert await here.by_bearer(token) is None
