"""Places that were held until a moment that is past are let go, oldest first, by the turnstile."""

from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct

from reservations.booking.answers import Ended
from reservations.booking.commands import Expire
from reservations.booking.services import BookingServices
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
AT_ONCE = 256


class HeldBooking(Struct, frozen=True):
    region_id: int
    id: UUID
    held_until: datetime


class BookingKey(Struct, frozen=True):
    region_id: int
    key: UUID


NO_BOOKING = HeldBooking(0, UUID(int=0), datetime(2000, 1, 1, tzinfo=UTC))
"""Comes before every booking."""

bookings_to_expire = SQL.many("bookings_to_expire", HeldBooking)
select_whole = SQL.many("select_whole", BookingKey)


async def expire_due(services: BookingServices) -> int:
    """Let go of places of up to AT_ONCE bookings; returns in how many bookings tickets lapsed."""
    async with services.database.reading() as connection:
        commands = await read_due(connection, services.clock.now())
    answers = await services.turnstile.answer_each(commands)
    return sum(isinstance(answer, Ended) and bool(answer.tickets) for answer in answers)


async def read_due(connection: Executor, now: datetime) -> list[Expire]:
    """What to let go of first. However many torn bookings stand before it, they hold up nothing."""
    last, commands = NO_BOOKING, list[Expire]()
    while not commands and (
        due := await bookings_to_expire(connection, now, AT_ONCE, last.held_until, last.id)
    ):
        last = due[-1]
        whole = await select_whole(connection, [each.id for each in due])
        places = {(each.region_id, each.key) for each in whole}
        commands = [Expire(*key) for each in due if (key := (each.region_id, each.id)) in places]
    return commands
