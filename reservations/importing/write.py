"""Taking in events: organisers, venues, events and sessions in one transaction, without touching a booking.

What came in before and did not change is left alone. A changed event changes its sessions: times, status,
tariffs and places, but neither the price of a booking nor a place that is taken. What is over stays.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct, field

from organisers.event import Incoming, KnownEvent, read_known_events, take_in_events
from organisers.organiser import Arrival, organiser_of, take_in_organisers, take_in_venues
from organisers.placement import Atlas
from organisers.uitdatabank.event import SOURCE, Event
from organisers.uitdatabank.field import say
from organisers.uitdatabank.occurrence import Occurrence
from reservations.importing.plan import (
    PlannedPool,
    PlannedSession,
    fit,
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

# Raise it when the same event should become something else than before: then all are taken in anew.
WAY_OF_READING: Final = 1
USUAL_SOCIAL_BP: Final = 2_000
WITHDRAWN: Final = "Staat niet meer op de agenda van de organisator."


class KnownSession(Struct, frozen=True):
    """A session that came in before and is not over, with its pool."""

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
    """What an intake did. `notes` are for a person to decide about: what could not be done as asked."""

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
    tx: Executor, arrival: Arrival, events: Iterable[Event], atlas: Atlas
) -> ImportCounts:
    """Bring events of one region in, or up to date. Of an event that comes twice the last one counts.

    Every event must have an organiser or a venue.
    """
    await one_import_at_a_time(tx, arrival.region_id)
    latest = {event.foreign_id: event for event in events}
    social_bp = await read_social_bp(tx, arrival.region_id, day_in_flanders(arrival.now)) or USUAL_SOCIAL_BP
    known = await read_known_events(tx, arrival.region_id, list(latest))
    incoming = [
        each
        for each in (as_incoming(event, known, social_bp, arrival.ids) for event in latest.values())
        if each
    ]
    done = ImportCounts(unchanged=len(latest) - len(incoming))
    if incoming:
        done.changed = sum(each.event.foreign_id in known for each in incoming)
        done.added = len(incoming) - done.changed
        organisers = await take_in_offer(tx, arrival, incoming, atlas)
        await take_in_sessions(tx, arrival, Plan(incoming, organisers, social_bp, arrival.now), done)
    return done


def as_incoming(event: Event, known: dict[str, KnownEvent], social_bp: int, ids: Ids) -> Incoming | None:
    """The event under its id here; None when what it says is what it said last time."""
    before = known.get(event.foreign_id)
    content = digest_of(event, social_bp)
    if before is None:
        return Incoming(ids.new(), event, content)
    return None if before.content_digest == content else Incoming(before.id, event, content)


def digest_of(event: Event, social_bp: int) -> bytes:
    """Of all that decides what an event becomes here."""
    return hashlib.sha256(msgspec.json.encode((WAY_OF_READING, social_bp, event))).digest()


async def take_in_offer(
    tx: Executor, arrival: Arrival, incoming: Sequence[Incoming], atlas: Atlas
) -> dict[UUID, UUID]:
    """Organisers, venues and the events themselves; returns the organiser of each event."""
    events = [each.event for each in incoming]
    hosts = {host.foreign_id: host for host in map(organiser_of, events) if host}
    places = {event.venue.foreign_id: event.venue for event in events if event.venue}
    towns = {foreign_id: atlas.refnis_of(venue) for foreign_id, venue in places.items()}
    organisers = await take_in_organisers(tx, arrival, hosts)
    venues = await take_in_venues(tx, arrival, places, towns)
    await take_in_events(tx, arrival, incoming, organisers, venues)
    return {each.id: organisers[host.foreign_id] for each in incoming if (host := organiser_of(each.event))}


class Plan:
    """Which sessions there should be, by foreign id, and how the ones that there are differ from them."""

    def __init__(
        self, incoming: Sequence[Incoming], organisers: dict[UUID, UUID], social_bp: int, now: datetime
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
        """The places of a session as they should be."""
        _, occurrence = self.wanted[foreign_id]
        known = here.get(foreign_id)
        return fit(known.pool, occurrence.state) if known else new_pool(ids.new(), occurrence.state)

    def moves_places(self, known: KnownSession) -> bool:
        """Whether its places change, or it is called off: then its pool is locked first."""
        if known.foreign_id not in self.wanted:
            return True
        _, occurrence = self.wanted[known.foreign_id]
        return occurrence.state.status != "scheduled" or fit(known.pool, occurrence.state) != known.pool

    def session_row(self, foreign_id: str, pool: PlannedPool) -> PlannedSession:
        event_id, occurrence = self.wanted[foreign_id]
        return session_row(self.events[event_id], occurrence, event_id, self.organisers[event_id], pool)

    def gone(self, known: Sequence[KnownSession]) -> list[KnownSession]:
        """Sessions that left the calendar before they started and were not called off already."""
        return [
            each
            for each in known
            if each.foreign_id not in self.wanted
            and each.starts_at >= self.now
            and each.status != "cancelled"
        ]

    def name(self, session: KnownSession) -> str:
        return f"{say(self.events[session.event_id].name)}, {session.starts_at:%Y-%m-%d %H:%M} UTC"


async def take_in_sessions(tx: Executor, arrival: Arrival, plan: Plan, done: ImportCounts) -> None:
    """Sessions with their places and prices; `done` gets what happened to them."""
    region_id = arrival.region_id
    known = await read_known_sessions(tx, region_id, plan)
    touched = [each.pool.id for each in known if plan.moves_places(each)]
    if touched:
        await lock_pools(tx, region_id, touched)
        known = await read_known_sessions(tx, region_id, plan)
    here = {each.foreign_id: each for each in known}
    pools = {foreign_id: plan.pool(foreign_id, here, arrival.ids) for foreign_id in plan.wanted}
    rows = [plan.session_row(foreign_id, pool) for foreign_id, pool in pools.items()]
    before = {each.pool for each in known}
    await write_sessions(tx, region_id, plan, rows, [pool for pool in pools.values() if pool not in before])
    names = {foreign_id: pool.id for foreign_id, pool in pools.items() if foreign_id not in here}
    await write_foreign_ids(tx, region_id, "session", SOURCE, names)
    await list_in_directory(tx, "session", region_id, {row.id: row.organiser_id for row in rows})
    done.sessions += len(rows)
    done.notes += notes(plan, here, rows)
    await withdraw_gone(tx, region_id, plan, known, done)


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
    """What a person should know: places taken beyond the capacity, and bookings for what is called off."""
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


async def withdraw_gone(
    tx: Executor, region_id: int, plan: Plan, known: Sequence[KnownSession], done: ImportCounts
) -> None:
    """Call off what left the calendar. With places taken it goes on, until a person decides."""
    gone = plan.gone(known)
    empty = [each.pool.id for each in gone if not each.pool.taken]
    if empty:
        done.withdrawn += await withdraw(tx, region_id, empty, WITHDRAWN, plan.now)
    done.notes += [
        f"{plan.name(each)}: no longer in the calendar, but {each.pool.taken} places are taken; it stays."
        for each in gone
        if each.pool.taken
    ]
