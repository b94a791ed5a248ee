"""Writes imported events with their organisers, venues and sessions, in one transaction.

Events that did not change since an earlier import are skipped. A changed event changes the times, status,
tariffs and places of its sessions, but neither the prices of bookings nor the places taken. Past sessions
are not changed.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct, field

from organisers.event import IncomingEvent, KnownEvent, read_known_events, write_events
from organisers.organiser import ImportContext, organiser_of, write_organisers, write_venues
from organisers.placement import RegionFinder
from organisers.uitdatabank.event import SOURCE, Event
from organisers.uitdatabank.field import in_language
from organisers.uitdatabank.occurrence import Occurrence
from reservations.importing.plan import (
    PlannedPool,
    PlannedSession,
    fit_pool,
    new_pool,
    session_row,
    still_to_come,
    tariff_rows,
)
from uit.core.clock import day_in_flanders
from uit.core.ids import Ids
from uit.database.directory import list_in_directory
from uit.database.foreign_id import write_foreign_ids
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

# A higher version imports all events again. Raise it when unchanged events have to be written differently.
READING_VERSION: Final = 1
DEFAULT_SOCIAL_BP: Final = 2_000
WITHDRAWN: Final = "Staat niet meer op de agenda van de organisator."


class KnownSession(Struct, frozen=True):
    """A session that was imported before and is not over, with its pool."""

    foreign_id: str
    event_id: UUID
    starts_at: datetime
    status: str
    pool: PlannedPool


class KnownRow(Struct, frozen=True):
    foreign_id: str
    event_id: UUID
    starts_at: datetime
    status: str
    id: UUID
    licensed_capacity: int
    capacity: int
    taken: int
    held: int

    def known(self) -> KnownSession:
        pool = PlannedPool(self.id, self.licensed_capacity, self.capacity, self.taken, self.held)
        return KnownSession(self.foreign_id, self.event_id, self.starts_at, self.status, pool)


class ImportCounts(Struct):
    """The results of an import. `notes` are cases that a person has to decide about."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    sessions: int = 0
    withdrawn: int = 0
    notes: list[str] = field(default_factory=list)

    def add(self, other: "ImportCounts") -> None:
        self.added += other.added
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.sessions += other.sessions
        self.withdrawn += other.withdrawn
        self.notes += other.notes


one_import_at_a_time = SQL.command("one_import_at_a_time")
read_social_bp = SQL.value("read_social_bp", int)
lock_pools = SQL.command("lock_pools")
select_known = SQL.many("select_known", KnownRow)
upsert_pools = SQL.command("upsert_pools")
upsert_sessions = SQL.command("upsert_sessions")
upsert_tariffs = SQL.command("upsert_tariffs")
end_tariffs = SQL.command("end_tariffs")
withdraw = SQL.command("withdraw")


async def import_events(
    tx: Executor, context: ImportContext, events: Iterable[Event], region_finder: RegionFinder
) -> ImportCounts:
    """Add or update the events of one region. Of an event that occurs twice, the last one counts.

    Every event must have an organiser or a venue.
    """
    await one_import_at_a_time(tx, context.region_id)
    latest = {event.foreign_id: event for event in events}
    social_bp = await read_social_bp(tx, context.region_id, day_in_flanders(context.now)) or DEFAULT_SOCIAL_BP
    known = await read_known_events(tx, context.region_id, list(latest))
    incoming = [
        each
        for each in (as_incoming(event, known, social_bp, context.ids) for event in latest.values())
        if each
    ]
    done = ImportCounts(unchanged=len(latest) - len(incoming))
    if incoming:
        done.changed = sum(each.event.foreign_id in known for each in incoming)
        done.added = len(incoming) - done.changed
        organisers = await write_event_data(tx, context, incoming, region_finder)
        await write_planned_sessions(tx, context, Plan(incoming, organisers, social_bp, context.now), done)
    return done


def as_incoming(event: Event, known: dict[str, KnownEvent], social_bp: int, ids: Ids) -> IncomingEvent | None:
    """The event with its id; None when its content has not changed."""
    before = known.get(event.foreign_id)
    content = digest_of(event, social_bp)
    if before is None:
        return IncomingEvent(ids.new(), event, content)
    return None if before.content_digest == content else IncomingEvent(before.id, event, content)


def digest_of(event: Event, social_bp: int) -> bytes:
    """The digest of all data that determine what is written for an event."""
    return hashlib.sha256(msgspec.json.encode((READING_VERSION, social_bp, event))).digest()


async def write_event_data(
    tx: Executor, context: ImportContext, incoming: Sequence[IncomingEvent], region_finder: RegionFinder
) -> dict[UUID, UUID]:
    """Write organisers, venues and events; returns the id of the organiser by id of the event."""
    events = [each.event for each in incoming]
    hosts = {host.foreign_id: host for host in map(organiser_of, events) if host}
    places = {event.venue.foreign_id: event.venue for event in events if event.venue}
    towns = {foreign_id: region_finder.refnis_of(venue) for foreign_id, venue in places.items()}
    organisers = await write_organisers(tx, context, hosts)
    venues = await write_venues(tx, context, places, towns)
    await write_events(tx, context, incoming, organisers, venues)
    return {each.id: organisers[host.foreign_id] for each in incoming if (host := organiser_of(each.event))}


