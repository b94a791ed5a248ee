"""A small HTTP/1.1 server on asyncio, which can also break a connection off: no framework offers that."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote, urlsplit

from msgspec import Struct, field

REQUEST_LINE: Final = re.compile(r"(?P<method>[A-Z]+) (?P<target>/\S*) HTTP/1\.[01]", re.ASCII)
# Bodies of up to a megabyte, near enough.
SIZE: Final = re.compile(r"[0-9]{1,6}", re.ASCII)
WHOLE_HEAD: Final = b"\r\n\r\n"


class Request(Struct, frozen=True):
    """`path` is decoded and `query` is not; names of headers are in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


class Response(Struct, frozen=True):
    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


class CutOff(Exception):
    """Raised by who answers, to break the connection off without an answer."""


ENDS: Final = (
    ConnectionError,
    asyncio.IncompleteReadError,
    asyncio.LimitOverrunError,
    asyncio.CancelledError,
    CutOff,
)
"""How a connection ends: the client left, sent what is no request, is cut off, or the server ends."""

Answer = Callable[[Request], Awaitable[Response]]


class HttpServer:
    """Hands each request to `answer`, on connections that stay open."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._connections: set[asyncio.Task[None]] = set()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            with suppress(*ENDS):
                while await self._answer_one(reader, writer):
                    pass
        finally:
            self._connections.discard(task)
            # An abort and no close: what was cut off must not look like an answer that ended.
            writer.transport.abort()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        request = await read_request(reader)
        response = await self._answer(request)
        writer.write(as_bytes(response, with_body=request.method != "HEAD"))
        await writer.drain()
        return request.headers.get("connection", "").lower() != "close"

    async def end(self) -> None:
        """Break off what is still open; a client may keep a connection for as long as it likes."""
        for task in self._connections:
            task.cancel()
        if self._connections:
            await asyncio.wait(self._connections)


async def read_request(reader: asyncio.StreamReader) -> Request:
    """Read one request. Raises IncompleteReadError at the end, and CutOff on what is no request."""
    head = (await reader.readuntil(WHOLE_HEAD)).decode("latin-1")
    first, *lines = head.rstrip().split("\r\n")
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    size = headers.get("content-length", "0")
    request_line = REQUEST_LINE.fullmatch(first)
    if request_line is None or not SIZE.fullmatch(size) or "transfer-encoding" in headers:
        raise CutOff
    address = urlsplit(request_line["target"])
    body = await reader.readexactly(int(size))
    return Request(request_line["method"], unquote(address.path), address.query, headers, body)


def as_bytes(response: Response, *, with_body: bool) -> bytes:
    headers = {
        "Content-Type": response.content_type,
        "Content-Length": str(len(response.body)),
        **response.headers,
    }
    first = f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}\r\n"
    head = first + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
    return head.encode("latin-1") + (response.body if with_body else b"")


@asynccontextmanager
async def serving(answer: Answer, host: str, port: int) -> AsyncIterator[int]:
    """Serve in the present event loop; yields the port, which the system picks where `port` is 0."""
    http = HttpServer(answer)
    server = await asyncio.start_server(http.accept, host, port)
    try:
        bound: int = server.sockets[0].getsockname()[1]
        yield bound
    finally:
        server.close()
        await http.end()
