"""What an operator types, in the process of the test."""

import asyncio

import pytest

from tests.builders import World
from uit.core.settings import Settings
from uit.entrypoints.commands import module_of, parser
from uit.entrypoints.refused import CommandRefused
from uit.identity.visitor import Authenticator


async def typed(settings: Settings, *words: str) -> int:
    """The exit code of `python -m uit WORDS`. Raises CommandRefused, whose words main says."""
    given = parser(words).parse_args(words)
    exit_code: int = await module_of(given.command).run(settings, given)
    return exit_code


async def refused(settings: Settings, exit_code: int, *words: str) -> str:
    """What is said on standard error, after this exit code."""
    with pytest.raises(CommandRefused) as found:
        await typed(settings, *words)
    assert found.value.exit_code == exit_code
    return str(found.value)


async def heard_it(world: World) -> None:
    """Until the process of the town remembers nobody, because it heard who is forgotten.

    That takes the database a moment; what else it remembers is of the same browser.
    """
    authenticator: Authenticator = world.app.state.authenticator
    async with asyncio.timeout(2):
        while authenticator._recent:  # noqa: ASYNC110 - what is waited for is the notification
            await asyncio.sleep(0.001)
