"""What a signal to stop does to who is being served."""

import asyncio
import signal
import time
from uuid import uuid4

import asyncpg
import httpx
import pytest

from tests.builders import World
from tests.edges.server import FORM, Server, head
from tests.reservations.booking.test_api import body, stage
from tests.town import children, wait_until_gone
from tests.web.test_shell import until_somebody_waits

MOST_SECONDS = 30


async def test_bookings_that_were_asked_for_are_answered_and_nothing_more_is_taken(
    world: World, server: Server, caller: httpx.AsyncClient, dsn: str
) -> None:
    session, anna, headers = await stage(world, seats=20, credit_cents=20_000)
    addresses = [f"/api/v1/bookings/{uuid4()}" for _ in range(16)]
    owner = await asyncpg.connect(dsn)
    idle = await server.connect()
    await owner.execute("BEGIN; LOCK reservations.pool")
    asked = [
        asyncio.create_task(caller.put(each, json=body(session, anna), headers=headers)) for each in addresses
    ]
    await until_somebody_waits(dsn)
    family = children(server.process.pid)

    server.process.send_signal(signal.SIGTERM)
    await asyncio.sleep(0.5)
    with pytest.raises(ConnectionRefusedError):
        await server.connect()
    assert await idle.answer() == b""
    await owner.execute("COMMIT")
    answers = await asyncio.gather(*asked)

    assert {answer.status_code for answer in answers} == {201}
    assert {answer.headers.get("connection") for answer in answers} == {"close"}
    assert await server.until_ended(MOST_SECONDS) == 0
    assert family
    assert wait_until_gone(family, seconds=0) == set()
    assert server.logged() == []
    assert "Traceback" not in server.log.read_text()
    assert await world.places_left(session) == 20 - 16
    await owner.close()


@pytest.mark.parametrize("server", [{"STOP_SECONDS": "2"}], indirect=True)
async def test_a_request_without_an_end_holds_a_stop_up_no_longer_than_its_limit(server: Server) -> None:
    for _ in range(3):
        await (await server.connect()).send(head("POST", "/aanmelden", {**FORM, "Content-Length": 10}))
    await asyncio.sleep(0.2)
    began = time.monotonic()

    server.process.send_signal(signal.SIGTERM)

    assert await server.until_ended(MOST_SECONDS) == 0
    assert 2 <= time.monotonic() - began < 7
    assert [line["event"] for line in server.logged()] == ["stopped_before_all_was_answered"]


async def test_a_process_that_is_stopping_says_that_it_is_not_ready(world: World) -> None:
    world.services.vital_tasks.let_end()

    answer = await world.client.get("/health/ready")

    assert (answer.status_code, answer.json()["tasks"]) == (503, False)
