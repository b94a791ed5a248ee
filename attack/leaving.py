"""A thousand connections that break off in the middle of a body."""

import asyncio

import httpx

from attack.ground import Ground
from attack.report import Figure
from tests.edges.server import FORM, Server, head
from tests.edges.test_sent_body import until_given_up

TIMES, AT_ONCE = 1_000, 50
MOST_BYTES_OF_A_LINE = 300


async def attack(ground: Ground) -> list[Figure]:
    async with ground.server() as server, httpx.AsyncClient(base_url=server.base, timeout=15) as caller:
        for _ in range(TIMES // AT_ONCE):
            await asyncio.gather(*(leave(server, b"email=an" * (n % 2)) for n in range(AT_ONCE)))
        await until_given_up(caller, "gone", TIMES)
        log = server.log.read_text()
    return [
        Figure("lines of log", len(server.logged()), TIMES, TIMES),
        Figure("bytes of log for each", len(log) / TIMES, MOST_BYTES_OF_A_LINE),
        Figure("tracebacks", log.count("Traceback"), 0),
    ]


async def leave(server: Server, start: bytes) -> None:
    leaver = await server.connect()
    await leaver.send(head("POST", "/aanmelden", {**FORM, "Content-Length": 100}) + start)
    await leaver.close()
