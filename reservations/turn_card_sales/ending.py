"""Who has a card of turns is told once, a month before it ends, what is left of it."""

from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.notifications import CARD_ENDS
from reservations.booking.rows import OutboxRow
from reservations.booking.services import BookingServices
from uit.database.outbox import write_outbox
from uit.database.statements import Statements, as_json

SQL = Statements(__name__)
MOST_AT_ONCE: Final = 100


class EndingCards(Struct, frozen=True):
    """The cards that a booking has of one date."""

    booking_id: UUID
    session_id: UUID


find_ending = SQL.many("find_ending", EndingCards)
write_notice = SQL.command("write_notice")


async def tell_of_ending_cards(services: BookingServices) -> int:
    """Tell of cards that end soon with turns left, MOST_AT_ONCE in a region; returns how many."""
    now, count = services.clock.now(), 0
    for region in await services.regions.every():
        async with services.database.reading() as connection:
            found = await find_ending(connection, region.id, now, MOST_AT_ONCE)
        for each in found:
            async with services.database.transaction() as tx:
                if await write_notice(tx, region.id, each.booking_id, each.session_id, now):
                    row = OutboxRow(CARD_ENDS, each.booking_id, {"session_id": each.session_id})
                    await write_outbox(tx, region.id, as_json([row]), now)
        count += len(found)
    return count
