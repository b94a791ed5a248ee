"""Writes imported events with their organisers, venues and sessions, in one transaction.

Events that did not change since an earlier import are skipped. A changed event changes the times, status,
tariffs and places of its sessions, but neither the prices of bookings nor the places taken. Past sessions
are not changed.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from organisers.event import (
    IncomingEvent,
    KnownEvent,
    SourceRecord,
    organiser_id_of,
    read_known_events,
    write_events,
)
from organisers.organiser import ImportContext, organiser_of, write_organisers, write_venues
from organisers.placement import RegionFinder
from organisers.source import one_import_at_a_time, read_counting
from organisers.uitdatabank.event import SOURCE, Event
from reservations.importing.elsewhere import places_of, tell_who_booked
from reservations.importing.plan import PlannedTariff, tariff_rows
from reservations.importing.said import read_said
from reservations.importing.session_plan import SessionPlan, Terms
from reservations.importing.sessions import ImportCounts, import_sessions
from uit.core.clock import day_in_flanders
from uit.core.ids import Ids
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

# A higher version imports all events again. Raise it when unchanged events have to be written differently.
READING_VERSION: Final = 3
DEFAULT_SOCIAL_BP: Final = 2_000

read_social_bp = SQL.value("read_social_bp", int)


async def import_events(
    tx: Executor, context: ImportContext, events: Iterable[Event], region_finder: RegionFinder
) -> ImportCounts:
    """Add or update the events of one region. Of an event that occurs twice, the last one counts.

    Every event must have an organiser or a venue.
    """
    await one_import_at_a_time(tx, context.region_id)
    latest = {event.foreign_id: event for event in events}
    terms = await read_terms(tx, context)
    known = await read_known_events(tx, context.region_id, list(latest))
    incoming = [
        each for each in (as_incoming(event, known, terms, context.ids) for event in latest.values()) if each
    ]
    done = ImportCounts(unchanged=len(latest) - len(incoming))
    if incoming:
        done.changed = sum(each.event.foreign_id in known for each in incoming)
        done.added = len(incoming) - done.changed
        before = await places_of(tx, context.region_id, [each.id for each in incoming])
        organisers = await write_event_data(tx, context, incoming, region_finder)
        plan = await plan_sessions(tx, context, incoming, organisers, terms)
        await import_sessions(tx, context, plan, done)
        done.elsewhere = await tell_who_booked(tx, context, before)
    return done


async def plan_sessions(
    tx: Executor,
    context: ImportContext,
    incoming: Sequence[IncomingEvent],
    organisers: Mapping[UUID, UUID],
    terms: Terms,
) -> SessionPlan:
    said = await read_said(tx, context.region_id, [each.id for each in incoming])
    return SessionPlan(incoming, organisers, terms, context.now, said)


async def import_again(tx: Executor, context: ImportContext, known: SourceRecord) -> None:
    """Give the dates of an event what its source said last, and what is said here since.

    No import of its region may run, which `one_import_at_a_time` sees to.
    """
    event = msgspec.json.decode(known.record, type=Event)
    incoming, organisers = [IncomingEvent(known.id, event, b"")], {known.id: known.organiser_id}
    terms = await read_terms(tx, context)
    plan = await plan_sessions(tx, context, incoming, organisers, terms)
    await import_sessions(tx, context, plan, ImportCounts())


async def read_terms(tx: Executor, context: ImportContext) -> Terms:
    social_bp = await read_social_bp(tx, context.region_id, day_in_flanders(context.now))
    return Terms(social_bp or DEFAULT_SOCIAL_BP, await read_counting(tx, context.region_id, SOURCE))


def as_incoming(event: Event, known: dict[str, KnownEvent], terms: Terms, ids: Ids) -> IncomingEvent | None:
    """The event with its id; None when its content has not changed.

    A known one keeps its organiser for as long as the one that its record names cannot be read.
    """
    before = known.get(event.foreign_id)
    event_id = before.id if before else ids.new()
    content = digest_of(event, terms, tariff_rows(event, event_id, terms.social_bp))
    if before is None:
        return IncomingEvent(event_id, event, content)
    keeps = before.organiser_id if event.organiser_unreadable else None
    return None if before.content_digest == content else IncomingEvent(event_id, event, content, keeps)


def digest_of(event: Event, terms: Terms, tariffs: Sequence[PlannedTariff]) -> bytes:
    """The digest of all data that determine what is written for an event, and of how its prices are read."""
    return hashlib.sha256(msgspec.json.encode((READING_VERSION, terms, event, tariffs))).digest()


async def write_event_data(
    tx: Executor, context: ImportContext, incoming: Sequence[IncomingEvent], region_finder: RegionFinder
) -> dict[UUID, UUID]:
    """Write organisers, venues and events; returns the id of the organiser by id of the event."""
    events = [each.event for each in incoming]
    named = [organiser_of(each.event) for each in incoming if not each.keeps_organiser]
    hosts = {host.foreign_id: host for host in named if host}
    places = {event.venue.foreign_id: event.venue for event in events if event.venue}
    towns = {foreign_id: region_finder.refnis_of(venue) for foreign_id, venue in places.items()}
    organisers = await write_organisers(tx, context, hosts)
    venues = await write_venues(tx, context, places, towns)
    await write_events(tx, context, incoming, organisers, venues)
    return {each.id: organiser_id_of(each, organisers) for each in incoming}
