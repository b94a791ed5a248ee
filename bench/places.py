"""What a booking draws on: one pool, three nested ones of two organisers, or a numbered seat; and its change.

The rounds of all four alternate, in a database of their own. Before them many pages are open that are told
what is free (`bench/live.py`).
"""

import asyncio
from itertools import count
from pathlib import Path
from typing import Any, Final

import asyncpg

from bench.live import follow_places
from bench.load import (
    Run,
    Target,
    book,
    p99_ms,
    pass_token,
    per_s,
    rounds,
    run_sql,
    serve_process,
    write_lua,
)
from bench.reading import make_database
from bench.report import LiveFigures, PlaceFigures
from credits.check import check_ledger
from reservations.check import check_bookings
from uit.core.secret import digest, new_token
from uit.core.settings import Settings
from uit.database.pool import Database

HALLS: Final = 80
DATES: Final = 25
SEATS_SOLD_A_HALL: Final = 1_800
"""Of 2,000; then the next date is sold, as a hall that fills in a second or two has to give way."""
SECONDS_TO_BOOK: Final = 8
"""So many bookings that a round changes each about once: what was changed before stays with a booking."""
SESSIONS = (
    "SELECT t.name AS what, array_agg(t.session_id::text ORDER BY t.session_id) AS ids"
    " FROM reservations.tariff AS t WHERE t.code = 'base' GROUP BY t.name"
)
TO_CHANGE = (
    "SELECT l.booking_id::text, c.id AS card_id FROM reservations.line AS l"
    " JOIN passes.card AS c ON c.region_id = 1 AND c.membership_id = l.holder_id WHERE l.session_id = $1"
)


def measure_places(settings: Settings, clients: int) -> tuple[PlaceFigures, list[str]]:
    """The figures, and what was not as it should be."""
    own = asyncio.run(make_database(settings, "places"))
    token, data, seeds = new_token(), Path(settings.home) / "places.lua", count(1)
    run_sql(own.admin_url, "seed.sql", client_token=digest("bearer", token).hex())
    run_sql(own.admin_url, "places.sql", halls=HALLS, dates=DATES)
    lists = asyncio.run(read_lists(own))
    write_lua(data, token, **lists, changed=[])
    with serve_process(own) as base:
        live = follow_places(own, base, token, lists["few"][0], lists["passes"][0])
        one = Target(base, data, "one")
        book(Target(base, data, "first"), clients, SECONDS_TO_BOOK, next(seeds))
        changed = asyncio.run(read_changed(own, lists["first"][0]))
        write_lua(data, token, **lists, changed=changed)
        targets = {
            "one": one,
            "nested": Target(base, data, "nested"),
            "seats": Target(base, data, "seated", each=SEATS_SOLD_A_HALL),
            "changes": Target(base, data, "dates", each=len(changed), bookings="changed"),
        }
        runs = rounds(targets, clients, seeds)
    return figures_of(runs, live), [*asyncio.run(faults(own, runs, lists["seated"])), *live_faults(live)]


def figures_of(runs: dict[str, list[Run]], live: LiveFigures) -> PlaceFigures:
    return PlaceFigures(
        one_per_s=per_s(runs["one"]),
        nested_per_s=per_s(runs["nested"]),
        nested_p99_ms=p99_ms(runs["nested"]),
        seats_per_s=per_s(runs["seats"]),
        seats_p99_ms=p99_ms(runs["seats"]),
        changes_per_s=per_s(runs["changes"]),
        changes_p99_ms=p99_ms(runs["changes"]),
        live=live,
    )


async def read_lists(settings: Settings) -> dict[str, list[Any]]:
    """The sessions of each kind, with `first` where bookings are changed from, and all passes."""
    owner: asyncpg.Connection[Any] = await asyncpg.connect(settings.owner_url)
    found = {row["what"]: row["ids"] for row in await owner.fetch(SESSIONS)}
    cards = await owner.fetch("SELECT id FROM passes.card")
    await owner.execute("VACUUM (ANALYZE)")
    await owner.close()
    first, *dates = found.pop("dates")
    passes = [pass_token(settings, row["id"]) for row in cards]
    one = found.pop("Basis")[:1]
    return {**found, "one": one, "first": [first], "dates": dates, "passes": passes}


async def read_changed(settings: Settings, session_id: str) -> list[tuple[str, str]]:
    """The bookings of a session, each with the pass of its holder."""
    owner: asyncpg.Connection[Any] = await asyncpg.connect(settings.owner_url)
    found = await owner.fetch(TO_CHANGE, session_id)
    await owner.close()
    return [(row["booking_id"], pass_token(settings, row["card_id"])) for row in found]


async def faults(settings: Settings, runs: dict[str, list[Run]], seated: list[str]) -> list[str]:
    """The broken invariants, and what was refused: there is always room."""
    refused = {name: sum(run.refused + run.broken for run in each) for name, each in runs.items()}
    found = [f"{number} of {name} got no booking" for name, number in refused.items() if number]
    database = await Database.open(settings.database_url, connections=1)
    async with database.reading() as connection:
        without = await connection.fetchval(
            "SELECT count(*) FROM reservations.ticket WHERE session_id = ANY ($1) AND seat IS NULL", seated
        )
        if without:
            found.append(f"{without} tickets of dates with numbered seats have none")
        found += [str(fault) for fault in await check_ledger(connection)]
        found += await check_bookings(connection)
    await database.close()
    return found


def live_faults(live: LiveFigures) -> list[str]:
    unheard = live.pages * live.changes - live.heard
    return [f"{unheard} times an open page was not told what changed"] if unheard else []