class Plan:
    """The sessions to write, by foreign id, and their differences from the known sessions."""

    def __init__(
        self, incoming: Sequence[IncomingEvent], organisers: dict[UUID, UUID], social_bp: int, now: datetime
    ) -> None:
        self.events = {each.id: each.event for each in incoming}
        self.organisers = organisers
        self.now = now
        self.wanted: dict[str, tuple[UUID, Occurrence]] = {
            f"{event.foreign_id}#{occurrence.key}": (event_id, occurrence)
            for event_id, event in self.events.items()
            for occurrence in still_to_come(event.occurrences, now)
        }
        self.tariffs = [
            row for event_id, event in self.events.items() for row in tariff_rows(event, event_id, social_bp)
        ]

    def pool(self, foreign_id: str, here: Mapping[str, KnownSession], ids: Ids) -> PlannedPool:
        """The pool of a session as it has to be."""
        _, occurrence = self.wanted[foreign_id]
        known = here.get(foreign_id)
        return fit_pool(known.pool, occurrence.state) if known else new_pool(ids.new(), occurrence.state)

    def moves_places(self, known: KnownSession) -> bool:
        """Whether the places of a session change or it is called off; its pool is then locked first."""
        if known.foreign_id not in self.wanted:
            return True
        _, occurrence = self.wanted[known.foreign_id]
        return occurrence.state.status != "scheduled" or fit_pool(known.pool, occurrence.state) != known.pool

    def session_row(self, foreign_id: str, pool: PlannedPool) -> PlannedSession:
        event_id, occurrence = self.wanted[foreign_id]
        return session_row(self.events[event_id], occurrence, event_id, self.organisers[event_id], pool)

    def removed(self, known: Sequence[KnownSession]) -> list[KnownSession]:
        """Sessions that are no longer in the calendar, have not started and are not cancelled."""
        return [
            each
            for each in known
            if each.foreign_id not in self.wanted
            and each.starts_at >= self.now
            and each.status != "cancelled"
        ]

    def name(self, session: KnownSession) -> str:
        return f"{in_language(self.events[session.event_id].name)}, {session.starts_at:%Y-%m-%d %H:%M} UTC"


async def write_planned_sessions(
    tx: Executor, context: ImportContext, plan: Plan, done: ImportCounts
) -> None:
    """Write the sessions with their pools and tariffs, and add the results to `done`."""
    region_id = context.region_id
    known = await read_known_sessions(tx, region_id, plan)
    touched = [each.pool.id for each in known if plan.moves_places(each)]
    if touched:
        await lock_pools(tx, region_id, touched)
        known = await read_known_sessions(tx, region_id, plan)
    here = {each.foreign_id: each for each in known}
    pools = {foreign_id: plan.pool(foreign_id, here, context.ids) for foreign_id in plan.wanted}
    rows = [plan.session_row(foreign_id, pool) for foreign_id, pool in pools.items()]
    before = {each.pool for each in known}
    await write_sessions(tx, region_id, plan, rows, [pool for pool in pools.values() if pool not in before])
    names = {foreign_id: pool.id for foreign_id, pool in pools.items() if foreign_id not in here}
    await write_foreign_ids(tx, region_id, "session", SOURCE, names)
    await list_in_directory(tx, "session", region_id, {row.id: row.organiser_id for row in rows})
    done.sessions += len(rows)
    done.notes += notes(plan, here, rows)
    await withdraw_removed(tx, region_id, plan, known, done)


async def read_known_sessions(tx: Executor, region_id: int, plan: Plan) -> list[KnownSession]:
    rows = await select_known(tx, region_id, SOURCE, list(plan.events), list(plan.wanted), plan.now)
    return [row.known() for row in rows]


async def write_sessions(
    tx: Executor, region_id: int, plan: Plan, rows: Sequence[PlannedSession], pools: Sequence[PlannedPool]
) -> None:
    sessions, tariffs = [row.id for row in rows], msgspec.json.encode(plan.tariffs).decode()
    await upsert_pools(tx, region_id, msgspec.json.encode(pools).decode())
    await upsert_sessions(tx, region_id, msgspec.json.encode(rows).decode(), plan.now)
    await end_tariffs(tx, region_id, sessions, tariffs)
    await upsert_tariffs(tx, region_id, sessions, tariffs)


def notes(plan: Plan, here: dict[str, KnownSession], rows: Sequence[PlannedSession]) -> list[str]:
    """Notes for a person: more places taken than the capacity, and bookings for cancelled sessions."""
    found = []
    statuses = {row.id: row.status for row in rows}
    for foreign_id, session in here.items():
        _, occurrence = plan.wanted.get(foreign_id, (None, None))
        taken = session.pool.taken
        if occurrence is None or not taken:
            continue
        capacity = occurrence.state.capacity
        if capacity is not None and capacity < taken:
            found.append(f"{plan.name(session)}: capacity is now {capacity}, but {taken} places are taken.")
        if statuses[session.pool.id] == "cancelled" != session.status:
            found.append(f"{plan.name(session)}: cancelled, with {taken} places taken.")
    return found


async def withdraw_removed(
    tx: Executor, region_id: int, plan: Plan, known: Sequence[KnownSession], done: ImportCounts
) -> None:
    """Cancel sessions that are no longer in the calendar. Those with places taken stay, and get a note."""
    removed = plan.removed(known)
    empty = [each.pool.id for each in removed if not each.pool.taken]
    if empty:
        done.withdrawn += await withdraw(tx, region_id, empty, WITHDRAWN, plan.now)
    done.notes += [
        f"{plan.name(each)}: no longer in the calendar, but {each.pool.taken} places are taken; it stays."
        for each in removed
        if each.pool.taken
    ]
