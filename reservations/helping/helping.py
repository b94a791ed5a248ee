"""Who helps whom, as both see it: somebody's helpers and what they did, and the people that one helps."""

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.acting import HelpedMember, stored_as
from reservations.booking.tickets import Outing, read_outings
from reservations.cursor import Cursor
from uit.database.statements import Executor, Statements
from uit.identity.person.representation import Representation

SQL = Statements(__name__)
MOST_SHOWN: Final = 50


class Helper(Representation, frozen=True):
    """A representation as the person sees it: with the name of who acts for them."""

    name: str


class Deed(Struct, frozen=True):
    """A booking that another made for somebody."""

    booking_id: UUID
    made_at: datetime
    made_by: str
    activity: str


read_helpers = SQL.many("read_helpers", Helper)
read_deeds = SQL.many("read_deeds", Deed)
bookings_made_for = SQL.many("bookings_made_for", Cursor)
bookings_coming = SQL.many("bookings_coming", Cursor)


async def outings_made_for(
    tx: Executor, region_id: int, person_id: UUID, membership_id: UUID
) -> list[Outing]:
    """What somebody booked for a member, the latest date first."""
    found = await bookings_made_for(tx, region_id, membership_id, stored_as(person_id), MOST_SHOWN)
    return (await read_outings(tx, region_id, [each.id for each in found]))[::-1]


async def outings_of_helped(
    tx: Executor, region_id: int, helped: HelpedMember, now: datetime
) -> list[Outing]:
    """Where a member goes that one may see, soonest first; never what another booked for them."""
    if not helped.powers.outings:
        return []
    found = await bookings_coming(tx, region_id, helped.membership_id, now, MOST_SHOWN)
    return await read_outings(tx, region_id, [each.id for each in found])
