"""A source of events answers with a page of one megabyte that unpacks to a gigabyte."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping
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
        code, megabytes = await asyncio.to_thread(run_import, peer.address, own)
        peer.shutdown()
    return [
        Figure("sent, MB", len(page) / 1_000_000),
        Figure("exit code, 1: refused in words", code, 1, 1),
        Figure("most memory of the command, MB", megabytes, MOST_MEGABYTES),
    ]


def run_import(source: str, environment: Mapping[str, str]) -> tuple[int, float]:
    """Its exit code, and the most memory that it took, in megabytes."""
    command = [sys.executable, "-m", "uit", "import-events", source, "--client-id", "iemand"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, used.ru_maxrss / 1_000
