"""Bookings that end unasked: held until a moment that is past, or of a session that was called off.

Each is let go by an ask of its own, through the turnstile.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from reservations.booking.commands import Cancel, Closed, Command, Expire
from reservations.booking.services import BookingServices
from uit.database.statements import Statements

SQL = Statements(__name__)
AT_ONCE = 256


class Due(Struct, frozen=True):
    id: UUID


bookings_to_expire = SQL.many("bookings_to_expire", Due)
bookings_called_off = SQL.many("bookings_called_off", Due)


async def expire_due(services: BookingServices) -> int:
    """Put a command in the turnstile for every booking whose time is up; how many let go of their places."""
    async with services.database.reading() as connection:
        due = await bookings_to_expire(connection, services.clock.now(), AT_ONCE)
    return await let_go(services, [Expire(each.id) for each in due])


async def cancel_called_off(services: BookingServices) -> int:
    """Give back what was booked for sessions that do not take place, whatever the limit for cancelling."""
    async with services.database.reading() as connection:
        due = await bookings_called_off(connection, AT_ONCE)
    return await let_go(services, [Cancel(each.id, in_time=False) for each in due])


async def let_go(services: BookingServices, commands: Sequence[Command]) -> int:
    answers = await asyncio.gather(*(services.turnstile.answer(command) for command in commands))
    return sum(isinstance(answer, Closed) and bool(answer.changes) for answer in answers)
