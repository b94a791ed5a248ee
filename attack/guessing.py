"""Fifty addresses guess somebody's password, while the owner signs in."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

from httpx import AsyncClient

from attack.ground import Ground
from attack.report import Figure
from tests.edges.server import Server
from tests.identity.steps import ANOTHER, PASSWORD, Hired, code_now, hire, proof_on, send
from uit.core.clock import SystemClock

CROWD = 50
ALREADY_TRIED = 150
MOST_SECONDS = 20
SIGN_IN = "/team/aanmelden"
HALF_A_MINUTE = timedelta(seconds=30)


async def attack(ground: Ground) -> list[Figure]:
    world = ground.world
    world.clock.set(SystemClock().now() - 10 * HALF_A_MINUTE)
    hired = await hire(world)
    async with ground.server() as server, browser(server, "203.0.113.9") as owner, crowd(server) as guessers:
        guessed: Counter[int] = Counter()
        guessing = asyncio.create_task(guess_on(guessers, hired, guessed))
        while guessed.total() < ALREADY_TRIED:  # noqa: ASYNC110 - until it is well under way
            await asyncio.sleep(0.1)
        new_device = await seconds_to_enter(ground, owner, hired)
        await send(owner, "/afmelden", "/team")
        world.clock.move(HALF_A_MINUTE)
        known_device = await seconds_to_enter(ground, owner, hired)
        guessing.cancel()
    return [
        Figure("guesses", guessed.total(), least=ALREADY_TRIED),
        Figure("guesses that got further", guessed[303], 0),
        Figure("owner inside from a new device, s", new_device, MOST_SECONDS),
        Figure("owner inside from a known device, s", known_device, MOST_SECONDS),
    ]


@asynccontextmanager
async def crowd(server: Server) -> AsyncIterator[list[AsyncClient]]:
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(browser(server, f"198.51.100.{number}"))
            for number in range(CROWD)
        ]


def browser(server: Server, address: str) -> AsyncClient:
    """A browser at another network address, as the proxy names it."""
    return AsyncClient(base_url=server.base, headers={"X-Forwarded-For": address}, timeout=60)


async def guess_on(crowd: list[AsyncClient], hired: Hired, guessed: Counter[int]) -> None:
    async def guess(each: AsyncClient) -> None:
        while True:
            answer = await send(each, SIGN_IN, SIGN_IN, email=hired.email, password=ANOTHER)
            guessed[answer.status_code] += 1

    async with asyncio.TaskGroup() as guessing:
        for each in crowd:
            guessing.create_task(guess(each))


async def seconds_to_enter(ground: Ground, owner: AsyncClient, hired: Hired) -> float:
    """From the form to the desk, with the proof of work where it is asked for."""
    began = time.monotonic()
    given = {"email": hired.email, "password": PASSWORD}
    answer = await send(owner, SIGN_IN, SIGN_IN, **given)
    if answer.status_code == 429 and re.search("data-proof", answer.text):
        answer = await send(owner, SIGN_IN, SIGN_IN, **given, proof=proof_on(answer.text))
    assert answer.status_code == 303, answer.status_code
    answer = await send(owner, "/team/code", "/team/code", code=code_now(ground.world, hired.secret))
    assert answer.status_code == 303, answer.status_code
    assert (await owner.get("/team")).status_code == 200
    return time.monotonic() - began
