"""Forms of a megabyte, and forms of nothing but fields, from who is not signed in."""

import httpx

from attack.ground import Ground
from attack.report import Figure
from tests.edges.server import FORM, Server

TIMES = 100
BYTES, FIELDS = 1_000_000, 30_000
MOST_MS = 25


async def attack(ground: Ground) -> list[Figure]:
    async with ground.server() as server, httpx.AsyncClient(base_url=server.base, timeout=30) as client:
        large = await cost_ms(server, client, b"email=" + b"x" * BYTES, 413)
        many = await cost_ms(server, client, b"a&" * FIELDS, 422)
    return [
        Figure("1 MB: computing for each, ms", large, MOST_MS),
        Figure("30,000 fields: computing for each, ms", many, MOST_MS),
    ]


async def cost_ms(server: Server, client: httpx.AsyncClient, sent: bytes, status: int) -> float:
    """What one such form costs the only loop."""
    await client.get("/aanmelden")
    before = server.cpu_seconds()
    answers = [await client.post("/aanmelden", content=sent, headers=FORM) for _ in range(TIMES)]
    assert {each.status_code for each in answers} == {status}, {each.status_code for each in answers}
    return (server.cpu_seconds() - before) * 1000 / TIMES
