"""Lines that are gone through by themselves: for what came free outside the turnstile, and what is over."""

from uuid import UUID

from msgspec import Struct

from reservations.booking.answers import ServedWaitingList
from reservations.booking.commands import ServeWaitingList
from reservations.booking.services import BookingServices
from uit.database.statements import Statements

SQL = Statements(__name__)
AT_ONCE = 100


class DueLine(Struct, frozen=True):
    region_id: int
    event_id: UUID


find_due_lines = SQL.many("find_due_lines", DueLine)


async def serve_due_lines(services: BookingServices, region_id: int | None = None) -> int:
    """Go through lines that have room again, have an offer that ended unseen, or are over.

    With a region those of it alone, as after an act at a desk by which places came free.
    """
    async with services.database.reading() as connection:
        due = await find_due_lines(connection, services.clock.now(), AT_ONCE, region_id)
    commands = [ServeWaitingList(each.region_id, each.event_id) for each in due]
    answers = await services.turnstile.answer_each(commands)
    return sum(isinstance(each, ServedWaitingList) for each in answers)
