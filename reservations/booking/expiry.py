"""Places that were held until a moment that is past are let go, oldest first, by the turnstile."""

from uuid import UUID

from msgspec import Struct

from reservations.booking.answers import Ended
from reservations.booking.commands import Expire
from reservations.booking.services import BookingServices
from uit.database.statements import Statements

SQL = Statements(__name__)
AT_ONCE = 256


class HeldBooking(Struct, frozen=True):
    region_id: int
    id: UUID


bookings_to_expire = SQL.many("bookings_to_expire", HeldBooking)
select_whole = SQL.many("select_whole", HeldBooking)


async def expire_due(services: BookingServices) -> int:
    """Let go of places of up to AT_ONCE bookings; returns in how many bookings tickets lapsed."""
    async with services.database.reading() as connection:
        due = await bookings_to_expire(connection, services.clock.now(), AT_ONCE)
        whole = {
            (each.region_id, each.id) for each in await select_whole(connection, [each.id for each in due])
        }
    commands = [Expire(*key) for each in due if (key := (each.region_id, each.id)) in whole]
    answers = await services.turnstile.answer_each(commands)
    return sum(isinstance(answer, Ended) and bool(answer.tickets) for answer in answers)
