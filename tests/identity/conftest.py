"""Towns that run otherwise than most: as the example, over TLS, without Valkey."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from tests.builders import World
from tests.conftest import Letterbox
from uit.core.clock import SetClock
from uit.embedded.stores import Addresses

Opens = Callable[..., AbstractAsyncContextManager[World]]


@pytest.fixture
def town(
    dsn: str, addresses: Addresses, clock: SetClock, tmp_path: Path, post: tuple[str, Letterbox]
) -> Opens:
    """Opens a town with these settings changed."""
    smtp_url, box = post

    @asynccontextmanager
    async def opens(**more: str | bool) -> AsyncIterator[World]:
        box.mails.clear()
        redis_url = str(more.pop("redis_url", addresses.redis_url))
        async with World.open(dsn, redis_url, smtp_url, clock, tmp_path, **more) as made:
            made.mails = box.mails
            yield made

    return opens
