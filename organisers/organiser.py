"""Organisers and venues as other systems know them, and the rows that they became."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from organisers.uitdatabank.event import SOURCE, Address, Contact, Event, Organiser, Venue
from organisers.uitdatabank.field import say
from uit.core.ids import Ids
from uit.database.directory import list_in_directory
from uit.database.foreign_id import read_owners, write_foreign_ids
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
upsert_organisers = SQL.command("upsert_organisers")
upsert_venues = SQL.command("upsert_venues")

NOWHERE = Address("", "", "", "")


@dataclass(frozen=True)
class Arrival:
    """Where and when things come in: the region, who gives ids, and the moment."""

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


def organiser_of(event: Event) -> Organiser | None:
    """Who organises it: the venue when the record names nobody; None when there is no venue either."""
    if event.organiser or not event.venue:
        return event.organiser
    return Organiser(event.venue.foreign_id, event.venue.name, Contact())


def address_of(venue: Venue) -> Address:
    """In Dutch where there is a Dutch one."""
    return venue.address.get("nl") or next(iter(venue.address.values()), NOWHERE)


async def take_in_organisers(
    tx: Executor, arrival: Arrival, organisers: Mapping[str, Organiser]
) -> dict[str, UUID]:
    """Add or update organisers, by foreign id; returns their ids. What the source leaves out stays."""
    owners = await known_or_new(tx, arrival, "organiser", organisers)
    rows = [as_organiser_row(owners[foreign_id], each) for foreign_id, each in organisers.items()]
    await upsert_organisers(tx, arrival.region_id, msgspec.json.encode(rows).decode(), arrival.now)
    await write_foreign_ids(tx, arrival.region_id, "organiser", SOURCE, owners)
    await list_in_directory(tx, "organiser", arrival.region_id, dict.fromkeys(owners.values()))
    return owners


async def take_in_venues(
    tx: Executor, arrival: Arrival, venues: Mapping[str, Venue], towns: Mapping[str, str | None]
) -> dict[str, UUID]:
    """Add or update venues, by foreign id; returns their ids. `towns` has the REFNIS codes, where known."""
    owners = await known_or_new(tx, arrival, "venue", venues)
    rows = [as_venue_row(owners[key], each, towns.get(key)) for key, each in venues.items()]
    await upsert_venues(tx, arrival.region_id, msgspec.json.encode(rows).decode())
    await write_foreign_ids(tx, arrival.region_id, "venue", SOURCE, owners)
    return owners


async def known_or_new(
    tx: Executor, arrival: Arrival, kind: str, found: Mapping[str, object]
) -> dict[str, UUID]:
    """The id that each foreign id has here, or gets now."""
    known = await read_owners(tx, arrival.region_id, kind, SOURCE, found)
    return {foreign_id: known.get(foreign_id) or arrival.ids.new() for foreign_id in found}


def as_organiser_row(organiser_id: UUID, organiser: Organiser) -> OrganiserRow:
    contact = organiser.contact
    return OrganiserRow(
        organiser_id,
        say(organiser.name),
        next(iter(contact.emails), None),
        next(iter(contact.phones), None),
        next(iter(contact.urls), None),
    )


def as_venue_row(venue_id: UUID, venue: Venue, refnis: str | None) -> VenueRow:
    address = address_of(venue)
    return VenueRow(
        venue_id,
        say(venue.name),
        address.street,
        address.postal_code,
        address.locality,
        refnis,
        venue.latitude,
        venue.longitude,
    )
