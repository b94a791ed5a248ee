"""Bookings that end unasked: held until a moment that is past, or of a session that was called off.

Each is let go by an ask of its own, through the turnstile.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from reservations.ask import Ask, Cancel, Closed, Expire
from reservations.house import BookingHouse
from uit.ground.sql import Statements

SQL = Statements("reservations", "expiry")
AT_ONCE = 256


class Due(Struct, frozen=True):
    id: UUID


bookings_to_expire = SQL.many("bookings_to_expire", Due)
bookings_called_off = SQL.many("bookings_called_off", Due)


async def expire_due(house: BookingHouse) -> int:
    """Put an ask in the turnstile for every booking whose time is up; how many let go of their places."""
    async with house.database.reading() as connection:
        due = await bookings_to_expire(connection, house.clock.now(), AT_ONCE)
    return await let_go(house, [Expire(each.id) for each in due])


async def cancel_called_off(house: BookingHouse) -> int:
    """Give back what was booked for sessions that do not take place, whatever the limit for cancelling."""
    async with house.database.reading() as connection:
        due = await bookings_called_off(connection, AT_ONCE)
    return await let_go(house, [Cancel(each.id, in_time=False) for each in due])


async def let_go(house: BookingHouse, asks: Sequence[Ask]) -> int:
    answers = await asyncio.gather(*(house.turnstile.ask(ask) for ask in asks))
    return sum(isinstance(answer, Closed) and bool(answer.changes) for answer in answers)
