"""The real Caddy with the Caddyfile of an installation, in front of whatever listens on a port."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.conftest import free_port
from tests.edges.server import HOST, SECONDS_TO_OPEN
from tests.town import ROOT

CADDYFILE = ROOT / "deploy" / "Caddyfile"
OLDER_BUFFERING = "buffer_requests\nmax_buffer_size 2000000"
"""How Caddy before 2.6.4, as Debian has it, calls what the Caddyfile asks of a later one."""


@asynccontextmanager
async def caddy_in_front_of(port: int, folder: Path) -> AsyncIterator[int]:
    """The port of Caddy, which needs no certificate there, and waits for less long than elsewhere."""
    own = free_port()
    settings = {
        "DOMAIN": f"http://{HOST}:{own}",
        "ACME_EMAIL": "beheer@uit.test",
        "CADDY_ADMIN": "off",
        "UPSTREAM": f"{HOST}:{port}",
        "BUFFERING": OLDER_BUFFERING,
        "RETRY_FOR": "1s",
        "SECONDS_FOR_HEAD": "2s",
        "SECONDS_FOR_BODY": "3s",
        "HOME": str(folder),
        "PATH": os.environ["PATH"],
    }
    process = start(settings, folder / "caddy.log")
    try:
        await until_listening(own, process, folder / "caddy.log")
        yield own
    finally:
        process.terminate()
        process.wait(SECONDS_TO_OPEN)


def start(settings: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
    command = ["caddy", "run", "--config", str(CADDYFILE), "--adapter", "caddyfile"]
    with log.open("w") as written:
        return subprocess.Popen(command, env=settings, stdout=written, stderr=subprocess.STDOUT)


async def until_listening(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    async with asyncio.timeout(SECONDS_TO_OPEN):
        while True:
            assert process.poll() is None, f"Caddy ended: see {log}"
            try:
                _, writer = await asyncio.open_connection(HOST, port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return await writer.wait_closed()
