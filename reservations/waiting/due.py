"""Lines that are gone through by themselves: for what came free outside the turnstile, and what is over."""

from uuid import UUID

from msgspec import Struct

from reservations.booking.answers import ServedWaitingList
from reservations.booking.commands import ServeWaitingList
from reservations.booking.services import BookingServices
from uit.database.statements import Statements

SQL = Statements(__name__)
AT_ONCE = 100


class WaitedIn(Struct, frozen=True):
    region_id: int


class DueLine(Struct, frozen=True):
    event_id: UUID


find_regions = SQL.many("find_regions", WaitedIn)
find_due_lines = SQL.many("find_due_lines", DueLine)


async def serve_due_lines(services: BookingServices, region_id: int | None = None) -> int:
    """Go through lines of which somebody could have a date, have an offer that ended unseen, or are over.

    With a region those of it alone, as after an act at a desk by which places came free.
    """
    commands: list[ServeWaitingList] = []
    async with services.database.reading() as connection:
        regions = [WaitedIn(region_id)] if region_id else await find_regions(connection)
        for each in regions:
            due = await find_due_lines(connection, each.region_id, services.clock.now(), AT_ONCE)
            commands += [ServeWaitingList(each.region_id, line.event_id) for line in due]
    answers = await services.turnstile.answer_each(commands)
    return sum(isinstance(each, ServedWaitingList) for each in answers)
