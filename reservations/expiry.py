"""Places that were held until a moment that is past: each is let go by an ask of its own."""

import asyncio
from uuid import UUID

from msgspec import Struct

from reservations.ask import Closed, Expire
from reservations.house import BookingHouse
from uit.ground.sql import Statements

SQL = Statements("reservations", "expiry")
AT_ONCE = 256


class Due(Struct, frozen=True):
    id: UUID


bookings_to_expire = SQL.many("bookings_to_expire", Due)


async def expire_due(house: BookingHouse) -> int:
    """Put an ask in the turnstile for every booking whose time is up; how many let go of their places."""
    async with house.database.reading() as connection:
        due = await bookings_to_expire(connection, house.clock.now(), AT_ONCE)
    answers = await asyncio.gather(*(house.turnstile.ask(Expire(each.id)) for each in due))
    return sum(isinstance(answer, Closed) and bool(answer.changes) for answer in answers)
