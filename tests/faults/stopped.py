"""A PostgreSQL that stands still: its processes are there, and none of them does anything."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.town import children
from uit.embedded.stores import Store


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """Stop a server with all of its processes, as a machine does whose disk or hypervisor hangs."""
    processes = [pid]
    tell(processes, signal.SIGSTOP)
    processes += children(pid)
    tell(processes[1:], signal.SIGSTOP)
    try:
        yield
    finally:
        tell(processes, signal.SIGCONT)


def tell(processes: list[int], what: signal.Signals) -> None:
    for each in processes:
        os.kill(each, what)


def main_process(store: Store) -> int:
    """The main process as it is now: that of PostgreSQL stands in its file."""
    file = Path(store.folder, "data", "postmaster.pid")
    return int(file.read_text().split()[0]) if file.exists() else store.pid
