"""What must hold of every booking, whatever happened: counted places, whole bookings, paid lines."""

from uuid import UUID

from msgspec import Struct

from credits.check import MOST, allow_long_reading
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class Miscounted(Struct, frozen=True):
    region_id: int
    id: UUID
    taken: int
    live: int

    def __str__(self) -> str:
        return (
            f"Pool {self.id} of region {self.region_id} counts {self.taken} and has {self.live} live tickets."
        )


class Torn(Struct, frozen=True):
    region_id: int
    id: UUID

    def __str__(self) -> str:
        return f"Booking {self.id} of region {self.region_id} is not whole."


class Unpaid(Struct, frozen=True):
    region_id: int
    id: UUID

    def __str__(self) -> str:
        return f"Booking {self.id} of region {self.region_id} has a line whose credit is not accounted for."


class UnexplainedMoney(Struct, frozen=True):
    region_id: int
    id: UUID

    def __str__(self) -> str:
        return f"Booking {self.id} of region {self.region_id} has a line whose money is not accounted for."


class UnpaidSeat(Struct, frozen=True):
    region_id: int
    id: UUID

    def __str__(self) -> str:
        return f"Booking {self.id} of region {self.region_id} has a place that costs money, and nobody paid."


class LostHold(Struct, frozen=True):
    region_id: int
    id: UUID

    def __str__(self) -> str:
        return f"Hold {self.id} of region {self.region_id} is open, and nothing will ever resolve it."


class LeftTicket(Struct, frozen=True):
    region_id: int
    id: UUID

    def __str__(self) -> str:
        return f"Booking {self.id} of region {self.region_id} has a live ticket for a date that is over."


class SharedSeat(Struct, frozen=True):
    region_id: int
    id: UUID
    seat: str

    def __str__(self) -> str:
        return f"Session {self.id} of region {self.region_id} has seat {self.seat} on two live tickets."


class MiscountedSeats(Struct, frozen=True):
    region_id: int
    id: UUID

    def __str__(self) -> str:
        return f"Booking {self.id} of region {self.region_id} has a ticket with other seats than people."


class MiscountedRoom(Struct, frozen=True):
    region_id: int
    id: UUID
    held: int
    places: int

    def __str__(self) -> str:
        return (
            f"Pool {self.id} of region {self.region_id} holds back {self.held} places, and {self.places} are "
            "set apart in it."
        )


miscounted_pools = SQL.many("miscounted_pools", Miscounted)
miscounted_rooms = SQL.many("miscounted_rooms", MiscountedRoom)
torn_bookings = SQL.many("torn_bookings", Torn)
unpaid_lines = SQL.many("unpaid_lines", Unpaid)
money_unexplained = SQL.many("money_unexplained", UnexplainedMoney)
seats_nobody_paid = SQL.many("seats_nobody_paid", UnpaidSeat)
lost_holds = SQL.many("lost_holds", LostHold)
left_tickets = SQL.many("left_tickets", LeftTicket)
shared_seats = SQL.many("shared_seats", SharedSeat)
miscounted_seats = SQL.many("miscounted_seats", MiscountedSeats)


Fault = (
    Miscounted
    | MiscountedRoom
    | Torn
    | Unpaid
    | UnexplainedMoney
    | UnpaidSeat
    | LostHold
    | LeftTicket
    | SharedSeat
    | MiscountedSeats
)


async def check_bookings(connection: Executor) -> list[str]:
    """A sentence for everything that does not hold; an empty list is what should come."""
    return [str(fault) for fault in await find_faults(connection)]


async def find_faults(connection: Executor, most: int | None = MOST) -> list[Fault]:
    """What does not hold, with the region where it does not; of each kind at most so many, None for all.

    `connection` must not be in a transaction.
    """
    checks = (
        miscounted_pools,
        miscounted_rooms,
        torn_bookings,
        unpaid_lines,
        money_unexplained,
        seats_nobody_paid,
        lost_holds,
        left_tickets,
        shared_seats,
        miscounted_seats,
    )
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        await allow_long_reading(connection)
        return [fault for check in checks for fault in await check(connection, most)]
