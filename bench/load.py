"""Load by compiled clients, on the loopback: wrk over HTTP, and pgbench directly on the database."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

from msgspec import Struct

from uit.core.seal import PassSeal, seal_pass
from uit.core.secret import read_or_make
from uit.core.settings import PROJECT, Settings, as_environment
from uit.embedded.stores import client_programs

HERE = Path(__file__).parent
PROGRAMS = client_programs()
ROUNDS = 5
SECONDS = 4


class Run(Struct, frozen=True):
    """One run of wrk. `refused` counts statuses of 400 and above, `broken` requests without an answer."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    refused: int
    broken: int

    @property
    def per_s(self) -> float:
        return self.requests / self.seconds


class Target(Struct, frozen=True):
    """The target of a run: `sessions` is a list in the Lua file `data`; with `echo` nothing is booked.

    `each`: so many requests go to a session before the next has its turn; 0 goes to one by chance.
    `bookings`: a list of what is changed, with the pass of its holder.
    """

    base: str
    data: Path
    sessions: str
    echo: bool = False
    pay_with: str = "credit"
    each: int = 0
    bookings: str = ""


def book(target: Target, clients: int, seconds: int, seed: int) -> Run:
    """Book with so many connections for so long. Each run needs its own seed, which makes the booking ids."""
    environment = os.environ | {
        "BENCH_DATA": str(target.data),
        "BENCH_SESSIONS": target.sessions,
        "BENCH_SEED": str(seed),
        "BENCH_PAY_WITH": target.pay_with,
        "BENCH_BOOKINGS": target.bookings,
    }
    if target.echo:
        environment["BENCH_ECHO"] = "/api/v1/echo"
    if target.each:
        environment["BENCH_EACH"] = str(target.each)
    return run_wrk("booking.lua", target.base, environment, clients, seconds)


def rounds(targets: dict[str, Target], clients: int, seeds: Iterator[int]) -> dict[str, list[Run]]:
    """The runs by target: ROUNDS rounds, each with one run of every target."""
    runs: dict[str, list[Run]] = {name: [] for name in targets}
    for _ in range(ROUNDS):
        for name, target in targets.items():
            runs[name].append(book(target, clients, SECONDS, next(seeds)))
    return runs


def per_s(runs: list[Run]) -> float:
    return median(run.per_s for run in runs)


def p99_ms(runs: list[Run]) -> float:
    return median(run.p99_ms for run in runs)


def report_events(base: str, webhooks: Path, clients: int, seconds: int) -> Run:
    """Send the webhooks of a file, each once, with so many connections for so long."""
    return run_wrk("webhook.lua", base, os.environ | {"BENCH_WEBHOOKS": str(webhooks)}, clients, seconds)


def run_wrk(script: str, base: str, environment: dict[str, str], clients: int, seconds: int) -> Run:
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "10s", "-s", str(HERE / script)]
    environment |= {"BENCH_DONE": str(HERE / "done.lua")}
    output = subprocess.run(
        [*command, base], env=environment, capture_output=True, text=True, check=True
    ).stdout
    return Run(**json.loads(output.strip().splitlines()[-1]))


def read_pages(base: str, data: Path, kind: str, clients: int, seconds: int) -> Run:
    """Read addresses of one kind, which are a list in the Lua file `data`, with so many connections."""
    environment = os.environ | {"BENCH_DATA": str(data), "BENCH_KIND": kind}
    return run_wrk("reading.lua", base, environment, clients, seconds)


def naive_per_s(database_url: str, session_id: str, clients: int, seconds: int) -> float:
    """Bookings per second with one transaction each, with prepared statements on the Unix socket."""
    command = [
        *(str(PROGRAMS / "pgbench"), "--no-vacuum", "--protocol=prepared", f"--file={HERE / 'naive.sql'}"),
        *(
            f"--client={clients}",
            "--jobs=1",
            f"--time={seconds}",
            f"--define=session_id={session_id}",
            database_url,
        ),
    ]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"tps = ([\d.]+)", output)
    assert found, output
    return float(found[1])


def write_lua(file: Path, token: str, **lists: Sequence[str | tuple[str, ...]]) -> None:
    """Write the token and the lists for a script of wrk."""
    lines = [f"{name} = {as_lua(values)}" for name, values in lists.items()]
    file.write_text("\n".join([f"token = {token!r}", *lines]))


def pass_token(settings: Settings, card_id: UUID) -> str:
    """What a card of the bench shows."""
    return seal_pass(read_or_make(settings.secrets_path).signing, PassSeal(1, card_id, 1))


def as_lua(value: str | Sequence[Any]) -> str:
    return repr(value) if isinstance(value, str) else f"{{{', '.join(map(as_lua, value))}}}"


def run_sql(database_url: str, script: str, **variables: object) -> None:
    """Run a script of this folder with psql, as the owner of the database."""
    given = [f"--set={name}={value}" for name, value in variables.items()]
    command = [str(PROGRAMS / "psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", *given]
    subprocess.run([*command, f"--file={HERE / script}", database_url], check=True, stdout=subprocess.DEVNULL)


def version_of(program: str, flag: str) -> str:
    output = subprocess.run([program, flag], capture_output=True, text=True, check=False)
    return " ".join((output.stdout + output.stderr).split()[:3])


@contextmanager
def serve_process(settings: Settings) -> Iterator[str]:
    """Serve in a process of its own; yields the base address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | as_environment(settings),
        cwd=PROJECT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"open\n"
        yield settings.address
    finally:
        # Reads what it says of requests that its end cut off: a pipe that is full would hold it for ever.
        process.communicate(timeout=60)
