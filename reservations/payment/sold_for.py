"""What an agent owes for what it sold in its own name for others: reckoned with after money moved."""

from typing import Final

from msgspec import Struct

from reservations.booking.services import BookingServices
from uit.database.statements import Statements

SQL = Statements(__name__)
AT_ONCE: Final = 200


class DueRegion(Struct, frozen=True):
    region_id: int


regions_due = SQL.many("regions_due", DueRegion)
book_payments = SQL.value("book_payments", int)


async def book_sold_for(services: BookingServices) -> int:
    """Bring what is owed of up to AT_ONCE payments of each region to what it should be; returns of how many.

    A payment of which nothing moved since changes nothing.
    """
    async with services.database.reading() as connection:
        regions = await regions_due(connection)
    booked = 0
    for each in regions:
        async with services.database.transaction() as tx:
            booked += await book_payments(tx, each.region_id, AT_ONCE, services.clock.now())
    return booked
