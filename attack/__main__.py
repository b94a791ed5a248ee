"""`make attack`: does what a stranger or a bad day does, at its real size, and measures what others notice.

Everything is on the loopback, with stores of its own, in processes of their own. ATTACKS are done one after
the other; words given on the command line keep to those that have one of them in their name.
"""

import asyncio
import json
import logging
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import structlog

from attack import (
    full,
    guessing,
    hanging,
    killed,
    large_forms,
    leaving,
    long_names,
    mails,
    registrations,
    slow_bodies,
    stopping,
    unpacking,
    wrong_clock,
)
from attack.ground import Ground, open_ground
from attack.report import Figure, Result, as_keys, report
from uit.core.clock import SystemClock

RESULTS = Path(__file__).parent / "results" / "latest.json"
MOST_SECONDS = 150
"""For one attack."""
FILES = 12_000
"""What a process may open, for who has five thousand connections on each side."""

ATTACKS: Final[dict[str, Callable[[Ground], Awaitable[list[Figure]]]]] = {
    "5,000 bodies byte by byte": slow_bodies.at_the_application,
    "5,000 bodies byte by byte, behind Caddy": slow_bodies.at_the_proxy,
    "950 KB as the name of a field, 100 times": long_names.attack,
    "1 MB forms of strangers, 100 times": large_forms.attack,
    "1,000 bodies that break off": leaving.attack,
    "50 addresses guess a password": guessing.attack,
    "6 registrations of one person at once": registrations.attack,
    "1 MB that unpacks to 1 GB, as a page of events": unpacking.attack,
    "a worker's clock 400 days ahead": wrong_clock.attack,
    "a signal to stop with bookings in flight": stopping.attack,
    "PostgreSQL hangs for 10 s under load": hanging.attack,
    "a disk that is full under load": full.attack,
    "PostgreSQL killed under load": killed.postgres,
    "Valkey killed under load": killed.valkey,
    "20,000 mails and a mail server that hangs": mails.attack,
}


async def main(words: list[str]) -> int:
    chosen = {
        tried: attack
        for tried, attack in ATTACKS.items()
        if not words or any(word.lower() in tried.lower() for word in words)
    }
    say_nothing_else()
    allow_many_files()
    async with open_ground() as ground:
        results = [await result_of(tried, attack, ground) for tried, attack in chosen.items()]
    print(report(results))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(as_keys(results, SystemClock().now()), indent=2) + "\n")
    return 0 if all(result.holds for result in results) else 1


def say_nothing_else() -> None:
    """What this process notices of stores that die under it is no news; servers have logs of their own."""
    logging.disable(logging.CRITICAL)
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())


def allow_many_files() -> None:
    """Also to the processes that are started from here, as far as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


async def result_of(
    tried: str, attack: Callable[[Ground], Awaitable[list[Figure]]], ground: Ground
) -> Result:
    """One that raises has failed, and the next is tried all the same."""
    print(tried, flush=True)
    began = time.monotonic()
    figures, failure = [], ""
    try:
        async with asyncio.timeout(MOST_SECONDS):
            figures = await attack(ground)
    except Exception as error:  # noqa: BLE001 - whatever it was, the next attack is tried
        failure = f"{type(error).__name__} {error}".strip()
    return Result(tried, figures, time.monotonic() - began, failure)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
