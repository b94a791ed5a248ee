"""A worker's own small web server, for who watches over it: is it alive, is it ready, how is it doing."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus

from prometheus_client import CONTENT_TYPE_LATEST

from uit.core.settings import InvalidSetting, Settings
from uit.entrypoints.port import words_of
from uit.services.figures import figures
from uit.services.services import Services

SECONDS_TO_ASK = 5
MOST_BYTES = 8192
PLAIN = "text/plain; charset=utf-8"

Answer = tuple[HTTPStatus, str, bytes]


def refuse_taken_worker_port(settings: Settings) -> None:
    """Raise InvalidSetting when the worker of `serve` would find WORKER_PORT taken, and never start."""
    if not settings.with_worker or not settings.worker_port:
        return
    try:
        socket.create_server((settings.host, settings.worker_port), family=family_of(settings.host)).close()
    except OSError:
        raise InvalidSetting(
            f"WORKER_PORT {settings.worker_port} is in use. By a worker of its own? Then set WITH_WORKER=0: "
            "`serve` starts none. Otherwise choose another port."
        ) from None


def family_of(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


@asynccontextmanager
async def answering_probes(settings: Settings, services: Services) -> AsyncIterator[None]:
    """Answer `/metrics`, `/health/live` and `/health/ready` on WORKER_PORT meanwhile, where it is set."""
    if not settings.worker_port:
        yield
        return

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, ValueError, asyncio.IncompleteReadError):
            async with asyncio.timeout(SECONDS_TO_ASK):
                path = await asked_path(reader)
                writer.write(written(await answer_to(path, services)))
                await writer.drain()
        writer.close()

    try:
        server = await asyncio.start_server(answer, settings.host, settings.worker_port, limit=MOST_BYTES)
    except OSError as refused:
        words = words_of(refused, "WORKER_PORT", settings.host, settings.worker_port)
        raise InvalidSetting(words) from None
    async with server:
        yield


async def asked_path(reader: asyncio.StreamReader) -> str:
    """The path of a GET, after its headers; empty for anything else."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError:
        return ""
    method, path, _ = head.split(b" ", 2)
    return path.decode("ascii").partition("?")[0] if method == b"GET" else ""


async def answer_to(path: str, services: Services) -> Answer:
    match path:
        case "/metrics":
            return HTTPStatus.OK, CONTENT_TYPE_LATEST, figures(services)
        case "/health/live":
            return HTTPStatus.OK, PLAIN, b"ok\n"
        case "/health/ready":
            return await ready(services)
        case _:
            return HTTPStatus.NOT_FOUND, PLAIN, b"not found\n"


async def ready(services: Services) -> Answer:
    """200 when every vital task runs, the clock is right, and the database answers and can be written."""
    if services.vital_tasks.dead:
        return HTTPStatus.SERVICE_UNAVAILABLE, PLAIN, f"died: {services.vital_tasks.dead[0]}\n".encode()
    if services.clock_check.is_wrong:
        return HTTPStatus.SERVICE_UNAVAILABLE, PLAIN, b"the clock is wrong\n"
    if not await services.watch.look():
        reason = b"the database takes nothing\n" if services.watch.answers else b"the database is away\n"
        return HTTPStatus.SERVICE_UNAVAILABLE, PLAIN, reason
    return HTTPStatus.OK, PLAIN, b"ok\n"


def written(answer: Answer) -> bytes:
    status, kind, body = answer
    head = f"HTTP/1.1 {status} {status.phrase}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}"
    return f"{head}\r\nConnection: close\r\n\r\n".encode() + body
