"""Reading: the agenda, its search, an event and the sessions of a client, in regions of three sizes.

Each region has a database and a server of its own. The rounds of all of them alternate.
"""

import asyncio
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any, Final
from urllib.parse import quote

import asyncpg
from msgspec import Struct
from msgspec.structs import replace

from bench.load import Run, read_pages, run_sql, serve_process, write_lua
from bench.report import SIZES, ReadingFigures
from uit.core.secret import digest, new_token
from uit.core.settings import Settings
from uit.database.address import with_database
from uit.database.login import Logins, make_logins
from uit.database.migrate import migrate

MANY: Final = 16
ADDRESSES: Final = 50
KINDS: Final = ("agenda", "rare", "common", "typo", "event", "sessions")
# Of events to come, the word that no other has.
ADDRESSED = """
SELECT e.id::text, lower(split_part(e.name, ' ', 2)) AS word
FROM organisers.event AS e JOIN reservations.session AS s ON s.region_id = e.region_id AND s.event_id = e.id
GROUP BY e.id, e.name HAVING max(s.starts_at) > now() ORDER BY e.id LIMIT $1
"""


class ReadRegion(Struct, frozen=True):
    """A region of so many sessions: where it is served, and the Lua file with the addresses to read."""

    sessions: int
    base: str
    data: Path


def read_all(settings: Settings, rounds: int, seconds: int) -> dict[str, dict[int, ReadingFigures]]:
    """The figures of each kind of page by the number of sessions of its region."""
    with ExitStack() as servers:
        regions = [open_region(servers, settings, sessions, at) for at, sessions in enumerate(SIZES, start=1)]
        for region in regions:
            for kind in KINDS:
                read_pages(region.base, region.data, kind, 1, 1)
        alone = read_rounds(regions, 1, rounds, seconds)
        together = read_rounds(regions, MANY, rounds, seconds)
    return {
        kind: {size: figures_of(alone[kind, size], together[kind, size]) for size in SIZES} for kind in KINDS
    }


def open_region(servers: ExitStack, settings: Settings, sessions: int, at: int) -> ReadRegion:
    data = Path(settings.home) / f"reading_{sessions}.lua"
    own = replace(asyncio.run(make_database(settings, f"reading_{sessions}")), port=settings.port + at)
    token = new_token()
    run_sql(own.admin_url, "reading.sql", sessions=sessions, client_token=digest("bearer", token).hex())
    write_lua(data, token, **asyncio.run(addresses(own)))
    return ReadRegion(sessions, servers.enter_context(serve_process(own)), data)


async def make_database(settings: Settings, name: str) -> Settings:
    """The settings with a new migrated database on the same server."""
    logins = Logins(with_database(settings.owner_url, name), with_database(settings.database_url, name))
    await make_logins(settings.admin_url, logins)
    await migrate(logins.owner)
    return replace(
        settings,
        database_url=logins.application,
        owner_database_url=logins.owner,
        admin_database_url=with_database(settings.admin_url, name),
    )


async def addresses(settings: Settings) -> dict[str, list[str]]:
    """The addresses of each kind."""
    owner: asyncpg.Connection[Any] = await asyncpg.connect(settings.owner_url)
    events = await owner.fetch(ADDRESSED, ADDRESSES)
    await owner.close()
    words = [word for _, word in events]
    return {
        "agenda": ["/meting/agenda"],
        "rare": [searched(word) for word in words],
        "common": [searched("theater")],
        "typo": [searched(misspelled(word)) for word in words],
        "event": [f"/meting/evenementen/{event_id}" for event_id, _ in events],
        "sessions": ["/api/v1/sessions"],
    }


def searched(words: str) -> str:
    return f"/meting/agenda?waar={quote(words)}"


def misspelled(word: str) -> str:
    """The word with its third letter twice: no word of the region begins so."""
    return word[:3] + word[2:]


def read_rounds(
    regions: list[ReadRegion], clients: int, rounds: int, seconds: int
) -> dict[tuple[str, int], list[Run]]:
    runs: dict[tuple[str, int], list[Run]] = {(kind, each.sessions): [] for kind in KINDS for each in regions}
    for _ in range(rounds):
        for kind in KINDS:
            for each in regions:
                runs[kind, each.sessions].append(read_pages(each.base, each.data, kind, clients, seconds))
    return runs


def figures_of(alone: list[Run], together: list[Run]) -> ReadingFigures:
    return ReadingFigures(
        p50_ms=median(run.p50_ms for run in alone),
        p99_ms=median(run.p99_ms for run in alone),
        per_s_at_16=median(run.per_s for run in together),
        p99_ms_at_16=median(run.p99_ms for run in together),
        refused=sum(run.refused + run.broken for run in [*alone, *together]),
    )
