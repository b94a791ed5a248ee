"""`make bench`: one run over HTTP against embedded stores that lose nothing, told as ratios of that run.

A figure is the median of rounds that alternate with each other, so that a machine that slows down slows all
of them. After the load every invariant is checked; a broken one fails the bench.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from shutil import rmtree
from statistics import median
from typing import Any
from uuid import UUID

import asyncpg
from msgspec.structs import replace

from bench.load import PROGRAMS, Run, Target, book, naive_per_s, run_sql, version_of
from bench.report import Figures, report, targets_missed
from credits.check import check_ledger
from reservations.booking.batcher import MOST_IN_A_BATCH
from reservations.check import check_bookings
from uit.core.seal import PassSeal, seal_pass
from uit.core.secret import digest, new_token, read_or_make
from uit.core.settings import PROJECT, InvalidSetting, Settings, as_environment, read_settings
from uit.database.migrate import migrate
from uit.database.pool import Database
from uit.embedded.sharing import with_stores
from uit.entrypoints.port import refuse_taken_port

HOME = PROJECT / ".uit" / "bench"
# A rate is of as many clients as one batch holds: with fewer, the web part and the database wait for
# each other. Waiting times are of as many as the targets name.
CLIENTS = MOST_IN_A_BATCH
SETTLING_SECONDS = 10
LOG_FILES = 100
ROUNDS = 5
SECONDS = 4
EARLIER = int(os.environ.get("BENCH_EARLIER", "1000000"))
RESULTS = Path(__file__).parent / "results" / "latest.json"


def main() -> int:
    rmtree(HOME, ignore_errors=True)
    settings = replace(
        read_settings(),
        home=str(HOME),
        database_url="",
        redis_url="",
        bench=True,
        example=False,
        port=int(os.environ.get("PORT", "8765")),
    )
    try:
        refuse_taken_port(settings)
        with with_stores(settings) as running:
            figures, broken = measure(running)
    except InvalidSetting as wrong:
        print(wrong, file=sys.stderr)
        return 2
    finally:
        rmtree(HOME, ignore_errors=True)
    print(report(figures))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(figures.as_keys(), indent=2) + "\n")
    for fault in broken:
        print(f"BROKEN: {fault}")
    for missed in targets_missed(figures):
        print(f"below target: {missed}")
    return 1 if broken else 0


def measure(settings: Settings) -> tuple[Figures, list[str]]:
    hot, sold_out = asyncio.run(seed(settings))
    data, seeds = HOME / "data.lua", count(1)
    with served(settings) as base:
        echo, busy = Target(base, data, "hot", echo=True), Target(base, data, "hot")
        wide, gone = Target(base, data, "spread"), Target(base, data, "sold_out")
        book(busy, CLIENTS, 2, next(seeds))
        before = rounds({"echo": echo, "hot": busy, "spread": wide, "sold_out": gone}, CLIENTS, seeds)
        at_16, at_64 = (rounds({"hot": busy}, clients, seeds)["hot"] for clients in (16, 64))
        naive, naive_clients = max(
            (naive_per_s(settings.database_url, hot, clients, SECONDS), clients) for clients in (16, 64)
        )
        empty = per_s(rounds({"hot": busy}, CLIENTS, seeds)["hot"])
        run_sql(
            settings.database_url, "earlier.sql", bookings=EARLIER, hot_session=hot, sold_out_session=sold_out
        )
        # After a checkpoint the first change of a page is logged whole; that is over after a while.
        book(busy, CLIENTS, SETTLING_SECONDS, next(seeds))
        after = rounds({"hot": busy}, CLIENTS, seeds)
    figures = Figures(
        echo_per_s=per_s(before["echo"]),
        hot_per_s=per_s(before["hot"]),
        hot_p50_ms=median(run.p50_ms for run in before["hot"]),
        hot_p99_ms=median(run.p99_ms for run in before["hot"]),
        hot_p99_ms_at_16=median(run.p99_ms for run in at_16),
        hot_p99_ms_at_64=median(run.p99_ms for run in at_64),
        hot_per_s_at_64=per_s(at_64),
        spread_per_s=per_s(before["spread"]),
        spread_p50_ms=median(run.p50_ms for run in before["spread"]),
        spread_p99_ms=median(run.p99_ms for run in before["spread"]),
        before_million_per_s=empty,
        after_million_per_s=per_s(after["hot"]),
        after_million_p99_ms=median(run.p99_ms for run in after["hot"]),
        sold_out_per_s=per_s(before["sold_out"]),
        naive_per_s=naive,
        clients=CLIENTS,
        naive_clients=naive_clients,
        earlier=EARLIER,
        load_client=version_of("wrk", "-v"),
        naive_client=version_of(str(PROGRAMS / "pgbench"), "--version"),
    )
    answered = [run for runs in (before["hot"], before["spread"], at_16, at_64, after["hot"]) for run in runs]
    return figures, asyncio.run(faults(settings, answered))


def rounds(targets: dict[str, Target], clients: int, seeds: Iterator[int]) -> dict[str, list[Run]]:
    """Each target in turn, several times over."""
    runs: dict[str, list[Run]] = {name: [] for name in targets}
    for _ in range(ROUNDS):
        for name, target in targets.items():
            runs[name].append(book(target, clients, SECONDS, next(seeds)))
    return runs


def per_s(runs: list[Run]) -> float:
    return median(run.per_s for run in runs)


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """The web part in a process of its own."""
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
        process.stdin.close()
        process.wait(20)


async def seed(settings: Settings) -> tuple[str, str]:
    """Fill the database and write what the load client needs; returns the hot and the sold-out session."""
    await migrate(settings.database_url)
    token = new_token()
    run_sql(settings.database_url, "seed.sql", client_token=digest("bearer", token).hex())
    owner: asyncpg.Connection[Any] = await asyncpg.connect(settings.database_url)
    sessions = await owner.fetch(
        "SELECT s.id::text, p.capacity FROM reservations.session AS s"
        " JOIN reservations.pool AS p ON p.region_id = s.region_id AND p.id = s.pool_ids[1] ORDER BY s.id"
    )
    cards: list[UUID] = [row["id"] for row in await owner.fetch("SELECT id FROM passes.card")]
    await owner.execute("VACUUM (ANALYZE)")
    await age_the_log(owner)
    await owner.close()
    ids = [row["id"] for row in sessions if row["capacity"]]
    hot, *spread = ids
    sold_out = next(row["id"] for row in sessions if not row["capacity"])
    signing = read_or_make(settings.secrets_path).signing
    lists = {
        "hot": [hot],
        "spread": spread,
        "sold_out": [sold_out],
        "passes": [seal_pass(signing, PassSeal(1, card, 1)) for card in cards],
    }
    lines = [f"{name} = {{{', '.join(f'{each!r}' for each in values)}}}" for name, values in lists.items()]
    (HOME / "data.lua").write_text("\n".join([f"token = {token!r}", *lines]))
    return hot, sold_out


async def age_the_log(owner: "asyncpg.Connection[Any]") -> None:
    """Let the server have log files to use again, as one that has run for a day has.

    A new one fills each with zeros first, in the transaction that comes upon it: 6 % of the database's part.
    """
    for _ in range(LOG_FILES):
        await owner.execute("SELECT pg_logical_emit_message(false, 'bench', ''), pg_switch_wal()")
    await owner.execute("CHECKPOINT")


async def faults(settings: Settings, answered: list[Run]) -> list[str]:
    """Every invariant that does not hold after the load, and every answer that was no booking."""
    wrong = sum(run.refused + run.broken for run in answered)
    found = [f"{wrong} bookings were refused or got no answer"] if wrong else []
    database = await Database.open(settings.database_url, connections=1)
    async with database.reading() as connection:
        found += [str(fault) for fault in await check_ledger(connection)]
        found += await check_bookings(connection)
    await database.close()
    return found


if __name__ == "__main__":
    sys.exit(main())
