"""One whole product, as `make run` starts it, and one real browser for all journeys."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast
from uuid import uuid4

import asyncpg
import pytest
from playwright.async_api import Browser, async_playwright

from organisers.example import example_events
from organisers.example.dender import HOPZOLDER, ZOLDER
from organisers.example.sketch import MONDAY, On, Sketch, write_event_at
from tests.conftest import free_port
from tests.journeys.inspection import Inspector
from tests.journeys.steps import Street
from tests.town import Town, a_home, open_town
from uit.core.clock import BRUSSELS, SystemClock, day_in_flanders
from uit.core.settings import Settings
from uit.entrypoints.import_events import import_events
from uit.web.caught_mail import read_mail

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-gpu"]


@pytest.fixture(scope="session")
def town() -> Iterator[Town]:
    with a_home() as home, open_town(free_port(), home) as opened:
        yield opened


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    path = next(found for found in map(shutil.which, BROWSERS) if found)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
async def inspector(chromium: Browser) -> Inspector:
    return await Inspector.start(chromium)


@pytest.fixture
async def street(town: Town, chromium: Browser, inspector: Inspector) -> AsyncIterator[Street]:
    made = Street(town, chromium, inspector)
    yield made
    await made.leave()
    made.disclosures.keep("log", *town.lines)
    mails = [read_mail(path) for path in (town.home / "mail").glob("*.eml")]
    assert await made.disclosures.found(DatabaseOf(town), mails) == []


@dataclass(frozen=True)
class Evening:
    """An event with the day on which it is, and where."""

    name: str
    day: str
    town: str


@pytest.fixture
def next_week(town: Town) -> Evening:
    """An evening of the example that can still be cancelled."""
    events = example_events("dender", day_in_flanders(SystemClock().now()))
    song = next(event for event in events if event["name"] == {"nl": "Een euro voor een lied"})
    return Evening("Een euro voor een lied", str(song["startDate"])[:10], "Aalst")


@pytest.fixture
def tonight(town: Town, tmp_path: Path, request: pytest.FixtureRequest) -> Evening:
    """An evening that starts within the hour, so that its door is open: it comes in through the import.

    Before midnight it starts today, whatever the hour, but for the last minutes of a day.
    """
    now = SystemClock().now().astimezone(BRUSSELS)
    starts_at, last = now + timedelta(minutes=50), now.replace(hour=23, minute=59)
    if now < last - timedelta(minutes=10) < last < starts_at:
        starts_at = last
    name = f"Vanavond {request.node.name[-20:].replace('_', ' ')} {uuid4().hex[:4]}"
    bring_in(town, tmp_path / "event.json", write_event_at(sketch(name), "dender", starts_at))
    return Evening(name, str(starts_at.date()), "Aalst")


class Announced:
    """An event as its source publishes it, at these moments; what it says can change."""

    def __init__(self, town: Town, path: Path, name: str, moments: Sequence[datetime]) -> None:
        here = [moment.astimezone(BRUSSELS) for moment in moments]
        self.evenings = [Evening(name, str(moment.date()), "Aalst") for moment in here]
        self._town, self._path = town, path
        self._event = write_event_at(sketch(name), "dender", here[0])
        [one] = cast("list[dict[str, object]]", self._event["subEvent"])
        dates = [at_moment(one, number, moment) for number, moment in enumerate(here)]
        self.says(subEvent=dates, calendarType="multiple" if len(dates) > 1 else "single")

    @property
    def evening(self) -> Evening:
        return self.evenings[0]

    def says(self, **changed: object) -> None:
        self._event |= changed
        bring_in(self._town, self._path, self._event)


def at_moment(sub_event: Mapping[str, object], number: int, starts_at: datetime) -> dict[str, object]:
    ends_at = starts_at + timedelta(hours=2)
    return {
        **sub_event,
        "id": number,
        "startDate": starts_at.isoformat(),
        "endDate": ends_at.isoformat(),
    }


class Announce:
    """Brings events in through the import, each under a name of its own."""

    def __init__(self, town: Town, folder: Path) -> None:
        self._town, self._folder = town, folder

    def __call__(self, name: str, *days: int) -> Announced:
        """An event that is at this hour, so many days from now."""
        own, now = f"{name} {uuid4().hex[:4]}", SystemClock().now().replace(second=0, microsecond=0)
        moments = [now + timedelta(days=each) for each in days]
        return Announced(self._town, self._folder / f"{own}.json", own, moments)


@pytest.fixture
def announce(town: Town, tmp_path: Path) -> Announce:
    return Announce(town, tmp_path)


def address_of_database(town: Town) -> str:
    return str(json.loads((town.home / "running.json").read_text())["owner_database_url"])


@dataclass(frozen=True)
class DatabaseOf:
    """The database of a town, to look in."""

    town: Town

    async def rows(self, statement: str, *values: object) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(address_of_database(self.town))
        try:
            return list(await connection.fetch(statement, *values))
        finally:
            await connection.close()


async def in_database(town: Town, statement: str, *values: object) -> object:
    """What no page does: let days pass, or read what only a program knows."""
    connection = await asyncpg.connect(address_of_database(town))
    try:
        return await connection.fetchval(statement, *values)
    finally:
        await connection.close()


def sketch(name: str) -> Sketch:
    return Sketch(
        name=name,
        text="Een avond die zo begint.",
        host=HOPZOLDER,
        place=ZOLDER,
        kind="Concert",
        dates=(On(0, MONDAY, "20:00", 120, places=10),),
        base_cents=100,
    )


def bring_in(town: Town, path: Path, event: dict[str, object]) -> None:
    """Import an event, in a thread since a journey has a loop of its own."""
    path.write_text(json.dumps(event))
    settings = Settings(database_url=address_of_database(town), home=str(town.home))
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(lambda: asyncio.run(import_events(settings, [str(path)]))).result() == 0
