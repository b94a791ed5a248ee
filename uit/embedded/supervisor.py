"""Keeps one embedded server running for as long as whoever asked for it lives.

`python -m uit.embedded.supervisor postgres .uit` starts the server, writes one line of JSON about it,
and holds on until its input ends or its parent is gone, also by `kill -9`. It has a session of its own: a
Ctrl-C in the terminal reaches the application only, which lets go of its stores when it is done with them.
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
from uit.embedded.home import Home, leave, settle

START_SECONDS = 120  # after a crash, recovery reads at most some 4 GB of log again
STOP_SECONDS = 60
LOOK_SECONDS = 0.25
POLL_SECONDS = 0.005

ENGINES: dict[str, type[Engine]] = {"postgres": Postgres, "valkey": Valkey}


def keep(name: str, home: Path, *, durable: bool) -> None:
    """Run the server `name` in `home` until it ends or nobody needs it any more."""
    parent = os.getppid()
    kind = ENGINES[name]
    with _only_keeper(home, name) as mine, _last_server_gone(home, name):
        place = settle(home, name, kind.package, kind.program)
        engine = kind(place, durable=durable)
        engine.prepare()
        process = _start(engine, place)
        try:
            _wait_until_ready(engine, process, place)
            _say(url=engine.url, pid=process.pid, folder=str(place.folder))
            _watch(process, parent)
        finally:
            # From here on the next start waits for this server to end, where before it was refused.
            mine.close()
            _stop(process, kind.stops)
            if place.sockets != place.folder:
                shutil.rmtree(place.sockets, ignore_errors=True)


@contextmanager
def _only_keeper(home: Path, name: str) -> Iterator[IO[str]]:
    with (home / f"{name}.lock").open("a+") as lock:
        if not _locked(lock):
            lock.seek(0)
            raise StoreProblem(f"{home / name} is in use by process {lock.read() or '?'}; stop that first.")
        lock.truncate(0)
        lock.write(str(os.getppid()))
        lock.flush()
        yield lock


@contextmanager
def _last_server_gone(home: Path, name: str) -> Iterator[None]:
    """Wait for what still runs on this data, and let what starts in here say that it does.

    Every process of a server inherits the lock: it is free when the last is gone, whoever was killed first.
    """
    with (home / f"{name}.running").open("a") as lock:
        os.set_inheritable(lock.fileno(), True)  # noqa: FBT003 - the standard library asks it so
        if not _soon(lambda: _locked(lock), STOP_SECONDS):
            raise StoreProblem(f"A server on {home / name} lost its supervisor and does not end.")
        yield


def _locked(lock: IO[str]) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _start(engine: Engine, place: Home) -> subprocess.Popen[bytes]:
    with place.log.open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - ours
            engine.command(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=_end_with_supervisor(engine.stops[0]),  # noqa: PLW1509 - the supervisor has a single thread
            **place.process,
        )


def _end_with_supervisor(stop: signal.Signals) -> Callable[[], None] | None:
    """On Linux the system itself stops the server when the supervisor is killed."""
    if sys.platform != "linux":
        return None
    set_parent_death_signal = 1
    prctl, supervisor = ctypes.CDLL(None).prctl, os.getpid()

    def bind() -> None:
        prctl(set_parent_death_signal, int(stop))
        if os.getppid() != supervisor:
            os._exit(1)

    return bind


def _wait_until_ready(engine: Engine, process: subprocess.Popen[bytes], place: Home) -> None:
    came = _soon(lambda: process.poll() is not None or engine.is_ready(process.pid), START_SECONDS)
    if not came or process.poll() is not None:
        wrong = "stopped at once" if came else f"was not ready in {START_SECONDS} seconds"
        raise StoreProblem(f"{place.program.name} {wrong}; from {place.log}:\n{place.last_words()}")


def _watch(process: subprocess.Popen[bytes], parent: int) -> None:
    """Until the server or the input ends. The parent is looked for too: its children may hold the input."""
    while process.poll() is None and os.getppid() == parent:
        if select.select([sys.stdin], [], [], LOOK_SECONDS)[0]:
            return


def _stop(process: subprocess.Popen[bytes], stops: tuple[signal.Signals, ...]) -> None:
    for stop in stops:
        with suppress(subprocess.TimeoutExpired):
            process.send_signal(stop)
            process.wait(STOP_SECONDS)
            return


def _soon(come_true: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not come_true():
        if time.monotonic() > until:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _say(**answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Keep what the command line names; whoever asked reads the answer from standard output."""
    asks = argparse.ArgumentParser(
        prog="python -m uit.embedded.supervisor", description="Keep an embedded server."
    )
    asks.add_argument("name", choices=ENGINES)
    asks.add_argument("home", type=Path)
    asks.add_argument(
        "--throwaway", action="store_true", help="spare its data no care, and remove it afterwards"
    )
    asked = asks.parse_args()
    os.umask(0o077)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        keep(asked.name, asked.home, durable=not asked.throwaway)
    except BrokenPipeError:
        pass  # whoever asked was gone before the answer
    except (StoreProblem, OSError, subprocess.SubprocessError) as problem:
        _say(problem=str(problem))
    finally:
        if asked.throwaway:
            leave(asked.home, asked.name)


if __name__ == "__main__":
    main()
