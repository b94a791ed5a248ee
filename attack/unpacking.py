"""A source of events answers with a page of one megabyte that unpacks to a gigabyte."""

import asyncio
import re
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Thread

from attack.ground import Ground
from attack.report import Figure
from tests.organisers.uitdatabank.test_bounds import bomb
from tests.organisers.uitdatabank.test_search_api import Peer
from tests.town import ROOT, environment

MEGABYTES = 1_000
MOST_MEGABYTES = 250


async def attack(ground: Ground) -> list[Figure]:
    page = bomb(MEGABYTES)
    with Peer() as peer:
        Thread(target=peer.serve_forever, daemon=True).start()
        peer.troubles = [(200, {"Content-Encoding": "gzip"}, page)]
        stores = {"DATABASE_URL": ground.world.services.settings.database_url}
        own = environment(ground.folder, **stores)
        code, megabytes = await run_import(peer.address, own)
        peer.shutdown()
    return [
        Figure("sent, MB", len(page) / 1_000_000),
        Figure("exit code, 1: refused in words", code, 1, 1),
        Figure("most memory of the command, MB", megabytes, MOST_MEGABYTES),
    ]


async def run_import(source: str, environment: Mapping[str, str]) -> tuple[int, float]:
    """Its exit code, and the most memory that it took, in megabytes."""
    command = (sys.executable, "-m", "uit", "import-events", source, "--client-id", "iemand")
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=environment, stdout=DEVNULL, stderr=DEVNULL
    )
    most = 0.0
    while process.returncode is None:
        most = max(most, peak_megabytes(process.pid))
        await asyncio.sleep(0.01)
    return process.returncode, most


def peak_megabytes(pid: int) -> float:
    """What `wait4` tells of a child begins with the memory of its parent."""
    with suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
        return int(found[1]) / 1_000 if found else 0
    return 0
