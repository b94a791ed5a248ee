"""Brings events from sources into the regions: a hundred at a time, each in the region of its venue."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

import asyncpg

from organisers.organiser import Arrival
from organisers.placement import Atlas, Elsewhere, place_events, read_atlas
from organisers.uitdatabank.event import Event, read_event
from organisers.uitdatabank.field import Wrong, say
from organisers.uitdatabank.record import Record
from organisers.uitdatabank.search_api import Sleep
from organisers.uitdatabank.source import read_source
from reservations.importing.write import ImportCounts, import_events
from uit.core.clock import Clock, day_in_flanders
from uit.core.ids import Ids
from uit.core.settings import InvalidSetting
from uit.database.directory import ListedElsewhere
from uit.database.pool import AGAIN, Database
from uit.services.region import Regions

MOST_EVENTS: Final = 100
MOST_OCCURRENCES: Final = 2_000
TRIES: Final = 3

Watch = Callable[[str, Record], None]


@dataclass(frozen=True)
class PositionedEvent:
    """An event, and where a person can find its record."""

    position: str
    event: Event


@dataclass
class Report:
    """What an import did. `wrong` and `elsewhere` are lines that start with the position of the record."""

    done: ImportCounts = field(default_factory=ImportCounts)
    wrong: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        return 1 if self.wrong else 0

    def summary(self) -> str:
        done = self.done
        return (
            f"Events: {done.added} added, {done.changed} changed, {done.unchanged} unchanged. "
            f"Sessions: {done.sessions} written, {done.withdrawn} withdrawn. "
            f"Records: {len(self.elsewhere)} left out, {len(self.wrong)} wrong."
        )


@dataclass
class Importer:
    """Takes events in, a hundred at a time: what was taken in stays, whatever comes after it."""

    database: Database
    clock: Clock
    ids: Ids
    atlas: Atlas
    chosen: int | None
    report: Report = field(default_factory=Report)
    waiting: list[PositionedEvent] = field(default_factory=list)
    online: list[PositionedEvent] = field(default_factory=list)

    async def add(self, record: Record) -> None:
        event = record.raw if isinstance(record.raw, Wrong) else self.read(record.raw)
        if isinstance(event, Wrong):
            self.report.wrong.append(f"{record.position}: {event}")
            return
        # What is only online goes where its organiser is, which a later record may say.
        (self.waiting if event.venue else self.online).append(PositionedEvent(record.position, event))
        occurrences = sum(len(found.event.occurrences) for found in self.waiting)
        if len(self.waiting) >= MOST_EVENTS or occurrences >= MOST_OCCURRENCES:
            await self.flush()

    def read(self, raw: object) -> Event | Wrong:
        event = read_event(raw, day_in_flanders(self.clock.now()))
        if isinstance(event, Event) and not event.organiser and not event.venue:
            return Wrong("organizer", "is missing, and so is a place: nobody would be the seller")
        return event

    async def finish(self) -> Report:
        await self.flush()
        for start in range(0, len(self.online), MOST_EVENTS):
            self.waiting = self.online[start : start + MOST_EVENTS]
            await self.flush()
        return self.report

    async def flush(self) -> None:
        found, self.waiting = self.waiting, []
        async with self.database.reading() as connection:
            places = await place_events(connection, [each.event for each in found], self.atlas, self.chosen)
        ours: list[tuple[int, PositionedEvent]] = []
        for each, place in zip(found, places, strict=True):
            if isinstance(place, Elsewhere):
                self.report.elsewhere.append(f"{each.position}: {say(each.event.name)} {place.why}")
            else:
                ours.append((place, each))
        for region_id, group in groupby(sorted(ours, key=lambda pair: pair[0]), key=lambda pair: pair[0]):
            await self.settle(region_id, [each for _, each in group])

    async def settle(self, region_id: int, found: Sequence[PositionedEvent]) -> None:
        """All in one transaction, or one by one when something of it is refused, so that the rest goes in."""
        try:
            done = await self.import_group(region_id, [each.event for each in found])
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, ListedElsewhere) as refused:
            if len(found) > 1:
                for each in found:
                    await self.settle(region_id, [each])
            else:
                self.report.wrong.append(f"{found[0].position}: does not fit: {refused}")
        else:
            self.report.done.add(done)

    async def import_group(self, region_id: int, events: Sequence[Event]) -> ImportCounts:
        for _ in range(TRIES - 1):
            try:
                return await self.import_once(region_id, events)
            except AGAIN:
                continue
        return await self.import_once(region_id, events)

    async def import_once(self, region_id: int, events: Sequence[Event]) -> ImportCounts:
        async with self.database.transaction() as tx:
            return await import_events(tx, Arrival(region_id, self.ids, self.clock.now()), events, self.atlas)


async def open_importer(database: Database, clock: Clock, ids: Ids, region: str | None = None) -> Importer:
    """`region` is the slug of the region that everything goes to; None: where its venue is."""
    chosen = None
    if region is not None:
        every = await Regions(database, clock).every()
        chosen = next((each.id for each in every if each.slug == region), None)
        if chosen is None:
            there = ", ".join(each.slug for each in every) or "none yet"
            raise InvalidSetting(f"There is no region {region}. Regions: {there}.")
    async with database.reading() as connection:
        return Importer(database, clock, ids, await read_atlas(connection), chosen)


async def import_sources(
    importer: Importer,
    sources: Sequence[str],
    client_id: str | None = None,
    watch: Watch = lambda _source, _record: None,
    sleep: Sleep = asyncio.sleep,
) -> Report:
    """Take in what the sources give (see `read_source`). Doing it twice changes nothing.

    `watch` is told of each record and its source, after it was read.
    """
    for source in sources:
        async for record in read_source(source, client_id, sleep):
            await importer.add(record)
            watch(source, record)
    return await importer.finish()
