"""What comes back of what somebody sends, and what stays in memory of it: almost nothing."""

from uuid import uuid4

import httpx
import pytest

from tests.builders import World
from tests.edges.server import Server, head
from tests.reservations.booking.test_api import stage
from uit.core.errors import MOST_LETTERS

TIMES = 300
MOST_MEGABYTES = 8
MOST_OF_PAGE = 30_000
MOST_OF_PROBLEM = 3_000


def long(number: int, size: int) -> str:
    """A text of that size, which nobody sent before."""
    return f"{number:06}" + "x" * (size - 6)


async def test_a_long_name_of_a_field_is_cut_in_the_answer_and_kept_nowhere(
    world: World, server: Server, caller: httpx.AsyncClient
) -> None:
    _, anna, headers = await stage(world)
    address = f"/api/v1/bookings/{uuid4()}"

    async def send(number: int) -> httpx.Response:
        return await caller.put(
            address, json={"pass_token": anna.token, "lines": [], long(number, 950_000): 1}, headers=headers
        )

    answers = [await send(number) for number in range(20)]
    before = server.memory_mb()
    answers += [await send(number) for number in range(20, TIMES)]

    assert {answer.status_code for answer in answers} == {422}
    assert max(len(answer.content) for answer in answers) < MOST_OF_PROBLEM
    assert server.memory_mb() - before < MOST_MEGABYTES


async def test_a_page_repeats_no_more_than_a_line_and_keeps_nothing(
    server: Server, caller: httpx.AsyncClient
) -> None:
    async def ask(number: int) -> list[httpx.Response]:
        cookie, bearer = f"c={long(number, 8_000)}", f"Bearer {long(number, 8_000)}"
        form, query = long(number, 60_000), long(number, 4_000)
        return [
            await caller.get("/dender", params={"zoek": query}, headers={"Cookie": cookie}),
            await caller.get(f"/dender/{long(number, 8_000)}"),
            await caller.get("/aanmelden", params={"next": f"/{query}"}, headers={"X-Odd": cookie}),
            await caller.post("/aanmelden", data={"email": form}),
            await caller.post("/oauth/token", data={"grant_type": form}),
            await caller.get("/api/v1/sessions", params={"after": query}, headers={"Authorization": bearer}),
        ]

    answers = [answer for number in range(20) for answer in await ask(number)]
    before = server.memory_mb()
    answers += [answer for number in range(20, 20 + TIMES // 6) for answer in await ask(number)]

    assert all(answer.status_code < 500 for answer in answers)
    assert max(len(answer.content) for answer in answers) < MOST_OF_PAGE
    assert server.memory_mb() - before < MOST_MEGABYTES


async def test_headers_and_an_address_beyond_all_bounds_are_refused(
    server: Server, caller: httpx.AsyncClient
) -> None:
    long_query = await caller.get(f"/dender?zoek={'x' * 5_000}")
    many_fields = await caller.get(f"/dender?{'a&' * 300}")
    long_header = await server.connect()
    await long_header.send(head("GET", "/", {"X-Odd": "x" * 20_000}))

    assert (long_query.status_code, "adres" in long_query.text) == (414, True)
    assert (many_fields.status_code, "te veel velden" in many_fields.text) == (422, True)
    assert (await long_header.answer()).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize("path", ["/aanmelden", "/dender/gast/nieuwe-link"])
async def test_what_was_typed_comes_back_cut(world: World, path: str) -> None:
    typed = "é" * 10_000

    answer = await world.post_form(path, email=typed, password="")

    assert answer.status_code in {200, 422}
    assert "é" * (MOST_LETTERS + 1) not in answer.text
