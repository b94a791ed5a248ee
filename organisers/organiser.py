"""Organisers and venues from other systems, and their rows in this database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from organisers.uitdatabank.event import SOURCE, Event
from organisers.uitdatabank.field import in_language
from organisers.uitdatabank.host import Address, Contact, Organiser, Venue
from uit.core.ids import Ids
from uit.database.directory import list_in_directory
from uit.database.foreign_id import read_owners, write_foreign_ids
from uit.database.statements import Executor, Statements, as_json
from uit.services.audit import Author

SQL = Statements(__name__)
upsert_organisers = SQL.command("upsert_organisers")
upsert_venues = SQL.command("upsert_venues")
write_enterprise_number = SQL.value("write_enterprise_number", UUID)
"""Its id; None where another number is known of it."""

find_organiser = SQL.value("find_organiser", int)
"""The region of an organiser by its id; None where nobody knows it."""

EMPTY_ADDRESS = Address("", "", "", "")


@dataclass(frozen=True)
class ImportContext:
    """The region and the time of an import, and the source of new ids."""

    region_id: int
    ids: Ids
    now: datetime


class OrganiserRow(Struct, frozen=True):
    id: UUID
    name: str
    email: str | None
    phone: str | None
    url: str | None


class VenueRow(Struct, frozen=True):
    id: UUID
    name: str
    street: str
    postal_code: str
    locality: str
    refnis: str | None
    latitude: float | None
    longitude: float | None


class NewOrganiser(Struct, frozen=True):
    """An organiser to add by hand; `enterprise_number` has ten digits that were checked."""

    name: str
    enterprise_number: str | None = None
    email: str | None = None


class OrganiserLine(Struct, frozen=True):
    """An organiser as a list shows it."""

    id: UUID
    name: str
    enterprise_number: str | None
    email: str | None


lock_region = SQL.command("lock_region")
read_lines = SQL.many("read_lines", OrganiserLine)
read_same_name = SQL.maybe("read_same_name", OrganiserLine)
insert_organiser = SQL.command("insert_organiser")


async def add_organiser(
    tx: Executor, author: Author, organiser_id: UUID, wanted: NewOrganiser
) -> OrganiserLine:
    """Add an organiser to the region of the author; the one that has its name already, with another id."""
    await lock_region(tx, author.region_id)
    known = await read_same_name(tx, author.region_id, wanted.name)
    if known:
        return known
    made = OrganiserLine(organiser_id, wanted.name, wanted.enterprise_number, wanted.email)
    await insert_organiser(
        tx, author.region_id, made.id, made.name, made.enterprise_number, made.email, author.now
    )
    await list_in_directory(tx, "organiser", author.region_id, {made.id: None})
    await author.note(tx, "organiser.add", "organiser", made.id)
    return made


def organiser_of(event: Event) -> Organiser | None:
    """The organiser of an event: its venue when the record names no organiser; None without both."""
    if event.organiser or not event.venue:
        return event.organiser
    return Organiser(event.venue.foreign_id, event.venue.name, Contact())


def address_of(venue: Venue) -> Address:
    """The Dutch address of a venue, else the first one."""
    return venue.address.get("nl") or next(iter(venue.address.values()), EMPTY_ADDRESS)


async def write_organisers(
    tx: Executor, context: ImportContext, organisers: Mapping[str, Organiser]
) -> dict[str, UUID]:
    """Add or update organisers, by foreign id; returns their ids. Fields without a value keep the old one."""
    owners = await known_or_new(tx, context, "organiser", organisers)
    rows = [as_organiser_row(owners[foreign_id], each) for foreign_id, each in organisers.items()]
    await upsert_organisers(tx, context.region_id, as_json(rows), context.now)
    await write_foreign_ids(tx, context.region_id, "organiser", SOURCE, owners)
    await list_in_directory(tx, "organiser", context.region_id, dict.fromkeys(owners.values()))
    return owners


async def write_venues(
    tx: Executor, context: ImportContext, venues: Mapping[str, Venue], towns: Mapping[str, str | None]
) -> dict[str, UUID]:
    """Add or update venues, by foreign id; returns their ids. `towns` has the REFNIS codes, where known."""
    owners = await known_or_new(tx, context, "venue", venues)
    rows = [as_venue_row(owners[key], each, towns.get(key)) for key, each in venues.items()]
    await upsert_venues(tx, context.region_id, as_json(rows))
    await write_foreign_ids(tx, context.region_id, "venue", SOURCE, owners)
    return owners


async def known_or_new(
    tx: Executor, context: ImportContext, kind: str, found: Mapping[str, object]
) -> dict[str, UUID]:
    """The id of each foreign id: the stored one, or a new one."""
    known = await read_owners(tx, context.region_id, kind, SOURCE, found)
    return {foreign_id: known.get(foreign_id) or context.ids.new() for foreign_id in found}


def as_organiser_row(organiser_id: UUID, organiser: Organiser) -> OrganiserRow:
    contact = organiser.contact
    return OrganiserRow(
        organiser_id,
        in_language(organiser.name),
        next(iter(contact.emails), None),
        next(iter(contact.phones), None),
        next(iter(contact.urls), None),
    )


def as_venue_row(venue_id: UUID, venue: Venue, refnis: str | None) -> VenueRow:
    address = address_of(venue)
    return VenueRow(
        venue_id,
        in_language(venue.name),
        address.street,
        address.postal_code,
        address.locality,
        refnis,
        venue.latitude,
        venue.longitude,
    )
