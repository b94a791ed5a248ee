"""Thousands of connections that each send a form byte by byte, to the application and to Caddy before it."""

import asyncio
from dataclasses import replace

import httpx

from attack.ground import Ground
from attack.report import Figure
from tests.edges.proxy import caddy_in_front_of
from tests.edges.server import Server, slow_senders

CONNECTIONS = 5_000
ROUNDS = 5
READ = ("/", "/aanmelden", "/dender", "/health/ready")
MOST_SECONDS, MOST_MEGABYTES = 5, 150


async def at_the_application(ground: Ground) -> list[Figure]:
    async with ground.server() as server:
        return await attack(server, server)


async def at_the_proxy(ground: Ground) -> list[Figure]:
    async with ground.server() as server, caddy_in_front_of(server.port, ground.folder) as port:
        front = replace(server, port=port, connections=[])
        try:
            return await attack(front, server)
        finally:
            await front.hang_up()


async def attack(front: Server, server: Server) -> list[Figure]:
    """What others are answered at `front` while it lasts, and what it costs `server`."""
    async with httpx.AsyncClient(base_url=front.base, timeout=30) as visitor:
        await ask(visitor)
        before = server.memory_mb()
        async with slow_senders(front, CONNECTIONS):
            answers = []
            for _ in range(ROUNDS):
                answers += await ask(visitor)
                await asyncio.sleep(1)
            after = server.memory_mb()
    return [
        Figure(
            "pages that others asked for and did not get", sum(not each.is_success for each in answers), 0
        ),
        Figure("slowest of them, s", max(each.elapsed.total_seconds() for each in answers), MOST_SECONDS),
        Figure("memory that it took, MB", after - before, MOST_MEGABYTES),
    ]


async def ask(visitor: httpx.AsyncClient) -> list[httpx.Response]:
    return [await visitor.get(path) for path in READ]
