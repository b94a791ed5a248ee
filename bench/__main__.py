"""`make bench`: measures bookings and reading over HTTP against durable embedded stores, and reports ratios.

A figure is the median of rounds. The rounds of all figures alternate, so that a slower machine slows them
all. After the load every invariant is checked; a broken one fails the bench.
"""

import asyncio
import json
import os
import sys
from itertools import count
from pathlib import Path
from shutil import rmtree
from statistics import median
from typing import Any
from uuid import UUID

import asyncpg
from msgspec import Struct
from msgspec.structs import replace

from bench.backlog import WorkedOff, work_off_backlog
from bench.load import (
    PROGRAMS,
    ROUNDS,
    SECONDS,
    Run,
    Target,
    book,
    naive_per_s,
    p99_ms,
    pass_token,
    per_s,
    report_events,
    rounds,
    run_sql,
    serve_process,
    version_of,
    write_lua,
)
from bench.places import measure_places
from bench.reading import read_all
from bench.report import Figures, PlaceFigures, ReadingFigures, RushFigures, missed_targets, report
from bench.rush import run_rush
from bench.webhooks import SECRET, write_webhooks
from credits.check import check_ledger
from reservations.booking.batcher import MOST_IN_A_BATCH
from reservations.check import check_bookings
from uit.core.secret import digest, new_token
from uit.core.settings import PROJECT, InvalidSetting, Settings, read_settings
from uit.database.migrate import migrate
from uit.database.pool import Database
from uit.embedded.sharing import with_stores
from uit.entrypoints.port import refuse_taken_port

HOME = PROJECT / ".uit" / "bench"
# Rates are measured with as many clients as a batch holds: with fewer, the web process and the database wait
# for each other. Latencies are measured with the numbers of clients that the targets name.
CLIENTS = MOST_IN_A_BATCH
SETTLING_SECONDS = 10
WAL_FILES = 100
# Six kinds of pages in three regions, by one reader and by sixteen.
READING_ROUNDS = 3
READING_SECONDS = 2
MOST_WEBHOOKS = 40_000
"""More than are sent in a run, so that each is new."""
EARLIER_BOOKINGS = int(os.environ.get("BENCH_EARLIER", "1000000"))
BACKLOG_LINES = min(200_000, EARLIER_BOOKINGS)
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
    except InvalidSetting as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        rmtree(HOME, ignore_errors=True)
    print(report(figures))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(figures.as_keys(), indent=2) + "\n")
    for fault in broken:
        print(f"BROKEN: {fault}")
    for missed in missed_targets(figures):
        print(f"below target: {missed}")
    return 1 if broken else 0


class Measured(Struct, frozen=True):
    """The runs by target with an empty database, with fewer clients, and after the earlier bookings."""

    before: dict[str, list[Run]]
    at_16: list[Run]
    at_64: list[Run]
    naive: tuple[float, int]
    empty: list[Run]
    after: list[Run]
    webhooks: list[Run]

    @property
    def booked(self) -> list[Run]:
        """The runs in which every request should book."""
        by_target = [*self.before["hot"], *self.before["card"], *self.before["spread"]]
        return [*by_target, *self.at_16, *self.at_64, *self.after]


def measure(settings: Settings) -> tuple[Figures, list[str]]:
    hot, sold_out = asyncio.run(seed(settings))
    measured = book_all(settings, hot, sold_out)
    backlog = work_off_backlog(settings, BACKLOG_LINES, hot)
    reading = read_all(settings, READING_ROUNDS, READING_SECONDS)
    rush, broken = run_rush(settings)
    places, wrong = measure_places(settings, CLIENTS)
    figures = figures_of(measured, backlog, reading, rush, places)
    return figures, [*asyncio.run(faults(settings, measured)), *broken, *wrong]


def book_all(settings: Settings, hot: str, sold_out: str) -> Measured:
    data, seeds = HOME / "data.lua", count(1)
    with serve_process(settings) as base:
        targets = {name: Target(base, data, name) for name in ("hot", "spread", "sold_out")}
        hot_target = {"hot": targets["hot"]}
        book(targets["hot"], CLIENTS, 2, next(seeds))
        echo, card = Target(base, data, "hot", echo=True), Target(base, data, "card", pay_with="card")
        before = rounds({"echo": echo, **targets, "card": card}, CLIENTS, seeds)
        at_16, at_64 = (rounds(hot_target, clients, seeds)["hot"] for clients in (16, 64))
        naive = max((naive_per_s(settings.owner_url, hot, clients, SECONDS), clients) for clients in (16, 64))
        empty = rounds(hot_target, CLIENTS, seeds)["hot"]
        run_sql(
            settings.admin_url,
            "earlier.sql",
            bookings=EARLIER_BOOKINGS,
            hot_session=hot,
            sold_out_session=sold_out,
        )
        # After a checkpoint the first change of each page is logged in full, so let that pass.
        book(targets["hot"], CLIENTS, SETTLING_SECONDS, next(seeds))
        after = rounds(hot_target, CLIENTS, seeds)["hot"]
    return Measured(before, at_16, at_64, naive, empty, after, store_webhooks(settings))


