"""A rush: 20,000 people for 500 seats. They enter, are drawn, look at their place, and book when let in.

wrk enters and looks. Who is let in books by the API; those few requests are sent from here, so that each is
sent once and its answer is known. It ends by itself when nobody waits any more.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
import msgspec
from msgspec import Struct

from bench.http import CREATED, Answer, Client
from bench.live import memory_of
from bench.load import Run, pass_token, run_sql, run_wrk, serve_process
from bench.reading import make_database
from bench.report import RushFigures, percentile
from reservations.waiting_room.draw import promise_of, seed_of
from uit.core.clock import SystemClock
from uit.core.seal import QueueSeal, seal_queue
from uit.core.secret import Secrets, digest, new_token, read_or_make
from uit.core.settings import Settings
from uit.web.form_token import token_for

PEOPLE: Final = int(os.environ.get("BENCH_RUSH", "20000"))
SEATS: Final = int(os.environ.get("BENCH_RUSH_SEATS", "500"))
SECONDS_TO_ENTER: Final = 5
MOST_TRIES: Final = 12
MOST_SECONDS: Final = 60
CLIENTS: Final = 64
BOOKING_AT_ONCE: Final = 32
SOLD_OUT: Final = {"reservations.sold_out", "reservations.not_your_turn"}
LET_IN: Final = (
    "SELECT e.id, c.id AS card_id FROM reservations.queue_entry AS e"
    " JOIN passes.card AS c ON c.region_id = 1 AND c.membership_id = e.membership_id"
    " WHERE e.let_in_at IS NOT NULL AND e.id <> ALL ($1)"
)


class Rush(Struct, frozen=True):
    """Where it is, and who can book: the keys of the installation, the session and a client's token."""

    settings: Settings
    secrets: Secrets
    session_id: UUID
    token: str
    data: Path


def run_rush(settings: Settings) -> tuple[RushFigures, list[str]]:
    """The figures of a rush in a database of its own, and what was not as promised."""
    own = asyncio.run(make_database(settings, "rush"))
    token = new_token()
    run_sql(own.admin_url, "seed.sql", client_token=digest("bearer", token).hex())
    run_sql(own.admin_url, "rush.sql", people=PEOPLE, seats=SEATS)
    rush = asyncio.run(prepare(own, token))
    with serve_process(own) as base:
        entering = enter(rush, base)
        looking, booked, memory_mb = asyncio.run(open_and_book(rush, base))
    sold, faults = asyncio.run(look_back(rush, [*entering, *looking], booked))
    entered = sum(run.requests for run in entering) / sum(run.seconds for run in entering)
    rate, p99 = sum(run.requests for run in looking), max(run.p99_ms for run in looking)
    figures = RushFigures(
        PEOPLE,
        SEATS,
        sold,
        entered,
        rate / sum(run.seconds for run in looking),
        p99,
        percentile([seconds for _, seconds in booked]) * 1000,
        memory_mb,
    )
    return figures, faults


async def prepare(settings: Settings, token: str) -> Rush:
    """A waiting room that opens later, and for each person a session with the token of its forms."""
    owner: asyncpg.Connection[Any] = await asyncpg.connect(settings.owner_url)
    secrets, now = read_or_make(settings.secrets_path), SystemClock().now()
    session_id = await owner.fetchval("SELECT session_id FROM reservations.tariff WHERE code = 'rush'")
    nonce = uuid4()
    await owner.execute(
        "INSERT INTO reservations.waiting_room (region_id, session_id, opens_at, nonce, promise,"
        " credit_share, counter_share, tenths_a_place, turn_minutes, made_at)"
        " VALUES (1, $1, $2, $3, $4, 0, 0, 15, 10, $5)",
        session_id, now + timedelta(hours=1), nonce,
        promise_of(seed_of(secrets.sealing, 1, session_id, nonce)), now,
    )  # fmt: skip
    people = await owner.fetch("SELECT id FROM identity.person WHERE given_name = 'Wachter'")
    signed_in = [(row["id"], new_token()) for row in people]
    await owner.copy_records_to_table(
        "session",
        schema_name="identity",
        columns=("digest", "person_id", "created_at", "expires_at"),
        records=[(digest("session", each), who, now, now + timedelta(hours=2)) for who, each in signed_in],
    )
    await owner.execute("ANALYZE")
    await owner.close()
    rush = Rush(settings, secrets, session_id, token, Path(settings.home) / "rush.lua")
    tokens = [f"{{{each!r}, {token_for(each, secrets.session)!r}}}" for _, each in signed_in]
    room = f"/meting/sessies/{session_id}/wachtkamer"
    rush.data.write_text(f"room = {room!r}\ncomers = {{{', '.join(tokens)}}}\n")
    return rush


def enter(rush: Rush, base: str) -> list[Run]:
    """Enter until everybody is in; who comes again is as they were."""
    runs: list[Run] = []
    while len(runs) < MOST_TRIES and (in_already := asyncio.run(count_in(rush))) < PEOPLE:
        environment = os.environ | {"BENCH_DATA": str(rush.data), "BENCH_ENTERS": str(in_already)}
        runs.append(run_wrk("rush.lua", base, environment, CLIENTS, SECONDS_TO_ENTER))
    return runs


