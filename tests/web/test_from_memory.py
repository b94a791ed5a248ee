"""What is answered from memory, before anything else is done for a request."""

import asyncio
from types import SimpleNamespace
from typing import Any

from litestar.types import Receive, Scope, Send

from uit.web.connection import Connection
from uit.web.from_memory import AT_ONCE, FROM_MEMORY, FromMemoryMiddleware
from uit.web.response import EncodedResponse

LOOKERS = 40


async def nothing(*_: Any) -> Any:
    return None


async def the_long_way(scope: Scope, receive: Receive, send: Send) -> None:
    await EncodedResponse(b"long", 200)(scope, receive, send)


async def body_of(middleware: FromMemoryMiddleware, known: bytes | None, method: str = "GET") -> bytes:
    def look(_: Connection) -> EncodedResponse | None:
        return EncodedResponse(known, 200) if known else None

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope: Any = {"type": "http", "method": method, "route_handler": SimpleNamespace(opt={FROM_MEMORY: look})}
    await middleware(scope, nothing, send)
    return b"".join(each.get("body", b"") for each in sent)


async def test_what_is_known_is_answered_and_the_rest_goes_the_long_way() -> None:
    middleware = FromMemoryMiddleware(the_long_way)

    assert await body_of(middleware, b"short") == b"short"
    assert await body_of(middleware, None) == b"long"
    assert await body_of(middleware, b"short", "POST") == b"long"


async def test_whatever_else_there_is_to_do_comes_between_those_who_look() -> None:
    middleware, rounds = FromMemoryMiddleware(the_long_way), 0
    looking = asyncio.gather(*(body_of(middleware, b"short") for _ in range(LOOKERS)))

    while not looking.done():
        rounds += 1
        await asyncio.sleep(0)

    assert rounds >= LOOKERS / AT_ONCE