def store_webhooks(settings: Settings) -> list[Run]:
    """Webhooks at a server with a provider. Who books has none: a page is asked for after the commit."""
    file = HOME / "webhooks.txt"
    paying = replace(settings, stripe_secret_key=SECRET, stripe_webhook_secret=SECRET)
    runs = []
    with serve_process(paying) as base:
        for _ in range(ROUNDS):
            write_webhooks(file, MOST_WEBHOOKS)
            runs.append(report_events(base, file, 64, SECONDS))
    return runs


def figures_of(
    measured: Measured,
    backlog: WorkedOff,
    reading: dict[str, dict[int, ReadingFigures]],
    rush: RushFigures,
    places: PlaceFigures,
) -> Figures:
    hot, spread, after = measured.before["hot"], measured.before["spread"], measured.after
    naive, naive_clients = measured.naive
    return Figures(
        echo_per_s=per_s(measured.before["echo"]),
        hot_per_s=per_s(hot),
        hot_p50_ms=median(run.p50_ms for run in hot),
        hot_p99_ms=p99_ms(hot),
        hot_p99_ms_at_16=p99_ms(measured.at_16),
        hot_p99_ms_at_64=p99_ms(measured.at_64),
        hot_per_s_at_64=per_s(measured.at_64),
        spread_per_s=per_s(spread),
        spread_p50_ms=median(run.p50_ms for run in spread),
        spread_p99_ms=p99_ms(spread),
        before_million_per_s=per_s(measured.empty),
        after_million_per_s=per_s(after),
        after_million_p99_ms=p99_ms(after),
        sold_out_per_s=per_s(measured.before["sold_out"]),
        card_per_s=per_s(measured.before["card"]),
        webhooks_per_s=per_s(measured.webhooks),
        webhooks_p99_ms=p99_ms(measured.webhooks),
        naive_per_s=naive,
        clients=CLIENTS,
        naive_clients=naive_clients,
        earlier=EARLIER_BOOKINGS,
        backlog_lines=backlog.lines,
        backlog_lines_per_s=backlog.per_s,
        backlog_longest_statement_ms=backlog.longest_s * 1000,
        reading=reading,
        rush=rush,
        places=places,
        load_client=version_of("wrk", "-v"),
        naive_client=version_of(str(PROGRAMS / "pgbench"), "--version"),
    )


async def seed(settings: Settings) -> tuple[str, str]:
    """Fill the database and write the data of the load client; returns the hot and the sold-out session."""
    await migrate(settings.owner_url)
    token = new_token()
    run_sql(settings.owner_url, "seed.sql", client_token=digest("bearer", token).hex())
    owner: asyncpg.Connection[Any] = await asyncpg.connect(settings.owner_url)
    sessions = await owner.fetch(
        "SELECT s.id::text, p.capacity FROM reservations.session AS s"
        " JOIN reservations.pool AS p ON p.region_id = s.region_id AND p.id = s.pool_ids[1] ORDER BY s.id"
    )
    cards: list[UUID] = [row["id"] for row in await owner.fetch("SELECT id FROM passes.card")]
    await owner.execute("VACUUM (ANALYZE)")
    await owner.close()
    await recycle_wal_files(settings.admin_url)
    ids = [row["id"] for row in sessions if row["capacity"]]
    hot, *spread, card = ids
    sold_out = next(row["id"] for row in sessions if not row["capacity"])
    passes = [pass_token(settings, each) for each in cards]
    lists = {"hot": [hot], "spread": spread, "sold_out": [sold_out], "card": [card], "passes": passes}
    write_lua(HOME / "data.lua", token, **lists)
    return hot, sold_out


async def recycle_wal_files(dsn: str) -> None:
    """Make WAL files that the server can reuse, as a server that has run for a day has.

    A new server fills each file with zeros during the transaction that needs it: 6 % of the database time.
    """
    admin: asyncpg.Connection[Any] = await asyncpg.connect(dsn)
    for _ in range(WAL_FILES):
        await admin.execute("SELECT pg_logical_emit_message(false, 'bench', ''), pg_switch_wal()")
    await admin.execute("CHECKPOINT")
    await admin.close()


async def faults(settings: Settings, measured: Measured) -> list[str]:
    """The broken invariants after the load, and the number of requests that did not book."""
    failed = sum(run.refused + run.broken for run in measured.booked)
    found = [f"{failed} bookings were refused or got no answer"] if failed else []
    sent = sum(run.requests - run.refused - run.broken for run in measured.webhooks)
    database = await Database.open(settings.database_url, connections=1)
    async with database.reading() as connection:
        stored = await connection.fetchval("SELECT count(*) FROM credits.provider_event")
        held = await connection.fetchval("SELECT count(*) FROM credits.payment WHERE status = 'pending'")
        # Those that were under way when a run ended are stored and not counted.
        if stored < sent:
            found.append(f"{sent - stored} webhooks were taken and not stored")
        if held < sum(run.requests for run in measured.before["card"]):
            found.append("bookings by card are not held for a payment")
        found += [str(fault) for fault in await check_ledger(connection)]
        found += await check_bookings(connection)
    await database.close()
    return found


if __name__ == "__main__":
    sys.exit(main())
