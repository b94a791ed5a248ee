"""Taking in events: organisers, venues, events and sessions in one transaction, without touching a booking.

What came in before and did not change is left alone. A changed event changes its sessions: times, status,
tariffs and places, but neither the price of a booking nor a place that is taken. What is over stays.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

import msgspec

from organisers.event import Incoming, KnownEvent, read_known_events, take_in_events
from organisers.organiser import Arrival, organiser_of, take_in_organisers, take_in_venues
from organisers.placement import Atlas
from organisers.uitdatabank.event import Event
from reservations.importing.sessions import ImportCounts, SessionPlan, import_sessions
from uit.core.clock import day_in_flanders
from uit.core.ids import Ids
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

# Raise it when the same event should become something else than before: then all are taken in anew.
WAY_OF_READING: Final = 1
USUAL_SOCIAL_BP: Final = 2_000


one_import_at_a_time = SQL.command("one_import_at_a_time")
read_social_bp = SQL.value("read_social_bp", int)


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
        await import_sessions(tx, arrival, SessionPlan(incoming, organisers, social_bp, arrival.now), done)
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
