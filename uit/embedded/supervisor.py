"""Runs one embedded server for as long as the parent process lives.

`python -m uit.embedded.supervisor postgres .uit` starts the server, writes one line of JSON about it, and
stops it when standard input ends or the parent is gone, also by `kill -9`. It has a process session of its
own, so Ctrl-C in a terminal reaches the application only, which ends the supervisor when it has finished.
"""

import argparse
import ctypes
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from uit.core.settings import StoreProblem
from uit.embedded.engine import Engine, Postgres, Valkey
from uit.embedded.home import Home, open_home, remove_home

START_SECONDS = 120  # after a crash, recovery reads at most some 4 GB of log again
STOP_SECONDS = 60
PARENT_CHECK_SECONDS = 0.25
POLL_SECONDS = 0.005

ENGINES: dict[str, type[Engine]] = {"postgres": Postgres, "valkey": Valkey}


def supervise(name: str, home: Path, *, durable: bool) -> None:
    """Run the server `name` in `home` until it ends, standard input ends, or the parent is gone."""
    parent = os.getppid()
    kind = ENGINES[name]
    with _exclusive_lock(home, name) as lock_file, _wait_for_previous_server(home, name):
        store_home = open_home(home, name, kind.package, kind.program)
        engine = kind(store_home, durable=durable)
        engine.prepare()
        process = _start(engine, store_home)
        try:
            _wait_until_ready(engine, process, store_home)
            _reply(url=engine.url, pid=process.pid, folder=str(store_home.folder))
            _watch(process, parent)
        finally:
            # From here on another start waits for the end of this server; before, it was refused.
            lock_file.close()
            _stop(process, kind.stop_signals)
            if store_home.sockets != store_home.folder:
                shutil.rmtree(store_home.sockets, ignore_errors=True)


@contextmanager
def _exclusive_lock(home: Path, name: str) -> Iterator[IO[str]]:
    with (home / f"{name}.lock").open("a+") as lock:
        if not _try_lock(lock):
            lock.seek(0)
            raise StoreProblem(f"{home / name} is in use by process {lock.read() or '?'}; stop that first.")
        lock.truncate(0)
        lock.write(str(os.getppid()))
        lock.flush()
        yield lock


@contextmanager
def _wait_for_previous_server(home: Path, name: str) -> Iterator[None]:
    """Wait for the end of an earlier server on this data, and hold the lock that tells of the new one.

    Every process of a server inherits the lock, so it is free when the last process is gone.
    """
    with (home / f"{name}.running").open("a") as lock:
        os.set_inheritable(lock.fileno(), True)  # noqa: FBT003 - the standard library asks it so
        if not _wait_until(lambda: _try_lock(lock), STOP_SECONDS):
            raise StoreProblem(f"A server on {home / name} lost its supervisor and does not end.")
        yield


def _try_lock(lock: IO[str]) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _start(engine: Engine, store_home: Home) -> subprocess.Popen[bytes]:
    with store_home.log.open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - ours
            engine.command(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=_end_with_supervisor(engine.stop_signals[0]),  # noqa: PLW1509 - the supervisor has a single thread
            **store_home.popen_options,
        )


def _end_with_supervisor(stop: signal.Signals) -> Callable[[], None] | None:
    """On Linux, have the kernel stop the server when the supervisor is killed; elsewhere None."""
    if sys.platform != "linux":
        return None
    set_parent_death_signal = 1
    prctl, supervisor = ctypes.CDLL(None).prctl, os.getpid()

    def bind() -> None:
        prctl(set_parent_death_signal, int(stop))
        if os.getppid() != supervisor:
            os._exit(1)

    return bind


def _wait_until_ready(engine: Engine, process: subprocess.Popen[bytes], store_home: Home) -> None:
    in_time = _wait_until(lambda: process.poll() is not None or engine.is_ready(process.pid), START_SECONDS)
    if not in_time or process.poll() is not None:
        wrong = "stopped at once" if in_time else f"was not ready in {START_SECONDS} seconds"
        raise StoreProblem(
            f"{store_home.program.name} {wrong}; from {store_home.log}:\n{store_home.log_tail()}"
        )


def _watch(process: subprocess.Popen[bytes], parent: int) -> None:
    """Wait until the server, the input or the parent ends. A child of the parent may keep the input open."""
    while process.poll() is None and os.getppid() == parent:
        if select.select([sys.stdin], [], [], PARENT_CHECK_SECONDS)[0]:
            return


def _stop(process: subprocess.Popen[bytes], stop_signals: tuple[signal.Signals, ...]) -> None:
    for stop in stop_signals:
        with suppress(subprocess.TimeoutExpired):
            process.send_signal(stop)
            process.wait(STOP_SECONDS)
            return


def _wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _reply(**answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run the server of the command line; the parent reads the reply from standard output."""
    parser = argparse.ArgumentParser(
        prog="python -m uit.embedded.supervisor", description="Keep an embedded server."
    )
    parser.add_argument("name", choices=ENGINES)
    parser.add_argument("home", type=Path)
    parser.add_argument(
        "--throwaway", action="store_true", help="spare its data no care, and remove it afterwards"
    )
    options = parser.parse_args()
    os.umask(0o077)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        supervise(options.name, options.home, durable=not options.throwaway)
    except BrokenPipeError:
        pass  # the parent was gone before the reply
    except (StoreProblem, OSError, subprocess.SubprocessError) as problem:
        _reply(problem=str(problem))
    finally:
        if options.throwaway:
            remove_home(options.home, options.name)


if __name__ == "__main__":
    main()
