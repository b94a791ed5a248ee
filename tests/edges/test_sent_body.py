"""Bodies that come slowly, break off, or are too large; over sockets, since a client sends no such thing."""

import asyncio

import httpx
import pytest

from tests.builders import World
from tests.edges.server import FORM, Server, head, slow_senders
from tests.reservations.booking.test_api import body, put, stage
from uit.web.sent_body import MOST_OF_ADDRESS, SECONDS_FOR_BODY

SEVERAL_SLOW = 600


async def given_up(caller: httpx.AsyncClient, why: str) -> int:
    """How many bodies the server says that it did not read to their end."""
    figures = (await caller.get("/metrics")).text.splitlines()
    line = next(line for line in figures if line.startswith(f'uit_bodies_given_up_total{{why="{why}"}}'))
    return int(float(line.split()[1]))


async def until_given_up(caller: httpx.AsyncClient, why: str, count: int) -> None:
    async with asyncio.timeout(15):
        while await given_up(caller, why) < count:  # noqa: ASYNC110  nothing else tells
            await asyncio.sleep(0.05)


async def test_while_many_send_slowly_others_are_answered(server: Server, caller: httpx.AsyncClient) -> None:
    async with slow_senders(server, SEVERAL_SLOW):
        answers = [await caller.get(path) for path in ("/", "/aanmelden", "/health/ready")]
        answers.append(await caller.post("/oauth/token", data={"grant_type": "client_credentials"}))
        await until_given_up(caller, "many", SEVERAL_SLOW - MOST_OF_ADDRESS)
        one_more = await server.connect()
        await one_more.send(head("POST", "/aanmelden", {**FORM, "Content-Length": 10}))
        refused = await one_more.answer()

    assert [answer.status_code for answer in answers] == [200, 200, 200, 400]
    assert max(answer.elapsed.total_seconds() for answer in answers) < SECONDS_FOR_BODY
    assert await given_up(caller, "many") == SEVERAL_SLOW - MOST_OF_ADDRESS + 1
    assert refused.startswith(b"HTTP/1.1 429 ")
    assert b"retry-after: 5\r\n" in refused.lower()
    assert b"Even wachten" in refused


async def test_what_does_not_come_is_refused_in_time(server: Server, caller: httpx.AsyncClient) -> None:
    page, problem, half_a_head, silent = [await server.connect() for _ in range(4)]
    await page.send(head("POST", "/aanmelden", {**FORM, "Content-Length": 10}) + b"email")
    await problem.send(
        head("POST", "/oauth/token", {**FORM, "Transfer-Encoding": "chunked"}) + b"2\r\nab\r\n"
    )
    await half_a_head.send(b"GET / HTTP/1.1\r\nHost: uit.te")

    said = await asyncio.gather(*(each.answer(15) for each in (page, problem, half_a_head, silent)))

    assert said[0].startswith(b"HTTP/1.1 408 ")
    assert "Dit duurde te lang" in said[0].decode()
    assert said[1].startswith(b"HTTP/1.1 408 ")
    assert b'"code":"ground.too_slow"' in said[1]
    assert said[2:] == [b"", b""]
    assert await given_up(caller, "slow") == 2


async def test_who_leaves_in_the_middle_of_a_body_costs_one_line(
    server: Server, caller: httpx.AsyncClient
) -> None:
    for start in (b"", b"email=an"):
        for _ in range(50):
            leaver = await server.connect()
            await leaver.send(head("POST", "/aanmelden", {**FORM, "Content-Length": 100}) + start)
            await leaver.close()
    broken = await server.connect()
    await broken.send(head("POST", "/aanmelden", {**FORM, "Transfer-Encoding": "chunked"}) + b"no length\r\n")
    answer = await broken.answer()
    await until_given_up(caller, "gone", 101)

    assert answer.startswith(b"HTTP/1.1 400 ")
    lines = server.logged()
    assert {(line["event"], line["level"], line["route"]) for line in lines} == {
        ("sender_gone", "info", "/aanmelden")
    }
    assert len(lines) == 101
    assert "Traceback" not in server.log.read_text()


async def test_who_leaves_before_an_answer_is_there_leaves_no_trace(
    server: Server, caller: httpx.AsyncClient
) -> None:
    for _ in range(50):
        leaver = await server.connect()
        await leaver.send(head("GET", "/schema/openapi.json", {}))
        await leaver.close()

    assert (await caller.get("/health/ready")).status_code == 200
    assert server.logged() == []
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize("size", [65_537, 900_000])
async def test_a_form_that_is_too_large_is_refused_in_words(world: World, size: int) -> None:
    answer = await world.client.post("/aanmelden", data={"email": "x" * size})

    assert answer.status_code == 413
    assert "hoogstens 65 kB" in answer.text


async def test_a_form_with_too_many_fields_is_refused_in_words(world: World) -> None:
    answer = await world.client.post("/oauth/token", content="a&" * 250, headers=FORM)

    assert (answer.status_code, answer.json()["most_fields"]) == (422, 200)


async def test_a_program_that_is_known_may_send_more(world: World) -> None:
    session, anna, headers = await stage(world)

    answer = await put(world, headers, body(session, anna, pass_token="x" * 100_000))
    too_large = await put(world, headers, body(session, anna, pass_token="x" * 1_000_001))

    assert (answer.status_code, answer.json()["where"]) == (422, "pass_token")
    assert (too_large.status_code, too_large.json()["most_bytes"]) == (413, 1_000_000)
