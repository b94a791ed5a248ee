"""What who shows a pass still goes to at the organiser of a till."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from reservations.booking.tickets import Outing, coming_outings
from reservations.booking.viewer import Viewer
from reservations.box_office.with_pass.shown import ShownPass
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class SoldWhole(Struct, frozen=True):
    """A booking that one organiser sold all of."""

    id: UUID


sold_whole = SQL.many("sold_whole", SoldWhole)


async def bookings_here(tx: Executor, shown: ShownPass, now: datetime) -> list[Outing]:
    """Their coming dates, of bookings that are all of this organiser."""
    viewer = Viewer(shown.person_id, shown.member.id)
    coming = await coming_outings(tx, shown.till.region_id, viewer, now)
    ids = [each.booking_id for each in coming]
    theirs = {each.id for each in await sold_whole(tx, shown.till.region_id, ids, shown.till.organiser_id)}
    return [each for each in coming if each.booking_id in theirs]
