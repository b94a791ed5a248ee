"""Events: what is offered, by which organiser and where. Their dates are sessions, in `reservations`."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from organisers.event_here import with_what_is_said_here
from organisers.organiser import ImportContext, organiser_of
from organisers.uitdatabank.event import SOURCE, Attendance, Event
from organisers.uitdatabank.field import Words, in_language
from uit.database.foreign_id import write_foreign_ids
from uit.database.statements import Executor, Statements, as_json

SQL = Statements(__name__)

CAMP: Final = "0.57.0.0.0"  # Kamp of vakantie
# The domain of the event types of publiq that are not culture. Events for children only are youth work.
DOMAINS: Final = {
    "0.19.0.0.0": "sport",  # Sportwedstrijd bekijken
    "0.59.0.0.0": "sport",  # Sport en beweging
    CAMP: "youth",
    "0.7.0.0.0": "tourism",  # Begeleide uitstap of rondleiding
    "0.17.0.0.0": "tourism",  # Route
}
# Events for members or for schools are not shown, because their audience is not known here.
OPEN_TO: Final = {"everyone", "childrenOnly"}


class KnownEvent(Struct, frozen=True):
    foreign_id: str
    id: UUID
    organiser_id: UUID
    content_digest: bytes | None


class ContactRow(Struct, frozen=True):
    """The contact of an event; `booking_*` is where the organiser itself takes bookings."""

    phones: tuple[str, ...]
    emails: tuple[str, ...]
    urls: tuple[str, ...]
    booking_phone: str = ""
    booking_email: str = ""
    booking_url: str = ""


class EventRow(Struct, frozen=True):
    id: UUID
    organiser_id: UUID
    venue_id: UUID | None
    name: str
    name_translations: Words
    description: str
    description_translations: Words
    domain: str
    type_label: str
    theme_label: str
    facilities: tuple[str, ...]
    age_from: int | None
    age_to: int | None
    attendance: Attendance
    online_url: str | None
    image_url: str | None
    contact: ContactRow
    calendar_type: str
    published: bool
    visible_from: datetime | None
    visible_to: datetime | None
    born_from: date | None
    born_to: date | None
    content_digest: str
    source_record: str


class SourceRecord(Struct, frozen=True):
    """What the source of an event said last: JSON of an `Event`."""

    id: UUID
    organiser_id: UUID
    record: str


class IncomingEvent(Struct, frozen=True):
    """An event to import: its id in this database, and the digest of the content that is derived from it.

    `keeps_organiser`: the organiser that it had, when its record names one that cannot be read.
    """

    id: UUID
    event: Event
    digest: bytes
    keeps_organiser: UUID | None = None


select_known = SQL.many("select_known", KnownEvent)
read_source_record = SQL.maybe("read_source_record", SourceRecord)
"""None for what was made here, and for what came in before records were kept."""

upsert_events = SQL.command("upsert_events")
set_settings = SQL.command("set_settings")
set_waiting_rule = SQL.command("set_waiting_rule")


async def read_known_events(
    tx: Executor, region_id: int, foreign_ids: Sequence[str]
) -> dict[str, KnownEvent]:
    """The events that were imported before, by foreign id, with the digest of their content."""
    return {each.foreign_id: each for each in await select_known(tx, region_id, SOURCE, foreign_ids)}


async def write_events(
    tx: Executor,
    context: ImportContext,
    incoming: Sequence[IncomingEvent],
    organisers: Mapping[str, UUID],
    venues: Mapping[str, UUID],
) -> None:
    """Add or update events. `organisers` and `venues` have the ids of their rows by foreign id.

    What their organisers say of them here goes before what they say.
    """
    at_source = {each.id: as_row(each, organisers, venues) for each in incoming}
    rows = await with_what_is_said_here(tx, context.region_id, at_source, context.now)
    owners = {each.event.foreign_id: each.id for each in incoming}
    await upsert_events(tx, context.region_id, as_json(rows), context.now)
    await write_foreign_ids(tx, context.region_id, "event", SOURCE, owners)


def as_row(incoming: IncomingEvent, organisers: Mapping[str, UUID], venues: Mapping[str, UUID]) -> EventRow:
    event = incoming.event
    return EventRow(
        id=incoming.id,
        organiser_id=organiser_id_of(incoming, organisers),
        venue_id=venues[event.venue.foreign_id] if event.venue else None,
        name=in_language(event.name),
        name_translations=event.name,
        description=in_language(event.description),
        description_translations=event.description,
        domain=domain_of(event),
        type_label=label_of(event, "eventtype"),
        theme_label=label_of(event, "theme"),
        facilities=labels_of(event, "facility"),
        age_from=event.age_from,
        age_to=event.age_to,
        attendance=event.attendance,
        online_url=event.online_url,
        image_url=event.images[0].url if event.images else None,
        contact=contact_of(event),
        calendar_type=event.calendar_type,
        published=is_public(event),
        visible_from=event.visible_from,
        visible_to=event.visible_to,
        born_from=event.born_from,
        born_to=event.born_to,
        content_digest=incoming.digest.hex(),
        source_record=msgspec.json.encode(event).decode(),
    )


def organiser_id_of(incoming: IncomingEvent, organisers: Mapping[str, UUID]) -> UUID:
    if incoming.keeps_organiser:
        return incoming.keeps_organiser
    organiser = organiser_of(incoming.event)
    assert organiser is not None
    return organisers[organiser.foreign_id]


def is_public(event: Event) -> bool:
    return event.published and event.audience in OPEN_TO


def is_camp(event: Event) -> bool:
    return any(term.id == CAMP for term in event.terms)


def domain_of(event: Event) -> str:
    if event.audience == "childrenOnly":
        return "youth"
    return next((DOMAINS[term.id] for term in event.terms if term.id in DOMAINS), "culture")


def label_of(event: Event, domain: str) -> str:
    return next(iter(labels_of(event, domain)), "")


def labels_of(event: Event, domain: str) -> tuple[str, ...]:
    return tuple(term.label for term in event.terms if term.domain == domain)


def contact_of(event: Event) -> ContactRow:
    contact, booking = event.contact, event.booking_info
    booking_contact = (booking.phone, booking.email, booking.url) if booking else ("", "", "")
    return ContactRow(contact.phones, contact.emails, contact.urls, *booking_contact)
