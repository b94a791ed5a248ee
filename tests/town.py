"""The whole product, as `make run` starts it: with its stores, its worker and the example."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from threading import Thread
from typing import Any, TextIO

ROOT = Path(__file__).parents[1]
SECONDS_TO_OPEN = 60


@dataclass(frozen=True)
class Town:
    """A running `python -m uit serve`. `example` is what it wrote for programs; `lines` what it says.

    `opened_links`: those in its mails that a journey followed.
    """

    process: subprocess.Popen[str]
    home: Path
    base: str
    lines: list[str]
    opened_links: set[str] = field(default_factory=set)

    @property
    def example(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.home / "example.json").read_text())
        return found


@contextmanager
def a_home() -> Iterator[Path]:
    """A folder that the servers can reach when root starts them, and that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="uit-town-"))
    folder.chmod(0o711)
    try:
        yield folder / "home"
    finally:
        rmtree(folder, ignore_errors=True)


def environment(home: Path, **settings: str) -> Mapping[str, str]:
    """What is set here, but for stores and example, with settings of our own."""
    foreign = {
        name: value
        for name, value in os.environ.items()
        if not name.endswith("DATABASE_URL") and name not in {"REDIS_URL", "EXAMPLE"}
    }
    return {**foreign, "UIT_HOME": str(home), "PYTHONUNBUFFERED": "1", **settings}


def start(home: Path, port: int, **settings: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "uit", "serve"],
        cwd=ROOT,
        env=environment(home, PORT=str(port), **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def command(home: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run another command of an installation to its end: `command(home, "migrate", DATABASE_URL=...)`."""
    return subprocess.run(
        [sys.executable, "-m", "uit", *words],
        cwd=ROOT,
        env=environment(home, **settings),
        capture_output=True,
        text=True,
        timeout=SECONDS_TO_OPEN,
        check=False,
    )


def wait_until_open(process: subprocess.Popen[str]) -> list[str]:
    """What it printed until it said how to stop it."""
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if "Ctrl-C" in line:
            read_on(process, lines)
            return lines
    raise AssertionError("\n".join(lines))


def read_on(process: subprocess.Popen[str], lines: list[str]) -> None:
    Thread(target=drain, args=(process.stdout, lines), daemon=True).start()


def drain(output: TextIO, lines: list[str]) -> None:
    """What is logged from now on is read, so that a full pipe never holds the server up."""
    with output:
        lines.extend(output)


@contextmanager
def open_town(port: int, home: Path, **settings: str) -> Iterator[Town]:
    process = start(home, port, **settings)
    try:
        lines = wait_until_open(process)
        yield Town(process, home, f"http://127.0.0.1:{port}", lines)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait(SECONDS_TO_OPEN)


def children(pid: int) -> set[int]:
    """Every process that descends from this one, as the system lists them."""
    said = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(child): int(parent) for child, parent in (line.split() for line in said.splitlines())}
    found: set[int] = set()
    while new := {child for child, parent in parents.items() if parent in found | {pid}} - found:
        found |= new
    return found


def wait_until_gone(pids: set[int], seconds: float = 20) -> set[int]:
    """Those of the processes that are still there after so many seconds."""
    until = time.monotonic() + seconds
    while (left := {pid for pid in pids if alive(pid)}) and time.monotonic() < until:
        time.sleep(0.05)
    return left


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
