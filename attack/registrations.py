"""Six counters register the same person at the same moment."""

import asyncio

from httpx import AsyncClient

from attack.ground import Ground
from attack.report import Figure
from tests.identity.steps import send
from tests.passes.counter import insz, open_counter, person_fields
from uit.core.clock import SystemClock
from uit.identity.authentication import SESSION_COOKIE

COUNTERS = 6
FORM = "/dender/balie/nieuw"


async def attack(ground: Ground) -> list[Figure]:
    world = ground.world
    before = await world.value("SELECT count(*) FROM identity.person")
    async with ground.server() as server:
        world.clock.set(SystemClock().now())
        browsers = []
        for _ in range(COUNTERS):
            await open_counter(world)
            cookies = {SESSION_COOKIE: world.client.cookies[SESSION_COOKIE]}
            browsers.append(AsyncClient(base_url=server.base, cookies=cookies, timeout=30))
        forms = [person_fields() | {"insz": insz()} for _ in browsers]
        answers = await asyncio.gather(
            *(send(each, FORM, FORM, **form) for each, form in zip(browsers, forms, strict=True))
        )
        for each in browsers:
            await each.aclose()
    statuses = [each.status_code for each in answers]
    made = await world.value("SELECT count(*) FROM identity.person") - before
    return [
        Figure("persons", made, 1, 1),
        Figure("counters that were shown who is there", statuses.count(409), COUNTERS - 1, COUNTERS - 1),
    ]