async def count_in(rush: Rush) -> int:
    owner: asyncpg.Connection[Any] = await asyncpg.connect(rush.settings.owner_url)
    found = await owner.fetchval("SELECT count(*) FROM reservations.queue_entry")
    await owner.close()
    return int(found)


async def open_and_book(rush: Rush, base: str) -> tuple[list[Run], list[tuple[str, float]], float]:
    """Open it while everybody looks; the looks, the answers of who was let in, and what was in memory."""
    owner: asyncpg.Connection[Any] = await asyncpg.connect(rush.settings.owner_url)
    ids = [row["id"] for row in await owner.fetch("SELECT id FROM reservations.queue_entry")]
    key = rush.secrets.signing
    places = [f"/meting/wachtkamer/{seal_queue(key, QueueSeal(1, rush.session_id, each))}" for each in ids]
    rush.data.write_text(f"places = {{{', '.join(map(repr, places))}}}\n")
    await owner.execute("UPDATE reservations.waiting_room SET opens_at = now()")
    client, done = Client(base, rush.token), asyncio.Event()
    looking = asyncio.create_task(look(rush, base, done))
    booked = await book_who_is_let_in(rush, client, owner)
    done.set()
    runs = await looking
    memory_mb = await memory_of(client)
    await client.close()
    await owner.close()
    return runs, booked, memory_mb


async def look(rush: Rush, base: str, done: asyncio.Event) -> list[Run]:
    """Look at places until it is done, with as many connections as wrk has."""
    environment = os.environ | {"BENCH_DATA": str(rush.data)}
    runs: list[Run] = []
    while not done.is_set():
        runs.append(await asyncio.to_thread(run_wrk, "rush.lua", base, environment, CLIENTS, 5))
    return runs


async def book_who_is_let_in(
    rush: Rush, client: Client, owner: "asyncpg.Connection[Any]"
) -> list[tuple[str, float]]:
    """Each who is let in books one place at once; ends when the room does."""
    tried: list[UUID] = []
    answers: list[tuple[str, float]] = []
    ends_at = perf_counter() + MOST_SECONDS
    at_once = asyncio.Semaphore(BOOKING_AT_ONCE)
    while perf_counter() < ends_at:
        found = await owner.fetch(LET_IN, tried)
        tried += [row["id"] for row in found]
        answers += await asyncio.gather(*(book(rush, client, at_once, row["card_id"]) for row in found))
        if await owner.fetchval("SELECT ended_at FROM reservations.waiting_room") is not None:
            break
        await asyncio.sleep(0.1)
    return answers


async def book(rush: Rush, client: Client, at_once: asyncio.Semaphore, card_id: UUID) -> tuple[str, float]:
    line = {"session_id": str(rush.session_id), "tariff": "rush", "places": 1}
    shown = pass_token(rush.settings, card_id)
    async with at_once:
        began = perf_counter()
        answer = await client.put(
            f"/api/v1/bookings/{uuid4()}", {"lines": [line], "pass_token": shown, "pay_with": "credit"}
        )
        took = perf_counter() - began
    return said(answer), took


def said(answer: Answer) -> str:
    """`booked`, or the code of the refusal."""
    if answer.status == CREATED:
        return "booked"
    with suppress(msgspec.MsgspecError):
        return str(msgspec.json.decode(answer.body)["code"])
    return str(answer.status)


async def look_back(
    rush: Rush, runs: Sequence[Run], booked: Sequence[tuple[str, float]]
) -> tuple[int, list[str]]:
    """How many seats were sold, and what was not as promised."""
    owner: asyncpg.Connection[Any] = await asyncpg.connect(rush.settings.owner_url)
    sold = await owner.fetchval(
        "SELECT count(*) FROM reservations.ticket WHERE session_id = $1 AND status = 'confirmed'",
        rush.session_id,
    )
    seed = await owner.fetchval("SELECT seed FROM reservations.waiting_room")
    rows = await owner.fetch("SELECT id, let_in_at FROM reservations.queue_entry ORDER BY place")
    left = await owner.fetchval("SELECT count(*) FROM reservations.queue_entry WHERE place IS NULL")
    await owner.close()
    drawn = sorted((row["id"] for row in rows), key=lambda each: sha256(seed + each.bytes).digest())
    let_in = [row["let_in_at"] is not None for row in rows]
    heard = Counter(answer for answer, _ in booked)
    faults = {
        f"{sold} of {SEATS} seats were sold": sold != SEATS,
        f"{len(rows)} of {PEOPLE} people are in, {left} not drawn": len(rows) != PEOPLE or left,
        "the order is not the one that was drawn": [row["id"] for row in rows] != drawn,
        "somebody was let in before their turn": let_in != sorted(let_in, reverse=True),
        f"who was let in heard {dict(heard)}": bool(heard.keys() - SOLD_OUT - {"booked"}),
        "who entered or looked was refused or got no answer": any(run.refused or run.broken for run in runs),
    }
    return int(sold), [fault for fault, is_one in faults.items() if is_one]
