"""The region of an event: the one with the municipality of its venue."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from organisers.organiser import address_of, organiser_of
from organisers.uitdatabank.event import SOURCE, Event
from organisers.uitdatabank.host import Venue
from uit.database.foreign_id import read_regions_of
from uit.database.statements import Executor, Statements
from uit.services.municipality import Gazetteer, read_gazetteer

SQL = Statements(__name__)


class Town(Struct, frozen=True):
    refnis: str
    region_id: int


class NotPlaced(Struct, frozen=True):
    """Why an event has no region; `why` continues a sentence that begins with the name of the event."""

    why: str


select_towns = SQL.many("select_towns", Town)


class RegionFinder:
    """All municipalities, and the region that each is in."""

    def __init__(self, gazetteer: Gazetteer, towns: Sequence[Town]) -> None:
        self._gazetteer = gazetteer
        self._regions = {town.refnis: town.region_id for town in towns}

    def refnis_of(self, venue: Venue) -> str | None:
        address = address_of(venue)
        return (
            self._gazetteer.refnis(address.postal_code, address.locality) if address.country == "BE" else None
        )

    def region_of(self, venue: Venue) -> int | NotPlaced:
        address, refnis = address_of(venue), self.refnis_of(venue)
        if refnis is None:
            where = f"{address.postal_code} {address.locality}".strip() or "its address"
            return NotPlaced(f"is not in a known municipality: {where} does not say which")
        return self._regions.get(refnis) or NotPlaced(f"lies in no region of ours ({address.locality})")


async def read_region_finder(tx: Executor) -> RegionFinder:
    return RegionFinder(await read_gazetteer(tx), await select_towns(tx))


async def assign_regions(
    tx: Executor, events: Sequence[Event], region_finder: RegionFinder, chosen: int | None
) -> list[int | NotPlaced]:
    """The region of each event.

    An event stays in the region in which it was first imported, because its bookings are there. A new event
    gets the `chosen` region, else that of its venue. An event without a venue gets that of its organiser.
    """
    known = await read_regions_of(tx, "event", SOURCE, [event.foreign_id for event in events])
    hosts = [organiser.foreign_id for organiser in map(organiser_of, events) if organiser]
    host_regions = await read_regions_of(tx, "organiser", SOURCE, hosts)
    return [
        region_for(event, region_finder, chosen, known.get(event.foreign_id), host_regions)
        for event in events
    ]


def region_for(
    event: Event,
    region_finder: RegionFinder,
    chosen: int | None,
    known: int | None,
    host_regions: Mapping[str, int],
) -> int | NotPlaced:
    if known:
        return known if chosen in (None, known) else NotPlaced("came in before, in another region")
    if chosen:
        return chosen
    if event.venue:
        return region_finder.region_of(event.venue)
    organiser = organiser_of(event)
    region_id = host_regions.get(organiser.foreign_id) if organiser else None
    return region_id or NotPlaced("has no venue, and its organiser is in no region yet")
