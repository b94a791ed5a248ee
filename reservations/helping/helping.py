"""Who helps whom, as both see it: somebody's helpers and what they did, and the people that one helps."""

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.acting import HelpedMember, stored_as
from reservations.booking.tickets import Outing, outings_seen
from reservations.booking.viewer import Viewer
from reservations.cursor import Cursor
from uit.database.statements import Executor, Statements
from uit.identity.person.powers import Powers
from uit.identity.person.representation import Representation

SQL = Statements(__name__)
MOST_SHOWN: Final = 50


class Helper(Representation, frozen=True):
    """A representation as the person sees it: with the name of who acts for them.

    `is_protected`: a counter does not show the name on the page of somebody else.
    """

    name: str
    is_protected: bool


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
    viewer = Viewer(person_id, None, (membership_id,))
    return (await outings_seen(tx, region_id, [each.id for each in found], viewer))[::-1]


class SeenOuting(Struct, frozen=True):
    """An outing of a member whom one helps: all of it, or what it cost of their credit and no more."""

    outing: Outing | None
    credit_cents: int


async def outings_of_helped(
    tx: Executor, region_id: int, helped: HelpedMember, now: datetime
) -> list[SeenOuting]:
    """Where a member goes, as far as one may see, soonest first; never what another booked for them."""
    if not helped.powers.amounts:
        return []
    found = await bookings_coming(tx, region_id, helped.membership_id, now, MOST_SHOWN)
    themselves = Viewer(helped.person_id, helped.membership_id)
    outings = await outings_seen(tx, region_id, [each.id for each in found], themselves)
    seen = [SeenOuting(each if sees(helped.powers, each) else None, each.credit_cents) for each in outings]
    return [each for each in seen if each.outing or each.credit_cents]


def sees(powers: Powers, outing: Outing) -> bool:
    return powers.discreet if outing.is_discreet else powers.outings
