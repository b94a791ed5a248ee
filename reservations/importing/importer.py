"""Imports events from sources, a hundred at a time, each into its region."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

import asyncpg

from organisers.organiser import ImportContext
from organisers.placement import NotPlaced, RegionFinder, assign_regions, read_region_finder
from organisers.uitdatabank.event import Event, read_event
from organisers.uitdatabank.field import Unreadable, in_language
from organisers.uitdatabank.record import Record
from organisers.uitdatabank.search_api import Sleep
from organisers.uitdatabank.source import read_source
from reservations.importing.sessions import ImportCounts
from reservations.importing.write import import_events
from uit.core.clock import Clock, day_in_flanders
from uit.core.ids import Ids
from uit.database.directory import ListedElsewhere
from uit.database.pool import AGAIN, Database

MOST_EVENTS: Final = 100
MOST_OCCURRENCES: Final = 2_000
TRIES: Final = 3

OnRecord = Callable[[str, Record], None]


@dataclass(frozen=True)
class PositionedEvent:
    """An event, and the position of its record in the source, for a person to find it."""

    position: str
    event: Event


@dataclass
class Report:
    """What an import did, in lines that start with the position of the record.

    `refused` are records that cannot be read, `left_out` events that do not belong here, and `dropped` what
    could not be read of an event that came in without it.
    """

    done: ImportCounts = field(default_factory=ImportCounts)
    refused: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        return 1 if self.refused else 0

    def summary(self) -> str:
        done = self.done
        return (
            f"Events: {done.added} added, {done.changed} changed, {done.unchanged} unchanged. "
            f"Sessions: {done.sessions} written, {done.moved} moved, "
            f"{done.elsewhere} elsewhere, {done.withdrawn} withdrawn. "
            f"Records: {len(self.left_out)} left out, {len(self.refused)} wrong. "
            f"Fields: {len(self.dropped)} left out."
        )


@dataclass
class Importer:
    """Imports events in groups of at most MOST_EVENTS. A group stays imported when a later one fails.

    `writing`: the group that is being written.
    """

    database: Database
    clock: Clock
    ids: Ids
    region_finder: RegionFinder
    chosen: int | None
    report: Report = field(default_factory=Report)
    waiting: list[PositionedEvent] = field(default_factory=list)
    online: list[PositionedEvent] = field(default_factory=list)
    writing: asyncio.Task[None] | None = None

    async def add(self, record: Record) -> None:
        await asyncio.sleep(0)  # reading records never waits, and a group that is being written must go on
        event = record.raw if isinstance(record.raw, Unreadable) else self.read(record.raw)
        if isinstance(event, Unreadable):
            self.report.refused.append(f"{record.position}: {event}")
            return
        # Events without a venue wait until the end: a later record can give their organiser a region.
        (self.waiting if event.venue else self.online).append(PositionedEvent(record.position, event))
        occurrences = sum(len(found.event.occurrences) for found in self.waiting)
        if len(self.waiting) >= MOST_EVENTS or occurrences >= MOST_OCCURRENCES:
            await self.flush()

    def read(self, raw: object) -> Event | Unreadable:
        event = read_event(raw, day_in_flanders(self.clock.now()))
        if isinstance(event, Event) and not event.organiser and not event.venue:
            return Unreadable("organizer", "is missing, and so is a place: nobody would be the seller")
        return event

    async def finish(self) -> Report:
        await self.flush()
        for start in range(0, len(self.online), MOST_EVENTS):
            self.waiting = self.online[start : start + MOST_EVENTS]
            await self.flush()
        await self.written()
        return self.report

    async def flush(self) -> None:
        """Have what waits written, while the next records are read."""
        await self.written()
        found, self.waiting = self.waiting, []
        self.writing = asyncio.create_task(self.write(found))

    async def written(self) -> None:
        """Wait until the group that is being written is in the database."""
        if self.writing:
            writing, self.writing = self.writing, None
            await writing

    async def write(self, found: Sequence[PositionedEvent]) -> None:
        async with self.database.reading() as connection:
            places = await assign_regions(
                connection, [each.event for each in found], self.region_finder, self.chosen
            )
        ours: list[tuple[int, PositionedEvent]] = []
        for each, placed in zip(found, places, strict=True):
            if isinstance(placed, NotPlaced):
                self.report.left_out.append(f"{each.position}: {in_language(each.event.name)} {placed.why}")
            else:
                ours.append((placed, each))
                self.report.dropped += [f"{each.position}: {why}" for why in each.event.dropped]
        for region_id, group in groupby(sorted(ours, key=lambda pair: pair[0]), key=lambda pair: pair[0]):
            await self.import_or_split(region_id, [each for _, each in group])

    async def import_or_split(self, region_id: int, found: Sequence[PositionedEvent]) -> None:
        """Import a group in one transaction; when the database refuses it, import its events one by one."""
        try:
            done = await self.import_group(region_id, [each.event for each in found])
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, ListedElsewhere) as refused:
            if len(found) > 1:
                for each in found:
                    await self.import_or_split(region_id, [each])
            else:
                self.report.refused.append(f"{found[0].position}: does not fit: {refused}")
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
            return await import_events(
                tx, ImportContext(region_id, self.ids, self.clock.now()), events, self.region_finder
            )


async def open_importer(database: Database, clock: Clock, ids: Ids, region_id: int | None = None) -> Importer:
    """An importer. `region_id`: the region of all events; None: the region of each venue."""
    async with database.reading() as connection:
        return Importer(database, clock, ids, await read_region_finder(connection), region_id)


async def import_sources(
    importer: Importer,
    sources: Sequence[str],
    client_id: str | None = None,
    on_record: OnRecord = lambda _source, _record: None,
    sleep: Sleep = asyncio.sleep,
) -> Report:
    """Import what the sources give (see `read_source`). Doing it twice changes nothing.

    `on_record` is told of each record and its source, after it was read.
    """
    try:
        for source in sources:
            async for record in read_source(source, client_id, sleep):
                await importer.add(record)
                on_record(source, record)
        return await importer.finish()
    finally:
        await importer.written()
