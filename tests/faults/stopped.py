"""A PostgreSQL that stands still: its processes are there, and none of them does anything."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from tests.town import children


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
