"""In which region an event belongs: the one whose municipalities include the venue's."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from organisers.organiser import address_of, organiser_of
from organisers.uitdatabank.event import SOURCE, Event, Venue
from uit.database.foreign_id import read_regions_of
from uit.database.statements import Executor, Statements
from uit.services.municipality import Gazetteer, read_gazetteer

SQL = Statements(__name__)


class Town(Struct, frozen=True):
    refnis: str
    region_id: int


class Elsewhere(Struct, frozen=True):
    """Why an event is none of ours; `why` goes on after its name: "lies in no region of ours"."""

    why: str


select_towns = SQL.many("select_towns", Town)


class Atlas:
    """All municipalities, and the region that each is in."""

    def __init__(self, gazetteer: Gazetteer, towns: Sequence[Town]) -> None:
        self._gazetteer = gazetteer
        self._regions = {town.refnis: town.region_id for town in towns}

    def refnis_of(self, venue: Venue) -> str | None:
        address = address_of(venue)
        return (
            self._gazetteer.refnis(address.postal_code, address.locality) if address.country == "BE" else None
        )

    def region_of(self, venue: Venue) -> int | Elsewhere:
        address, refnis = address_of(venue), self.refnis_of(venue)
        if refnis is None:
            where = f"{address.postal_code} {address.locality}".strip() or "its address"
            return Elsewhere(f"is not in a known municipality: {where} does not say which")
        return self._regions.get(refnis) or Elsewhere(f"lies in no region of ours ({address.locality})")


async def read_atlas(tx: Executor) -> Atlas:
    return Atlas(await read_gazetteer(tx), await select_towns(tx))


async def place_events(
    tx: Executor, events: Sequence[Event], atlas: Atlas, chosen: int | None
) -> list[int | Elsewhere]:
    """The region of each event.

    An event stays in the region where it first came in: its bookings are there. A new one goes to the
    `chosen` region, or else to its venue's. What is only online goes to its organiser's, once that has one.
    """
    known = await read_regions_of(tx, "event", SOURCE, [event.foreign_id for event in events])
    hosts = [organiser.foreign_id for organiser in map(organiser_of, events) if organiser]
    host_regions = await read_regions_of(tx, "organiser", SOURCE, hosts)
    return [place(event, atlas, chosen, known.get(event.foreign_id), host_regions) for event in events]


def place(
    event: Event, atlas: Atlas, chosen: int | None, known: int | None, host_regions: Mapping[str, int]
) -> int | Elsewhere:
    if known:
        return known if chosen in (None, known) else Elsewhere("came in before, in another region")
    if chosen:
        return chosen
    if event.venue:
        return atlas.region_of(event.venue)
    organiser = organiser_of(event)
    region_id = host_regions.get(organiser.foreign_id) if organiser else None
    return region_id or Elsewhere("is only online, and its organiser is in no region yet")
