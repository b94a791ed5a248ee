"""Runs one embedded server for as long as the parent process lives.

`python -m uit.embedded.supervisor postgres .uit` starts the server, writes one line of JSON about it, and
stops it when standard input ends or the parent is gone, also by `kill -9`. A server that ends by itself is
started again. It has a process session of its own, so Ctrl-C in a terminal reaches the application only,
which ends the supervisor when it has finished.
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
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol

from uit.core.settings import StoreProblem
from uit.embedded.engine import Engine, Postgres, Valkey
from uit.embedded.home import Home, open_home, remove_home

START_SECONDS = 120  # after a crash, recovery reads at most some 4 GB of log again
STOP_SECONDS = 60
PARENT_CHECK_SECONDS = 0.25
POLL_SECONDS = 0.005
MOST_ENDS, ENDS_WITHIN_SECONDS = 6, 60
"""A server that ends so often within so long is given up. The pauses between grow from none to 8 seconds."""


class IsOver(Protocol):
    def __call__(self, seconds: float = 0) -> bool:
        """Whether the server has to end. It waits so long for that."""


ENGINES: dict[str, type[Engine]] = {"postgres": Postgres, "valkey": Valkey}


def supervise(name: str, home: Path, *, durable: bool) -> None:
    """Run the server `name` in `home` until standard input ends or the parent is gone.

    One that ends by itself, or is killed, is started again on the same data and at the same address.
    Raises StoreProblem when it does not start the first time, or ends too often.
    """
    kind, engine = ENGINES[name], None
    ends: deque[float] = deque(maxlen=MOST_ENDS)
    is_over = _parent_wants_no_more(os.getppid())
    with _exclusive_lock(home, name) as lock_file:
        while not ends or not is_over():
            with _wait_for_previous_server(home, name):
                engine = engine or kind(open_home(home, name, kind.package, kind.program), durable=durable)
                try:
                    if _run(engine, lock_file, is_over, is_first=not ends):
                        break
                except StoreProblem:
                    if lock_file.closed or not ends:
                        raise
            _wait_until(is_over, _pause_after(ends, engine))
    if engine and engine.home.sockets != engine.home.folder:
        shutil.rmtree(engine.home.sockets, ignore_errors=True)


def _run(engine: Engine, lock_file: IO[str], is_over: IsOver, *, is_first: bool) -> bool:
    """Run a server to its end; whether it was we who ended it."""
    engine.prepare()
    process = _start(engine, engine.home)
    try:
        _wait_until_ready(engine, process, is_over)
        if is_first:
            _reply(url=engine.url, pid=process.pid, folder=str(engine.home.folder))
        _wait_until(lambda: process.poll() is not None or is_over(PARENT_CHECK_SECONDS), None)
        return process.poll() is None
    finally:
        if process.poll() is None:
            # From here on another start waits for the end of this server; before, it was refused.
            lock_file.close()
            _stop(process, engine.stop_signals)


def _pause_after(ends: deque[float], engine: Engine) -> float:
    """Note that the server ended, and how many seconds to wait before it is started again."""
    now = time.monotonic()
    ends.append(now)
    lately = sum(now - each < ENDS_WITHIN_SECONDS for each in ends)
    program, log = engine.home.program.name, engine.home.log
    if lately == MOST_ENDS:
        problem = f"{program} ended {lately} times in a minute; from {log}:\n{engine.home.log_tail()}"
        _log("critical", "store_given_up", program, problem=problem)
        raise StoreProblem(problem)
    _log("error", "store_ended", program, log=str(log))
    return 0 if lately == 1 else float(2 ** (lately - 2))


def _parent_wants_no_more(parent: int) -> IsOver:
    """Whether the input ended or the parent is gone; a child of the parent may keep the input open."""

    def is_over(seconds: float = 0) -> bool:
        return bool(select.select([sys.stdin], [], [], seconds)[0]) or os.getppid() != parent

    return is_over


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


def _wait_until_ready(engine: Engine, process: subprocess.Popen[bytes], is_over: IsOver) -> None:
    in_time = _wait_until(
        lambda: process.poll() is not None or engine.is_ready(process.pid) or is_over(), START_SECONDS
    )
    if not in_time or process.poll() is not None:
        wrong = "stopped at once" if in_time else f"was not ready in {START_SECONDS} seconds"
        home = engine.home
        raise StoreProblem(f"{home.program.name} {wrong}; from {home.log}:\n{home.log_tail()}")


def _stop(process: subprocess.Popen[bytes], stop_signals: tuple[signal.Signals, ...]) -> None:
    for stop in stop_signals:
        with suppress(subprocess.TimeoutExpired):
            process.send_signal(stop)
            process.wait(STOP_SECONDS)
            return


def _wait_until(condition: Callable[[], bool], seconds: float | None) -> bool:
    until = None if seconds is None else time.monotonic() + seconds
    while not condition():
        if until is not None and time.monotonic() > until:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _reply(**answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _log(level: str, event: str, store: str, **facts: str) -> None:
    """A line of the log as the application writes them, on the standard error that we share."""
    sys.stderr.write(json.dumps({"level": level, "event": event, "store": store, **facts}) + "\n")
    sys.stderr.flush()


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
