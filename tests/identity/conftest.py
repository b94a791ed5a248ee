"""Towns that run otherwise than most: as the example, over TLS, without Valkey."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from tests.builders import World
from tests.conftest import Letterbox
from uit.core.clock import SetClock
from uit.embedded.stores import Addresses
from uit.embedded.text_catcher import catch_texts
from uit.services.text_message import Texter
from uit.web.caught_mail import CaughtText, caught_texts

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


@pytest.fixture
async def texts(world: World, tmp_path: Path) -> AsyncIterator[Callable[[], list[CaughtText]]]:
    """The world sends text messages, to a gateway that keeps them."""
    async with catch_texts(tmp_path / "texts") as sms_url:
        texter = Texter(sms_url, "uit")
        vars(world.services)["texter"] = texter
        yield lambda: caught_texts(tmp_path / "texts")
        await texter.close()
