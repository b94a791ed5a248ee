"""Being told by the database: a connection that listens to a channel, and is replaced when it is lost."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import asyncpg
import structlog

from uit.database.hosts import Hosts
from uit.database.pool import AWAY

SECONDS_BETWEEN_CHECKS = 30
SECONDS_TO_ANSWER = 10
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5

log = structlog.get_logger()


async def listen(dsn: str, channel: str, on_message: Callable[[str], None]) -> None:
    """Call `on_message` with what every notification says.

    It is called with nothing after every connecting: what was said before that was not heard.

    Until cancelled. While there is no connection, whoever wants to be told has to look by themselves.
    """
    hosts, pause = Hosts(dsn), FIRST_PAUSE
    while True:
        try:
            connection = await hosts.connect(timeout=SECONDS_TO_ANSWER)
        except AWAY as away:
            log.warning("listener_waits", channel=channel, reason=type(away).__name__)
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            pause = FIRST_PAUSE
            await listen_until_lost(connection, channel, on_message)
            log.warning("listener_lost", channel=channel)
        await asyncio.sleep(pause)


async def listen_until_lost(
    connection: "asyncpg.Connection[Any]", channel: str, on_message: Callable[[str], None]
) -> None:
    """Until the connection is lost, which may be without a word: now and then it is asked for an answer."""
    lost = asyncio.Event()
    connection.add_termination_listener(lambda *_: lost.set())
    try:
        await connection.add_listener(channel, lambda *notification: on_message(notification[-1]))
        on_message("")
        while not await is_set_within(lost, SECONDS_BETWEEN_CHECKS):
            await connection.execute("SELECT", timeout=SECONDS_TO_ANSWER)
    except AWAY:
        pass
    finally:
        connection.terminate()


async def is_set_within(event: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        return await asyncio.wait_for(event.wait(), seconds)
    return False
