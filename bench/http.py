"""A client of our own, where each answer counts: it costs so little that it does not measure itself.

wrk makes load and says how long answers took; this says what each of them was, and keeps streams open.
"""

import asyncio
from collections.abc import AsyncGenerator
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

HEAD_ENDS = b"\r\n\r\n"
LENGTH = b"content-length:"
EVENT = b"data:"
CREATED = 201


class Answer(Struct, frozen=True):
    status: int
    body: bytes


class Client:
    """Asks over connections that it keeps, as many as there are questions at once."""

    def __init__(self, base: str, token: str = "") -> None:
        address = urlsplit(base)
        self._host, self._port = address.hostname or "", address.port or 80
        bearer = f"Authorization: Bearer {token}\r\n" if token else ""
        self._headers = f"Host: {address.netloc}\r\n{bearer}"
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def put(self, path: str, document: object) -> Answer:
        body = msgspec.json.encode(document)
        head = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        return await self._ask(f"PUT {path} HTTP/1.1\r\n{self._headers}{head}\r\n".encode() + body)

    async def get(self, path: str) -> Answer:
        return await self._ask(f"GET {path} HTTP/1.1\r\n{self._headers}\r\n".encode())

    async def _ask(self, question: bytes) -> Answer:
        reader, writer = self._free.pop() if self._free else await self._connect()
        writer.write(question)
        head = await reader.readuntil(HEAD_ENDS)
        body = await reader.readexactly(length_of(head))
        self._free.append((reader, writer))
        return Answer(int(head.split(None, 2)[1]), body)

    async def events(self, path: str) -> AsyncGenerator[bytes, None]:
        """The data of each event of a stream, as long as the server sends."""
        reader, writer = await self._connect()
        writer.write(f"GET {path} HTTP/1.1\r\n{self._headers}Accept: text/event-stream\r\n\r\n".encode())
        try:
            while line := await reader.readline():
                if line.startswith(EVENT):
                    yield line.removeprefix(EVENT)
        finally:
            writer.close()

    async def close(self) -> None:
        for _, writer in self._free:
            writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(self._host, self._port)


def length_of(head: bytes) -> int:
    found = next(line for line in head.lower().split(b"\r\n") if line.startswith(LENGTH))
    return int(found.removeprefix(LENGTH))
