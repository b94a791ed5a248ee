"""What a client is told of an offer to somebody whose pass it was shown: counted and noted, as a quote is."""

from datetime import datetime
from typing import Final
from uuid import uuid5

from reservations.booking.services import BookingServices
from reservations.waiting.offered import Offered, read_offered
from reservations.waiting.place import PlaceInLine, read_names
from uit.core.clock import day_in_flanders
from uit.core.errors import TooOften
from uit.database.statements import Executor
from uit.identity.visitor import Client
from uit.services.limit import Limit
from uit.services.look import Look, write_looks

OFFERS: Final = Limit("offers of place in line", 60, 3600)
"""An offer says what credit pays of it, so that many looks at one would follow a balance."""


async def offer_to_client(
    services: BookingServices, client: Client, place: PlaceInLine
) -> Offered | TooOften | None:
    """The offer as it stands now, with what credit pays of it; None when there is none to answer."""
    if place.state != "offered":
        return None
    if too_often := await services.limiter.count(OFFERS, str(place.id)):
        return too_often
    now = services.clock.now()
    async with services.database.transaction() as tx:
        if place.holder_ids:
            await note_look(tx, client, place, now)
        return await read_offered(tx, client.region_id, place, now)


async def note_look(tx: Executor, client: Client, place: PlaceInLine, now: datetime) -> None:
    """Once a day for each, also where a quote was asked."""
    day, names = day_in_flanders(now), await read_names(tx, client.region_id, place.holder_ids)
    people = sorted({each.person_id for each in names})
    looks = [
        Look(uuid5(each, f"{client.client_id} {day}"), each, now, "client", client.client_id, "price")
        for each in people
    ]
    await write_looks(tx, client.region_id, looks)
