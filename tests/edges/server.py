"""A running server, and what can be sent to it that no client would send."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import free_port
from tests.town import ROOT, environment

HOST = "127.0.0.1"
SECONDS_TO_OPEN = 30
MOST_OF_ANSWER = 4_000_000


@dataclass(frozen=True)
class Server:
    process: "subprocess.Popen[bytes]"
    port: int
    log: Path
    connections: "list[Connection]" = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://{HOST}:{self.port}"

    async def until_open(self) -> None:
        async with asyncio.timeout(SECONDS_TO_OPEN):
            while "uit is open" not in self.log.read_text():
                assert self.process.poll() is None, self.log.read_text()
                await asyncio.sleep(0.05)

    async def until_ended(self, seconds: float) -> int:
        """The exit code."""
        return await asyncio.to_thread(self.process.wait, seconds)

    def logged(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]

    def memory_mb(self) -> float:
        """What of it is in memory (RSS), in megabytes of 1,000 kB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1000

    def cpu_seconds(self) -> float:
        """What it computed since it began, without its worker."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    async def connect(self) -> "Connection":
        made = Connection(*await asyncio.open_connection(HOST, self.port, limit=MOST_OF_ANSWER))
        self.connections.append(made)
        return made

    async def hang_up(self) -> None:
        """Close every connection, as a test does at its end."""
        for each in self.connections:
            await each.close()
        self.connections.clear()


@asynccontextmanager
async def open_server(folder: Path, **settings: str) -> AsyncIterator[Server]:
    """`python -m uit serve` with these settings, the keys of a folder and its log there."""
    port = free_port()
    log = folder / f"log-{port}"
    process = start(log, environment(folder, **settings, PORT=str(port)))
    server = Server(process, port, log)
    try:
        await server.until_open()
        yield server
    finally:
        await server.hang_up()
        if process.poll() is None:
            process.kill()
        process.wait()


def start(log: Path, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "uit", "serve"]
    with log.open("w") as written:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=written, stderr=subprocess.STDOUT)


@dataclass(frozen=True)
class Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, sent: bytes) -> None:
        self.writer.write(sent)
        await self.writer.drain()

    async def answer(self, seconds: float = 15) -> bytes:
        """All that comes until the server closes the connection; empty when it only closes it."""
        try:
            async with asyncio.timeout(seconds):
                return await self.reader.read()
        except ConnectionError:
            return b""

    async def close(self) -> None:
        self.writer.close()
        with suppress(ConnectionError):
            await self.writer.wait_closed()


def head(method: str, path: str, headers: Mapping[str, object]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "\r\n"]).encode()


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@asynccontextmanager
async def slow_senders(
    server: Server, count: int, path: str = "/aanmelden"
) -> AsyncIterator[list[Connection]]:
    """So many anonymous connections that each send a form of a thousand bytes, one byte every half second."""
    connections: list[Connection] = []
    for begin in range(0, count, 100):
        some = min(100, count - begin)
        connections += await asyncio.gather(*(server.connect() for _ in range(some)))
        for each in connections[begin:]:
            each.writer.write(head("POST", path, {**FORM, "Content-Length": 1000}))
    trickling = asyncio.create_task(trickle(connections))
    try:
        yield connections
    finally:
        trickling.cancel()
        for each in connections:
            await each.close()


async def trickle(connections: list[Connection]) -> None:
    while True:
        for each in connections:
            if not each.writer.is_closing():
                each.writer.write(b"a")
        await asyncio.sleep(0.5)
