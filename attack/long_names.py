"""Nearly a megabyte as the name of one field that nobody knows, again and again."""

from uuid import uuid4

import httpx

from attack.ground import Ground
from attack.report import Figure
from tests.edges.test_echo import MOST_OF_PROBLEM, long

TIMES, BYTES = 100, 950_000
MOST_MEGABYTES = 40


async def attack(ground: Ground) -> list[Figure]:
    session, anna = await ground.session(), await ground.world.resident()
    headers = await ground.world.api_client(session.organiser_id)
    async with ground.server() as server, httpx.AsyncClient(base_url=server.base, timeout=30) as client:
        before = server.memory_mb()
        answers = [
            await client.put(
                f"/api/v1/bookings/{uuid4()}",
                json={"pass_token": anna.token, "lines": [], long(number, BYTES): 1},
                headers=headers,
            )
            for number in range(TIMES)
        ]
        after = server.memory_mb()
    return [
        Figure("answers that are no refusal", sum(each.status_code != 422 for each in answers), 0),
        Figure("largest answer, bytes", max(len(each.content) for each in answers), MOST_OF_PROBLEM),
        Figure("memory before, MB", before),
        Figure("memory that it took, MB", after - before, MOST_MEGABYTES),
    ]
