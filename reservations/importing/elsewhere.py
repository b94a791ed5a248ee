"""Which imported events are somewhere else than before: who booked them is told, as when a desk moves one."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from organisers.organiser import ImportContext
from reservations.sessions.changing import relocate
from uit.database.statements import Executor, Statements
from uit.services.audit import Author

SQL = Statements(__name__)


class EventPlace(Struct, frozen=True):
    """Where an event is: there, online or both, in which place, and what people read of that."""

    id: UUID
    attendance: str
    venue_id: UUID | None
    address: str

    def is_same(self, other: "EventPlace") -> bool:
        """Whether one goes to the same place.

        A source may have one place twice, and drop one of the two; and a word in the address of a place is
        corrected without anybody having to go elsewhere.
        """
        same_venue = self.venue_id == other.venue_id or self.address == other.address
        return same_venue and self.attendance == other.attendance


read_places = SQL.many("read_places", EventPlace)

Places = Mapping[UUID, EventPlace]


async def places_of(tx: Executor, region_id: int, event_ids: Sequence[UUID]) -> Places:
    """Where these events are, of those that there are."""
    return {each.id: each for each in await read_places(tx, region_id, event_ids)}


async def tell_who_booked(tx: Executor, context: ImportContext, before: Places) -> int:
    """Tell who booked what is somewhere else by now than `before`; for how many dates.

    It comes after the dates got their times: one that moves as well is told once, with its time and place.
    """
    now = await places_of(tx, context.region_id, list(before))
    elsewhere = [each.id for each in before.values() if not each.is_same(now[each.id])]
    author = Author(context.region_id, "system", "import", context.now, context.ids)
    return await relocate(tx, author, elsewhere) if elsewhere else 0
